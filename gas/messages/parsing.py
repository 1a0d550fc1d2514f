"""From a queue's text to messages, ours and those that S3 itself sends."""

import json
from typing import Any
from urllib.parse import unquote_plus

from pydantic import TypeAdapter, ValidationError

from gas.messages.events import AnyMessage, RetrievalCompleted

_ANY: TypeAdapter[AnyMessage] = TypeAdapter(AnyMessage)

_RESTORE_COMPLETED = "ObjectRestore:Completed"


class UnreadableMessageError(Exception):
    """The text on the queue is no message of ours; it can only go to the dead letters."""


def serialise(message: AnyMessage) -> str:
    return message.model_dump_json()


def parse(body: str) -> list[AnyMessage]:
    """The messages in a queue's text: one of ours, or any number from S3.

    S3's test event, and its records about other things than a completed restore, yield none.
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
        return [_ANY.validate_python(content)]
    except (ValidationError, KeyError, TypeError, ValueError) as error:
        raise UnreadableMessageError(str(error)) from error


def _is_restore(record: dict[str, Any]) -> bool:
    return bool(record["eventName"].removeprefix("s3:") == _RESTORE_COMPLETED)


def _from_s3(record: dict[str, Any]) -> RetrievalCompleted:
    """Object keys are ``user_id/job_id/attempt/name``; S3 sends them URL-encoded.

    Source: Amazon S3 User Guide, "Event message structure".
    """
    key = unquote_plus(record["s3"]["object"]["key"])
    user_id, job_id, _attempt, _name = key.split("/")
    return RetrievalCompleted(
        user_id=user_id,
        job_id=job_id,
        correlation_id=job_id,
        occurred_at=record["eventTime"],
    )
