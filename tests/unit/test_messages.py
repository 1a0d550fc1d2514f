"""From the text on a queue to messages."""

import json

import pytest

from gas.messages import (
    JobRequested,
    RetrievalCompleted,
    UnreadableMessageError,
    parse,
    serialise,
)


def s3_event(name: str, key: str) -> str:
    record = {
        "eventName": name,
        "eventTime": "2026-01-01T00:00:00.000Z",
        "s3": {"bucket": {"name": "results"}, "object": {"key": key}},
    }
    return json.dumps({"Records": [record]})


def glacier_notification(description: str | None, **said: str) -> str:
    """As Glacier sends it: what DescribeJob would answer."""
    job = {
        "Action": "ArchiveRetrieval",
        "ArchiveId": "NkbByEejwEggmBz2fTHgJrg0XBoDfjP4q6iu87",
        "Completed": True,
        "CompletionDate": "2026-01-01T00:05:00.000Z",
        "CreationDate": "2026-01-01T00:00:00.000Z",
        "JobDescription": description,
        "JobId": "HkF9p6o7yjhFx-K3CGl6fuSm6VzW9T7esGQfco",
        "SNSTopic": "arn:aws:sns:us-east-1:000000000000:gas-retrievals",
        "StatusCode": "Succeeded",
        "StatusMessage": "Succeeded",
    }
    return json.dumps(job | said)


def test_our_own_messages_come_back_as_they_were() -> None:
    message = JobRequested(user_id="u", job_id="j", correlation_id="c")
    assert parse(serialise(message)) == [message]


def test_fields_of_a_newer_sender_are_ignored() -> None:
    message = JobRequested(user_id="u", job_id="j", correlation_id="c")
    newer = json.loads(serialise(message)) | {"priority": "high"}
    assert parse(json.dumps(newer)) == [message]


@pytest.mark.parametrize("name", ["ObjectRestore:Completed", "s3:ObjectRestore:Completed"])
def test_a_completed_restore_names_its_job(name: str) -> None:
    [message] = parse(s3_event(name, "user+1/job%2B1/3/annotated.vcf.gz"))
    assert isinstance(message, RetrievalCompleted)
    assert (message.user_id, message.job_id) == ("user 1", "job+1")


def test_other_events_of_s3_are_no_business_of_ours() -> None:
    assert parse(s3_event("ObjectRestore:Post", "u/j/1/a")) == []
    assert parse('{"Service": "Amazon S3", "Event": "s3:TestEvent"}') == []


@pytest.mark.parametrize("status", ["Succeeded", "Failed"])
def test_glaciers_word_about_a_retrieval_names_its_job(status: str) -> None:
    [message] = parse(glacier_notification("user/job/3/annotated.vcf.gz", StatusCode=status))
    assert isinstance(message, RetrievalCompleted)
    assert (message.user_id, message.job_id) == ("user", "job")
    assert message.occurred_at.isoformat() == "2026-01-01T00:05:00+00:00"


def test_glaciers_word_about_an_inventory_is_no_business_of_ours() -> None:
    assert parse(glacier_notification("GAS inventory", Action="InventoryRetrieval")) == []


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[]",
        '"text"',
        "{}",
        '{"type": "job.unheard_of", "user_id": "u", "job_id": "j", "correlation_id": "c"}',
        '{"type": "job.requested", "user_id": "u", "correlation_id": "c"}',
        '{"type": "job.requested", "version": 2, "user_id": "u", "job_id": "j"}',
        '{"Records": [{"eventName": "ObjectRestore:Completed"}]}',
        s3_event("ObjectRestore:Completed", "not-one-of-our-keys"),
        glacier_notification("not-one-of-our-keys"),
        glacier_notification(None),
        '{"JobId": "x"}',
    ],
)
def test_anything_else_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableMessageError):
        parse(body)
