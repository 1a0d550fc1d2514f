"""Signature Version 4: keys, scopes, and the verification of signed headers and addresses.

After AWS's specification ("Authenticating Requests: AWS Signature Version 4" of the S3 API).
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from tests.support.facade.calls import S3, Call
from tests.support.facade.canonical import string_to_sign
from tests.support.facade.errors import AwsError

Credentials = Callable[[], Mapping[str, str]]
"""Gives secrets by access key; asked anew each time, since a stack may make them late."""

Clock = Callable[[], datetime]

ALGORITHM = "AWS4-HMAC-SHA256"
_SKEW = timedelta(minutes=15)
_LONGEST = timedelta(days=7)
_UNSIGNED = "UNSIGNED-PAYLOAD"
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Credential=(?P<scope>[^,]+), ?SignedHeaders=(?P<headers>[^,]+), ?"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Scope:
    """A credential: whose key it is, and for which day, region and service it signs."""

    access_key: str
    day: str
    region: str
    service: str

    @classmethod
    def parse(cls, credential: str) -> Self:
        """Raises AwsError for what is no credential of Signature Version 4."""
        match credential.split("/"):
            case [key, day, region, service, "aws4_request"]:
                return cls(key, day, region, service)
        raise AwsError(400, "AuthorizationHeaderMalformed", f"no credential: {credential}")

    def __str__(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/aws4_request"


def sign(text: str, secret: str, scope: Scope) -> str:
    """The signature of a string, in hexadecimal digits."""
    key = f"AWS4{secret}".encode()
    for step in str(scope).split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


class Verifier:
    """Says no, by an AwsError, to what is not signed as AWS demands."""

    def __init__(self, credentials: Credentials, region: str, clock: Clock) -> None:
        self._credentials = credentials
        self._region = region
        self._clock = clock

    def headers(self, call: Call) -> None:
        """A call whose Authorization header carries the signature."""
        found = _AUTHORIZATION.fullmatch(call.headers.get("Authorization", ""))
        moment = call.headers.get("X-Amz-Date")
        if found is None or moment is None:
            raise AwsError(400, "AuthorizationHeaderMalformed", "The header is malformed.")
        scope = Scope.parse(found["scope"])
        if abs(self.now() - _moment(moment)) > _SKEW:
            raise _skewed(call)
        signed = found["headers"].split(";")
        _require_signed(call, signed)
        text = string_to_sign(call, signed, _payload(call), moment, str(scope))
        self.signature(call, text, scope, moment, found["signature"])

    def address(self, call: Call) -> None:
        """A presigned URL: the signature, and all it needs, are in the query."""
        given = call.parameters
        try:
            moment, signature = given["X-Amz-Date"], given["X-Amz-Signature"]
            lasts = timedelta(seconds=int(given["X-Amz-Expires"]))
            signed = given["X-Amz-SignedHeaders"].split(";")
            scope = Scope.parse(given["X-Amz-Credential"])
        except (KeyError, ValueError) as error:
            raise _bad_query(f"Query-string authentication lacks {error}.") from error
        if given.get("X-Amz-Algorithm") != ALGORITHM or not timedelta(0) <= lasts <= _LONGEST:
            raise _bad_query("X-Amz-Expires must be less than a week (in seconds).")
        if self.now() > _moment(moment) + lasts:
            raise AwsError(403, "AccessDenied", "Request has expired")
        if self.now() < _moment(moment) - _SKEW:
            raise AwsError(403, "AccessDenied", "Request is not valid yet")
        _require_signed(call, signed)
        text = string_to_sign(call, signed, _UNSIGNED, moment, str(scope))
        self.signature(call, text, scope, moment, signature)

    def signature(self, call: Call, text: str, scope: Scope, moment: str, given: str) -> None:
        """The ``given`` signature is that of the ``text``, made for this service and day."""
        if (scope.region, scope.service) != (self._region, call.service):
            message = f"the region and service are wrong; expecting '{self._region}'"
            raise AwsError(400, "AuthorizationHeaderMalformed", message)
        secret = self._credentials().get(scope.access_key)
        if secret is None:
            raise _unknown_key(call)
        right = sign(text, secret, scope)
        if scope.day != moment[:8] or not hmac.compare_digest(right, given):
            raise _mismatch(call)

    def now(self) -> datetime:
        return self._clock()


def _require_signed(call: Call, signed: list[str]) -> None:
    """The host always, and of S3's own headers every one that is there."""
    present = {name.lower() for name in call.headers}
    unsigned = {n for n in present if n.startswith("x-amz-")} | {"host"}
    if missing := sorted(unsigned.difference(signed)):
        message = "There were headers present in the request which were not signed"
        raise AwsError(403, "AccessDenied", message, {"HeadersNotSigned": ", ".join(missing)})
    if signed != sorted(signed) or not present.issuperset(signed):
        raise _mismatch(call)


def _payload(call: Call) -> str:
    """The hash that was signed, which must be the body's."""
    digest = hashlib.sha256(call.body).hexdigest()
    if call.service != S3:
        return digest
    said = call.headers.get("x-amz-content-sha256")
    if said is None:
        message = "Missing required header for this request: x-amz-content-sha256"
        raise AwsError(400, "InvalidRequest", message)
    if said.startswith("STREAMING-"):
        message = "A header you provided implies functionality that is not implemented"
        raise AwsError(501, "NotImplemented", message)
    if said not in {_UNSIGNED, digest}:
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise AwsError(400, "XAmzContentSHA256Mismatch", message)
    return said


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise AwsError(403, "AccessDenied", f"no date: {text}") from error


def _is_json(call: Call) -> bool:
    return "X-Amz-Target" in call.headers


def _bad_query(message: str) -> AwsError:
    return AwsError(400, "AuthorizationQueryParametersError", message)


def _mismatch(call: Call) -> AwsError:
    message = "The request signature we calculated does not match the signature you provided."
    if _is_json(call):
        return AwsError(400, "InvalidSignatureException", message)
    return AwsError(403, "SignatureDoesNotMatch", message)


def _unknown_key(call: Call) -> AwsError:
    message = "The security token included in the request is invalid."
    if call.service == S3:
        message = "The AWS Access Key Id you provided does not exist in our records."
        return AwsError(403, "InvalidAccessKeyId", message)
    if _is_json(call):
        return AwsError(400, "UnrecognizedClientException", message)
    return AwsError(403, "InvalidClientTokenId", message)


def _skewed(call: Call) -> AwsError:
    if call.service == S3:
        message = "The difference between the request time and the current time is too large."
        return AwsError(403, "RequestTimeTooSkewed", message)
    if _is_json(call):
        return AwsError(400, "InvalidSignatureException", "Signature expired.")
    return AwsError(403, "SignatureDoesNotMatch", "Signature expired.")
