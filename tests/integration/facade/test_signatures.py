"""The façade verifies signatures: of headers and of addresses."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Key
from multidict import CIMultiDict

from tests.integration.facade.conftest import Open
from tests.support.facade.calls import Call
from tests.support.facade.door import Door, our_keys, refusal
from tests.support.facade.sigv4 import Verifier

CONTENT = b"as it was written" * 100
MINUTE = timedelta(minutes=1)

# The examples of the page "Signature Calculations" of AWS's S3 API reference.
EXAMPLE_KEY = "AKIAIOSFODNN7EXAMPLE"
EXAMPLE_SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EXAMPLE_SCOPE = f"{EXAMPLE_KEY}/20130524/us-east-1/s3/aws4_request"
SIGNED_HEADERS = {
    "Range": "bytes=0-9",
    "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "x-amz-date": "20130524T000000Z",
    "Authorization": f"AWS4-HMAC-SHA256 Credential={EXAMPLE_SCOPE},"
    "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
    "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
}
SIGNED_QUERY = (
    f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={EXAMPLE_SCOPE.replace('/', '%2F')}"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
)


def example(query: str, headers: dict[str, str]) -> Call:
    host = {"Host": "examplebucket.s3.amazonaws.com"}
    return Call("GET", "/test.txt", query, CIMultiDict(host | headers), b"")


def test_knows_the_examples_of_the_specification() -> None:
    verifier = Verifier(
        lambda: {EXAMPLE_KEY: EXAMPLE_SECRET},
        "us-east-1",
        lambda: datetime(2013, 5, 24, 0, 5, tzinfo=UTC),
    )
    verifier.headers(example("", SIGNED_HEADERS))
    verifier.address(example(SIGNED_QUERY, {}))


async def test_takes_what_the_sdk_signs(door: Door, key: str) -> None:
    bucket, s3 = door.stack.results_bucket, await door.client("s3")
    await s3.put_object(Bucket=bucket, Key=key, Body=CONTENT, Metadata={"a": "b  c"})
    answer = await s3.get_object(Bucket=bucket, Key=key, Range="bytes=3-9")
    assert await answer["Body"].read() == CONTENT[3:10]
    listed = await s3.list_object_versions(Bucket=bucket, Prefix=key, Delimiter="|")
    assert [version["Key"] for version in listed["Versions"]] == [key]
    sqs, url = await door.queue()
    await sqs.send_message(QueueUrl=url, MessageBody="é & ü")
    for service in ("dynamodb", "sns", "ses", "sts"):
        await door.ask(service)
    assert door.facade.verified == {"header": 9}
    assert not door.facade.refused


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("s3", (403, "SignatureDoesNotMatch")),
        ("sqs", (400, "InvalidSignatureException")),
        ("dynamodb", (400, "InvalidSignatureException")),
        ("sns", (403, "SignatureDoesNotMatch")),
    ],
)
async def test_refuses_another_secret(door: Door, service: str, code: tuple[int, str]) -> None:
    keys = {"aws_access_key_id": next(iter(our_keys())), "aws_secret_access_key": "not ours"}
    assert await refusal(door.ask(service, **keys)) == code
    assert door.facade.refused == {code[1]: 1}


@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("s3", (403, "InvalidAccessKeyId")),
        ("dynamodb", (400, "UnrecognizedClientException")),
        ("sns", (403, "InvalidClientTokenId")),
    ],
)
async def test_refuses_an_unknown_key(door: Door, service: str, code: tuple[int, str]) -> None:
    nobody = {"aws_access_key_id": "nobody", "aws_secret_access_key": "x"}
    assert await refusal(door.ask(service, **nobody)) == code


async def test_refuses_another_region(door: Door) -> None:
    code = (400, "AuthorizationHeaderMalformed")
    assert await refusal(door.ask("s3", region_name="eu-west-1")) == code


@pytest.mark.parametrize("away", [16 * MINUTE, -16 * MINUTE])
@pytest.mark.parametrize(
    ("service", "code"),
    [
        ("s3", (403, "RequestTimeTooSkewed")),
        ("dynamodb", (400, "InvalidSignatureException")),
        ("sns", (403, "SignatureDoesNotMatch")),
    ],
)
async def test_refuses_another_time(
    open_facade: Open, away: timedelta, service: str, code: tuple[int, str]
) -> None:
    door = await open_facade(clock=lambda: datetime.now(UTC) + away)
    assert await refusal(door.ask(service)) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"content": b"else"}, "XAmzContentSHA256Mismatch"),
        ({"method": "POST"}, "SignatureDoesNotMatch"),
        ({"query": "?acl="}, "SignatureDoesNotMatch"),
        ({"path": "x"}, "SignatureDoesNotMatch"),
        ({"headers": {"Host": "other.example.org"}}, "SignatureDoesNotMatch"),
        ({"headers": {"Content-Type": "text/html"}}, "SignatureDoesNotMatch"),
        ({"headers": {"x-amz-acl": "public-read"}}, "AccessDenied"),
        ({"headers": {"Authorization": "AWS4-HMAC-SHA256"}}, "AuthorizationHeaderMalformed"),
        (
            {"headers": {"x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"}},
            "NotImplemented",
        ),
    ],
    ids=str,
)
async def test_a_signature_covers_the_whole_request(
    door: Door, key: str, change: dict[str, Any], code: str | None
) -> None:
    url = f"{door.facade.url}/{door.stack.results_bucket}/{quote(key)}"
    request = AWSRequest("PUT", url, {"Content-Type": "text/plain"}, b"content")
    S3SigV4Auth(Key(*next(iter(our_keys().items()))), "s3", "us-east-1").add_auth(request)
    headers = httpx.Headers(dict(request.headers))
    headers.update(change.get("headers", {}))
    answer = await door.web.request(
        change.get("method", "PUT"),
        f"{url}{change.get('path', '')}{change.get('query', '')}",
        headers=headers,
        content=change.get("content", b"content"),
    )
    assert refused(answer) == code


async def test_refuses_what_is_not_signed(door: Door) -> None:
    url = f"{door.facade.url}/{door.stack.results_bucket}/any"
    assert refused(await door.web.get(url)) == "AccessDenied"


async def test_serves_a_presigned_address(door: Door, key: str) -> None:
    url = await presigned(door, key)
    assert (await door.web.get(url)).content == CONTENT
    part = await door.web.get(url, headers={"Range": "bytes=1-2"})
    assert (part.status_code, part.content) == (206, CONTENT[1:3])
    assert door.facade.verified["address"] == 2


@pytest.mark.parametrize(
    ("method", "change", "code"),
    [
        ("PUT", ("", ""), "SignatureDoesNotMatch"),
        ("GET", ("a%3Db", "a%3Dc"), "SignatureDoesNotMatch"),
        ("GET", ("X-Amz-Expires=60", "X-Amz-Expires=61"), "SignatureDoesNotMatch"),
        ("GET", ("attachment", "inline"), "SignatureDoesNotMatch"),
        ("GET", ("127.0.0.1", "localhost"), "SignatureDoesNotMatch"),
        ("GET", ("&X-Amz-Date=", "&X-Amz-Data="), "AuthorizationQueryParametersError"),
        ("GET", ("X-Amz-Expires=60", "X-Amz-Expires=9999999"), "AuthorizationQueryParametersError"),
    ],
    ids=str,
)
async def test_refuses_a_changed_address(
    door: Door, key: str, method: str, change: tuple[str, str], code: str
) -> None:
    url = await presigned(door, key)
    assert change[0] in url
    answer = await door.web.request(method, url.replace(*change))
    assert refused(answer) == code


async def test_refuses_an_address_with_headers_of_s3_that_are_not_signed(
    door: Door, key: str
) -> None:
    answer = await door.web.get(await presigned(door, key), headers={"x-amz-acl": "public-read"})
    assert refused(answer) == "AccessDenied"
    assert "<HeadersNotSigned>x-amz-acl</HeadersNotSigned>" in answer.text


@pytest.mark.parametrize(
    ("away", "reason"),
    [(timedelta(seconds=62), "Request has expired"), (-16 * MINUTE, "Request is not valid yet")],
)
async def test_an_address_has_its_time(
    open_facade: Open, key: str, away: timedelta, reason: str
) -> None:
    now = await open_facade()
    url = await presigned(now, key)
    later = await open_facade(clock=lambda: datetime.now(UTC) + away)
    answer = await later.web.get(url.replace(now.facade.url, later.facade.url))
    assert refused(answer) == "AccessDenied"
    assert reason in answer.text


async def presigned(door: Door, key: str) -> str:
    """The address of an object, for a minute."""
    bucket, s3 = door.stack.results_bucket, await door.client("s3")
    await s3.put_object(Bucket=bucket, Key=key, Body=CONTENT)
    parameters = {"Bucket": bucket, "Key": key, "ResponseContentDisposition": "attachment"}
    url: str = await s3.generate_presigned_url("get_object", parameters, ExpiresIn=60)
    return url


def refused(answer: httpx.Response) -> str | None:
    """The code of S3's error document; None for a success."""
    if answer.is_success:
        return None
    return answer.text.partition("<Code>")[2].partition("</Code>")[0]
