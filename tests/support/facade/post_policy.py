"""POST policies: what an upload by form must be like.

After AWS's specification ("Creating a POST Policy" and "POST Object" of the S3 API).
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.support.facade.calls import Call
from tests.support.facade.errors import AwsError
from tests.support.facade.forms import UploadForm
from tests.support.facade.sigv4 import ALGORITHM, Scope, Verifier

_NEED_NO_CONDITION = frozenset({"x-amz-signature", "policy", "file"})
_SIZE = "content-length-range"


@dataclass(frozen=True)
class Condition:
    """That a field equals, or starts with, a value."""

    operator: str
    field: str
    value: str

    def holds(self, fields: Mapping[str, str]) -> bool:
        given = fields.get(self.field)
        if given is None:
            return False
        return given == self.value if self.operator == "eq" else given.startswith(self.value)

    def __str__(self) -> str:
        return json.dumps([self.operator, f"${self.field}", self.value])


def verify_form(call: Call, form: UploadForm, verifier: Verifier) -> None:
    """Raises AwsError where signature, time, a field or the file's size are not as they must."""
    fields = form.fields
    for name in ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"):
        if name not in fields:
            raise AwsError(403, "AccessDenied", f"Bucket POST must contain a field named '{name}'.")
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise AwsError(400, "InvalidArgument", f"Only {ALGORITHM} is supported.")
    scope = Scope.parse(fields["x-amz-credential"])
    signature = fields["x-amz-signature"]
    verifier.signature(call, fields["policy"], scope, fields["x-amz-date"], signature)
    policy = _decoded(fields["policy"])
    if verifier.now() >= datetime.fromisoformat(policy["expiration"]):
        raise _denied("Policy expired.")
    sizes = [rule for rule in policy["conditions"] if isinstance(rule, list) and rule[0] == _SIZE]
    conditions = list(_conditions(policy["conditions"]))
    for condition in conditions:
        if not condition.holds({**fields, "bucket": call.place.bucket}):
            raise _denied(f"Policy Condition failed: {condition}")
    covered = {condition.field for condition in conditions} | _NEED_NO_CONDITION
    extra = [name for name in fields if name not in covered and not name.startswith("x-ignore-")]
    if extra:
        raise _denied(f"Extra input fields: {', '.join(extra)}")
    for _, least, most in sizes:
        _check_size(len(form.file), int(least), int(most))


def _decoded(policy: str) -> Any:
    try:
        document = json.loads(base64.b64decode(policy, validate=True))
        datetime.fromisoformat(document["expiration"])
        iter(document["conditions"])
    except (binascii.Error, ValueError, KeyError, TypeError) as error:
        message = f"Invalid Policy: {error}"
        raise AwsError(400, "InvalidPolicyDocument", message) from error
    return document


def _conditions(rules: list[Any]) -> Iterator[Condition]:
    """All but those about the size, which is no field's."""
    for rule in rules:
        match rule:
            case dict():
                for field, value in rule.items():
                    yield Condition("eq", field.lower(), str(value))
            case ["eq" | "starts-with" as operator, str(field), value]:
                yield Condition(operator, field.removeprefix("$").lower(), str(value))
            case ["content-length-range", _, _]:
                continue
            case _:
                message = f"Invalid Policy: Invalid condition: {json.dumps(rule)}"
                raise AwsError(400, "InvalidPolicyDocument", message)


def _check_size(size: int, least: int, most: int) -> None:
    if size > most:
        message = "Your proposed upload exceeds the maximum allowed size"
        raise AwsError(400, "EntityTooLarge", message, {"MaxSizeAllowed": str(most)})
    if size < least:
        message = "Your proposed upload is smaller than the minimum allowed size"
        raise AwsError(400, "EntityTooSmall", message, {"MinSizeAllowed": str(least)})


def _denied(reason: str) -> AwsError:
    return AwsError(403, "AccessDenied", f"Invalid according to Policy: {reason}")
