"""Records as items of the one DynamoDB table.

Partition key ``user_id``, sort key ``sk``. What conditions and the due index need is a top-level
attribute of its own; None is an absent attribute. Moments are UTC in ISO 8601 with microseconds,
all of one width, so that they sort as text.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import (  # type: ignore[import-untyped] # boto3 ships no types
    TypeDeserializer,
    TypeSerializer,
)

from gas.adapters.keys import due_shard, is_queued, queue_shard
from gas.domain.job import Job, Progress
from gas.domain.plan import Account
from gas.domain.states import JobStatus
from gas.messages import PlanChanged
from gas.ports import DueEntry, PlanChange, QueueEntry, StoreIdentity

Item = Mapping[str, Any]

JOB_PREFIX = "JOB#"
ACCOUNT = "ACCOUNT"
PLAN_CHANGE = "PLAN_CHANGE"
_STORE = "STORE"

_ERASED_IS_REMEMBERED = timedelta(days=30)

_serialise = TypeSerializer().serialize
_deserialise = TypeDeserializer().deserialize


def to_attribute(value: Any) -> Any:
    """A value of JSON as DynamoDB writes it, for example ``{"S": "text"}``."""
    return _serialise(_without_floats(value))


def moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def job_key(user_id: str, job_id: str) -> Item:
    return key(user_id, JOB_PREFIX + job_id)


def key(user_id: str, sort_key: str) -> Item:
    return {"user_id": {"S": user_id}, "sk": {"S": sort_key}}


def due(identifier: str, due_at: datetime | None) -> dict[str, str | None]:
    """The attributes by which the due index finds a record; none when nothing is due."""
    if due_at is None:
        return {"due_at": None, "due_shard": None}
    return {"due_at": moment(due_at), "due_shard": str(due_shard(identifier))}


def fields(item: Item) -> dict[str, Any]:
    """The attributes of an item as values of JSON."""
    return {name: _without_decimals(_deserialise(value)) for name, value in item.items()}


def tombstone_key(user_id: str, job_id: str) -> Item:
    return key(user_id, f"ERASED#{job_id}")


def tombstone(user_id: str, job_id: str) -> Item:
    """What is left of an erased job; DynamoDB removes it by itself (TTL)."""
    return {**tombstone_key(user_id, job_id), "expires_at": expires_in(_ERASED_IS_REMEMBERED)}


def expires_in(span: timedelta) -> Any:
    """A value for the table's TTL attribute, in epoch seconds."""
    return {"N": str(int(time.time() + span.total_seconds()))}


def job_to_item(job: Job) -> Item:
    plain = job.model_dump(mode="json", exclude={"lease_until", "submitted_at", "due_at"})
    return _item(
        job.user_id,
        JOB_PREFIX + job.job_id,
        plain
        | {"lease_until": moment(job.lease_until) if job.lease_until else None}
        | {"submitted_at": moment(job.submitted_at) if job.submitted_at else None}
        | {"queue_shard": str(queue_shard(job.job_id)) if is_queued(job) else None}
        | (progress(job.progress) if job.progress else {})
        | due(job.job_id, job.due_at),
    )


def job_from_item(item: Item) -> Job:
    return Job.model_validate(fields(item))


def progress(noted: Progress) -> dict[str, Any]:
    """The attributes of a progress; ``fraction`` apart, for the queue index without the log."""
    return {"progress": noted.model_dump(mode="json"), "fraction": noted.fraction}


def queue_entry(item: Item) -> QueueEntry:
    stored = fields(item)
    started_at = stored.get("started_at")
    return QueueEntry(
        user_id=stored["user_id"],
        job_id=stored["sk"].removeprefix(JOB_PREFIX),
        status=JobStatus(stored["status"]),
        submitted_at=datetime.fromisoformat(stored["submitted_at"]),
        started_at=datetime.fromisoformat(started_at) if started_at else None,
        fraction=stored.get("fraction", 0.0),
    )


def identity_key() -> Item:
    """Of the table's own identity; no user's id is such a word."""
    return key(_STORE, "IDENTITY")


def identity_to_item(identity: StoreIdentity) -> Item:
    return {
        **identity_key(),
        "store_id": to_attribute(identity.store_id),
        "created_at": to_attribute(moment(identity.created_at)),
    }


def identity_from_item(item: Item) -> StoreIdentity:
    stored = fields(item)
    return StoreIdentity(stored["store_id"], datetime.fromisoformat(stored["created_at"]))


def account_to_item(account: Account) -> Item:
    return _item(account.user_id, ACCOUNT, account.model_dump(mode="json"))


def account_from_item(item: Item) -> Account:
    return Account.model_validate(fields(item))


def change_to_item(change: PlanChange) -> Item:
    plain = {"plan_version": change.plan_version, "event": change.event.model_dump(mode="json")}
    return _item(change.user_id, PLAN_CHANGE, plain | due(change.user_id, change.due_at))


def change_from_item(item: Item) -> PlanChange:
    stored = fields(item)
    return PlanChange(
        user_id=stored["user_id"],
        plan_version=stored["plan_version"],
        event=PlanChanged.model_validate(stored["event"]),
        due_at=datetime.fromisoformat(stored["due_at"]),
    )


def due_entry(item: Item) -> DueEntry:
    stored = fields(item)
    sort_key = stored["sk"]
    return DueEntry(
        user_id=stored["user_id"],
        job_id=None if sort_key == PLAN_CHANGE else sort_key.removeprefix(JOB_PREFIX),
        due_at=datetime.fromisoformat(stored["due_at"]),
    )


def _item(user_id: str, sort_key: str, plain: Mapping[str, Any]) -> Item:
    present = {name: value for name, value in plain.items() if value is not None}
    return {name: to_attribute(value) for name, value in present.items()} | {
        **key(user_id, sort_key)
    }


def _without_floats(value: Any) -> Any:
    """DynamoDB's numbers are decimal, and its SDK takes no floats."""
    match value:
        case float():
            return Decimal(str(value))
        case dict():
            return {name: _without_floats(part) for name, part in value.items()}
        case list() | tuple():
            return [_without_floats(part) for part in value]
        case _:
            return value


def _without_decimals(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _without_decimals(part) for name, part in value.items()}
        case list():
            return [_without_decimals(part) for part in value]
        case _:
            return value
