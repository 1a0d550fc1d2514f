"""From a queue's text to messages: ours, and those that S3 and Glacier themselves send."""

import json
from typing import Any
from urllib.parse import unquote_plus

from pydantic import TypeAdapter, ValidationError

from gas.messages.events import AnyMessage, RetrievalCompleted

_ANY: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)

_RESTORE_COMPLETED = "ObjectRestore:Completed"
_OF_AN_ARCHIVE = "ArchiveRetrieval"


class UnreadableMessageError(Exception):
    """The text on the queue is no message of ours; it can only go to the dead letters."""


def serialise(message: AnyMessage) -> str:
    return message.model_dump_json()


def parse(body: str) -> list[AnyMessage]:
    """The messages in a queue's text: one of ours, one of Glacier's, or any number from S3.

    S3's test event, its records about other things than a completed restore, and Glacier's word
    about an inventory yield none.
    """
    try:
        content = json.loads(body)
    except json.JSONDecodeError as error:
        raise UnreadableMessageError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise UnreadableMessageError("not a JSON object")
    if content.get("Event") == "s3:TestEvent":
        return []
    try:
        if "Records" in content:
            return [_from_s3(r) for r in content["Records"] if _is_restore(r)]
        if "JobId" in content:
            return [_from_glacier(content)] if content["Action"] == _OF_AN_ARCHIVE else []
        return [_ANY.validate_python(content)]
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise UnreadableMessageError(str(error)) from error


def _is_restore(record: dict[str, Any]) -> bool:
    return bool(record["eventName"].removeprefix("s3:") == _RESTORE_COMPLETED)


def _from_s3(record: dict[str, Any]) -> RetrievalCompleted:
    """S3 sends keys URL-encoded (Amazon S3 User Guide, "Event message structure")."""
    return _about(unquote_plus(record["s3"]["object"]["key"]), record["eventTime"])


def _from_glacier(job: dict[str, Any]) -> RetrievalCompleted:
    """Glacier tells what DescribeJob would; the description is ours, and is the key.

    One that failed is told alike: whoever hears of it looks, and asks again (rule R1).
    Source: Amazon S3 Glacier Developer Guide, "Initiate Job" and "Describe Job".
    """
    return _about(job["JobDescription"] or "", job["CompletionDate"])


def _about(key: str, occurred_at: str) -> RetrievalCompleted:
    """Keys are ``user_id/job_id/attempt/name``."""
    user_id, job_id, _attempt, _name = key.split("/")
    return RetrievalCompleted.model_validate(
        {
            "user_id": user_id,
            "job_id": job_id,
            "correlation_id": job_id,
            "occurred_at": occurred_at,
        }
    )
