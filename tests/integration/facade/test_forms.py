"""The façade holds uploads by form to their policy, as S3 does."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.facade.conftest import Open
from tests.support.facade.door import Door, our_keys
from tests.support.facade.sigv4 import Scope, sign

CONTENT = b"twenty bytes of file"
NOW = datetime.now(UTC)
EXPIRATION = f"{NOW + timedelta(minutes=10):%Y-%m-%dT%H:%M:%SZ}"
SCOPE = Scope("test", f"{NOW:%Y%m%d}", "us-east-1", "s3")

Form = dict[str, str]


def form(door: Door, key: str, *further: Any, bucket: str | None = None, **fields: str) -> Form:
    """The fields of a form, with a policy about all that S3 demands, and ``further`` conditions."""
    credential = f"{SCOPE.access_key}/{SCOPE}"
    signing = {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": credential,
        "x-amz-date": f"{NOW:%Y%m%dT%H%M%SZ}",
    }
    conditions = [
        {"bucket": bucket or door.stack.inputs_bucket},
        {"key": key},
        *({name: value} for name, value in signing.items()),
        *further,
    ]
    policy = encoded({"expiration": EXPIRATION, "conditions": conditions})
    signature = sign(policy, our_keys()[SCOPE.access_key], SCOPE)
    return {"key": key, **signing, **fields, "policy": policy, "x-amz-signature": signature}


def encoded(policy: Any) -> str:
    return base64.b64encode(json.dumps(policy).encode()).decode()


async def post(door: Door, fields: Form, content: bytes = CONTENT) -> httpx.Response:
    url = f"{door.facade.url}/{door.stack.inputs_bucket}"
    return await door.web.post(url, data=fields, files={"file": ("a.vcf", content)})


async def stored(door: Door, key: str) -> int:
    """How many objects there are under a key."""
    s3 = await door.client("s3", endpoint_url=door.stack.endpoint)
    found = await s3.list_objects_v2(Bucket=door.stack.inputs_bucket, Prefix=key)
    return int(found["KeyCount"])


async def refused(door: Door, key: str, answer: httpx.Response, status: int, code: str) -> str:
    """S3's message; and nothing is stored."""
    assert (answer.status_code, await stored(door, key)) == (status, 0)
    assert f"<Code>{code}</Code>" in answer.text
    return answer.text.partition("<Message>")[2].partition("</Message>")[0]


async def test_takes_the_form_of_the_sdk(open_facade: Open, key: str) -> None:
    door = await open_facade()
    s3 = await door.client("s3")
    made = await s3.generate_presigned_post(
        Bucket=door.stack.inputs_bucket, Key=key, Conditions=[["content-length-range", 1, 99]]
    )
    answer = await door.web.post(made["url"], data=made["fields"], files={"file": CONTENT})
    assert answer.status_code == 204
    assert await stored(door, key) == 1
    assert door.facade.verified == {"form": 1}


async def test_takes_fields_that_the_policy_is_about(door: Door, key: str) -> None:
    fields = form(
        door,
        key,
        ["starts-with", "$Content-Type", "text/"],
        ["starts-with", "$x-amz-meta-note", ""],
        ["eq", "$acl", "private"],
        **{"Content-Type": "text/plain", "x-amz-meta-note": "any", "acl": "private"},
        **{"x-ignore-me": "any"},
    )
    assert (await post(door, fields)).status_code == 204
    assert await stored(door, key) == 1


@pytest.mark.parametrize(
    ("changed", "condition"),
    [
        ({"key": "u/other/input"}, "$key"),
        ({"Content-Type": "text/html"}, "$content-type"),
        ({"x-amz-meta-note": "else"}, "$x-amz-meta-note"),
    ],
    ids=str,
)
async def test_refuses_another_value(door: Door, key: str, changed: Form, condition: str) -> None:
    fields = form(
        door,
        key,
        ["starts-with", "$Content-Type", "image/"],
        ["eq", "$x-amz-meta-note", "this"],
        **{"Content-Type": "image/png", "x-amz-meta-note": "this"},
    )
    message = await refused(door, key, await post(door, fields | changed), 403, "AccessDenied")
    assert message.startswith("Invalid according to Policy: Policy Condition failed: ")
    assert condition in message


async def test_refuses_a_field_that_is_missing(door: Door, key: str) -> None:
    fields = form(door, key, ["starts-with", "$x-amz-meta-note", ""])
    message = await refused(door, key, await post(door, fields), 403, "AccessDenied")
    assert "x-amz-meta-note" in message


async def test_refuses_a_field_that_no_condition_covers(door: Door, key: str) -> None:
    fields = {**form(door, key), "acl": "public-read"}
    message = await refused(door, key, await post(door, fields), 403, "AccessDenied")
    assert message == "Invalid according to Policy: Extra input fields: acl"


async def test_refuses_another_bucket(door: Door, key: str) -> None:
    fields = form(door, key, bucket="another")
    message = await refused(door, key, await post(door, fields), 403, "AccessDenied")
    assert "$bucket" in message


@pytest.mark.parametrize(
    ("least", "most", "code"),
    [
        (1, len(CONTENT) - 1, "EntityTooLarge"),
        (len(CONTENT) + 1, 99, "EntityTooSmall"),
        (len(CONTENT), len(CONTENT), None),
    ],
)
async def test_holds_a_file_to_its_size(
    door: Door, key: str, least: int, most: int, code: str | None
) -> None:
    answer = await post(door, form(door, key, ["content-length-range", least, most]))
    if code:
        await refused(door, key, answer, 400, code)
    else:
        assert answer.status_code == 204


async def test_refuses_a_policy_that_was_not_signed(door: Door, key: str) -> None:
    forged = {"expiration": EXPIRATION, "conditions": [["starts-with", "$key", ""]]}
    for change in ({"policy": encoded(forged)}, {"x-amz-signature": "0" * 64}):
        answer = await post(door, form(door, key) | change)
        await refused(door, key, answer, 403, "SignatureDoesNotMatch")


async def test_refuses_a_policy_that_is_none(door: Door, key: str) -> None:
    for policy in ("none", encoded({"conditions": []}), encoded(form(door, key))):
        signature = sign(policy, our_keys()[SCOPE.access_key], SCOPE)
        fields = form(door, key) | {"policy": policy, "x-amz-signature": signature}
        await refused(door, key, await post(door, fields), 400, "InvalidPolicyDocument")


@pytest.mark.parametrize("name", ["policy", "x-amz-signature", "x-amz-credential", "x-amz-date"])
async def test_refuses_a_form_without_signature(door: Door, key: str, name: str) -> None:
    fields = form(door, key)
    del fields[name]
    await refused(door, key, await post(door, fields), 403, "AccessDenied")


async def test_refuses_a_policy_whose_time_is_over(open_facade: Open, key: str) -> None:
    door = await open_facade(clock=lambda: NOW + timedelta(minutes=11))
    message = await refused(door, key, await post(door, form(door, key)), 403, "AccessDenied")
    assert message == "Invalid according to Policy: Policy expired."


async def test_refuses_what_is_no_upload(door: Door, key: str) -> None:
    url = f"{door.facade.url}/{door.stack.inputs_bucket}"
    two = [("file", ("a", b"a")), ("file", ("b", b"b"))]
    answer = await door.web.post(url, data=form(door, key), files=two)
    await refused(door, key, answer, 400, "IncorrectNumberOfFilesInPostRequest")
    answer = await door.web.post(
        url, content=b"none", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    await refused(door, key, answer, 400, "MalformedPOSTRequest")
