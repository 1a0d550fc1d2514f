"""The façade makes faults by its plan, each as AWS's clients see it, and counts them."""

from typing import Any

import aiohttp
import pytest
from botocore.exceptions import ClientError, HTTPClientError

from gas.messages import new_id
from tests.integration.facade.conftest import Open
from tests.support.facade import Fault, Kind
from tests.support.facade.door import Door, refusal

CONTENT = b"twenty bytes of file"


def always(service: str, operation: str, kind: Kind) -> Fault:
    return Fault(service, operation, kind, every=1)


async def bodies(sqs: Any, url: str) -> list[str]:
    """What a queue has to give now."""
    found: list[str] = []
    while messages := (
        await sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=60)
    ).get("Messages"):
        found += [message["Body"] for message in messages]
    return found


@pytest.mark.parametrize(
    ("service", "operation", "throttled", "failed"),
    [
        ("s3", "", "SlowDown", "InternalError"),
        ("dynamodb", "ListTables", "ProvisionedThroughputExceededException", "InternalServerError"),
        ("sqs", "ListQueues", "RequestThrottled", "InternalFailure"),
        ("sns", "ListTopics", "Throttled", "InternalError"),
        ("ses", "ListIdentities", "Throttling", "InternalFailure"),
    ],
)
async def test_answers_in_the_words_of_each_service(
    open_facade: Open, service: str, operation: str, throttled: str, failed: str
) -> None:
    for kind, code in ((Kind.THROTTLED, throttled), (Kind.FAILED, failed)):
        fault = always(service, operation, kind)
        door = await open_facade(faults=[fault])
        status, said = await refusal(door.ask(service))
        assert said == code
        assert (status >= 500) is (kind is Kind.FAILED or service == "s3")
        assert door.facade.faults.made == {fault: 1}
        assert door.facade.refused == {code: 1}


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [
        (Kind.THROTTLED, 0),
        (Kind.FAILED, 0),
        (Kind.CUT, 0),
        (Kind.ANSWER_FAILED, 1),
        (Kind.ANSWER_CUT, 1),
        (Kind.TWICE, 2),
    ],
)
async def test_a_fault_says_whether_the_call_was_applied(
    open_facade: Open, kind: Kind, arrives: int
) -> None:
    fault = always("sqs", "SendMessage", kind)
    door: Door = await open_facade(faults=[fault])
    sqs, url = await door.queue()
    if kind is Kind.TWICE:
        await sqs.send_message(QueueUrl=url, MessageBody="sent")
    else:
        with pytest.raises((ClientError, HTTPClientError)):
            await sqs.send_message(QueueUrl=url, MessageBody="sent")
    assert await bodies(sqs, url) == ["sent"] * arrives
    assert door.facade.faults.made == {fault: 1}
    assert door.facade.faults.missing == []


async def test_an_object_breaks_off_in_its_middle(open_facade: Open, key: str) -> None:
    door: Door = await open_facade(faults=[Fault("s3", "GetObject", Kind.ANSWER_CUT, every=2)])
    s3, at = await door.client("s3"), {"Bucket": door.stack.results_bucket, "Key": key}
    await s3.put_object(**at, Body=CONTENT)
    answer = await s3.get_object(**at)
    assert answer["ContentLength"] == len(CONTENT)
    with pytest.raises(aiohttp.ClientPayloadError):
        await answer["Body"].read()
    assert await (await s3.get_object(**at))["Body"].read() == CONTENT


async def test_a_plan_is_kept_to_the_call(open_facade: Open) -> None:
    slow = Fault("sqs", "SendMessage", Kind.THROTTLED, every=5, in_a_row=2)
    broken = Fault("sqs", "SendMessage", Kind.FAILED, every=3)
    never = Fault("s3", "CopyObject", Kind.CUT, every=1)
    door: Door = await open_facade(faults=[slow, broken, never])
    sqs, url = await door.queue()
    codes = []
    for _ in range(10):
        try:
            await sqs.send_message(QueueUrl=url, MessageBody=new_id())
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
        else:
            codes.append("")
    slow_down, failure = "RequestThrottled", "InternalFailure"
    assert codes == [
        *(slow_down, slow_down, "", failure, ""),
        *(slow_down, slow_down, "", "", failure),
    ]
    assert door.facade.faults.made == {slow: 4, broken: 2}
    assert door.facade.faults.missing == [never]


async def test_what_is_refused_meets_no_fault(open_facade: Open) -> None:
    door: Door = await open_facade(faults=[always("sqs", "ListQueues", Kind.CUT)])
    keys = {"aws_access_key_id": "nobody", "aws_secret_access_key": "x"}
    assert (await refusal(door.ask("sqs", **keys)))[1] == "UnrecognizedClientException"
    assert not door.facade.faults.made


async def test_an_emulator_that_is_away_looks_like_a_cut(open_facade: Open) -> None:
    door: Door = await open_facade()
    door.facade._upstream._url = "http://127.0.0.1:1"
    with pytest.raises(HTTPClientError):
        await door.ask("sqs")
