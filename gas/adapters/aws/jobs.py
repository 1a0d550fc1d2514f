"""The records of jobs on DynamoDB."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws import items
from gas.adapters.aws.errors import translated
from gas.adapters.aws.expressions import Terms
from gas.adapters.keys import from_cursor, job_cursor, job_of_cursor, to_cursor
from gas.domain.change import Change
from gas.domain.errors import LostRaceError
from gas.domain.job import Job, Progress
from gas.ports import DueEntry, Page, QueueEntry, StoreIdentity
from gas.runtime.topology import DUE_INDEX, QUEUE_INDEX, QUEUE_READ, QUEUE_SHARDS

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient


class DynamoJobStore:
    """A JobStore."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def get(self, user_id: str, job_id: str) -> Job | None:
        item = await self._read(user_id, job_id)
        return items.job_from_item(item) if item else None

    async def list_page(self, user_id: str, *, limit: int, cursor: str | None = None) -> Page[Job]:
        start: dict[str, Any] = {}
        if cursor is not None:
            start["ExclusiveStartKey"] = items.job_key(user_id, job_of_cursor(cursor))
        terms = Terms()
        with translated():
            answer = await self._client.query(
                TableName=self._table,
                KeyConditionExpression=terms.of_user(user_id, items.JOB_PREFIX),
                ExpressionAttributeNames=terms.names,
                ExpressionAttributeValues=terms.values,
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit + 1,  # one more tells whether this is the last page
                **start,
            )
        jobs = [items.job_from_item(item) for item in answer["Items"]]
        page = jobs[:limit]
        more = len(jobs) > limit or "LastEvaluatedKey" in answer
        return Page(page, job_cursor(page[-1].job_id) if more else None)

    async def commit(self, change: Change) -> None:
        terms = Terms()
        takeover = change.before is not None and change.before.attempt != change.after.attempt
        condition = terms.equal(
            _as_read(change.before, lease=takeover) if change.before else {"sk": None}
        )
        # DynamoDB refuses an empty map of values.
        values: Any = {"ExpressionAttributeValues": terms.values} if terms.values else {}
        with translated():
            try:
                await self._client.put_item(
                    TableName=self._table,
                    Item=items.job_to_item(change.after),
                    ConditionExpression=condition,
                    ExpressionAttributeNames=terms.names,
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **values,
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                if not _is_own_write(error, change.after):
                    raise

    async def renew_lease(
        self, job: Job, lease_until: datetime, progress: Progress | None = None
    ) -> None:
        changes: dict[str, Any] = {"lease_until": items.moment(lease_until)}
        changes |= items.progress(progress) if progress else {}
        at_work = {
            "attempt": job.attempt,
            "status": str(job.status),
            "storage": str(job.storage) if job.storage else None,
        }
        due = items.due(job.job_id, lease_until)
        try:
            await self._update(job, at_work | {"erase_at": None}, changes | due)
        except LostRaceError:
            await self._update(job, at_work, changes)  # discarded: its due time is the erasure's

    async def mark_published(self, job: Job, event_ids: Sequence[str]) -> None:
        """Every round that fails found a shorter outbox or a newer version, so it ends."""
        while item := await self._read(job.user_id, job.job_id):
            stored = items.fields(item)
            if stored["version"] != job.version:
                return
            events = [event for event in stored["outbox"] if event["event_id"] not in event_ids]
            as_read = {"version": job.version, "outbox": stored["outbox"]}
            done = {} if events else items.due(job.job_id, job.due_at)
            try:
                await self._update(job, as_read, {"outbox": events, **done})
            except LostRaceError:
                continue
            return

    async def postpone(self, job: Job, due_at: datetime | None) -> None:
        try:
            await self._update(job, _as_read(job, lease=True), items.due(job.job_id, due_at))
        except LostRaceError:
            return  # it changed, and with the change came a new moment of the next look

    async def erase(self, job: Job) -> None:
        """The record goes and its tombstone comes in one transaction."""
        terms = Terms()
        condition = terms.equal({"version": job.version})
        delete: Any = {
            "TableName": self._table,
            "Key": items.job_key(job.user_id, job.job_id),
            "ConditionExpression": condition,
            "ExpressionAttributeNames": terms.names,
            "ExpressionAttributeValues": terms.values,
        }
        tombstone: Any = {
            "TableName": self._table,
            "Item": items.tombstone(job.user_id, job.job_id),
        }
        try:
            with translated():
                await self._client.transact_write_items(
                    TransactItems=[{"Delete": delete}, {"Put": tombstone}]
                )
        except LostRaceError:
            if await self._read(job.user_id, job.job_id):
                raise

    async def was_erased(self, user_id: str, job_id: str) -> bool:
        return await self._read_item(items.tombstone_key(user_id, job_id)) is not None

    async def due_page(
        self, shard: int, now: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[DueEntry]:
        start = {"ExclusiveStartKey": json.loads(from_cursor(cursor))} if cursor else {}
        terms = Terms()
        condition = terms.equal({"due_shard": str(shard)})
        with translated():
            answer = await self._client.query(
                TableName=self._table,
                IndexName=DUE_INDEX,
                KeyConditionExpression=(
                    f"{condition} AND {terms.name('due_at')} < {terms.value(items.moment(now))}"
                ),
                ExpressionAttributeNames=terms.names,
                ExpressionAttributeValues=terms.values,
                Limit=limit + 1,
                **start,
            )
        found = answer["Items"]
        more = len(found) > limit or "LastEvaluatedKey" in answer
        return Page(
            [items.due_entry(item) for item in found[:limit]],
            to_cursor(json.dumps(found[:limit][-1])) if more else None,
        )

    async def queue(self) -> Sequence[QueueEntry]:
        entries = [
            items.queue_entry(item)
            for shard in range(QUEUE_SHARDS)
            for item in await self._queue_shard(shard)
        ]
        return sorted(entries, key=lambda entry: (entry.submitted_at, entry.job_id))

    async def _queue_shard(self, shard: int) -> Sequence[items.Item]:
        terms = Terms()
        condition = terms.equal({"queue_shard": str(shard)})
        with translated():
            answer = await self._client.query(
                TableName=self._table,
                IndexName=QUEUE_INDEX,
                KeyConditionExpression=condition,
                ExpressionAttributeNames=terms.names,
                ExpressionAttributeValues=terms.values,
                Limit=QUEUE_READ,
            )
        return answer["Items"]

    async def identify(self, new: StoreIdentity) -> StoreIdentity:
        if item := await self._read_item(items.identity_key()):
            return items.identity_from_item(item)
        terms = Terms()
        absent = terms.equal({"sk": None})
        try:
            with translated():
                await self._client.put_item(
                    TableName=self._table,
                    Item=items.identity_to_item(new),
                    ConditionExpression=absent,
                    ExpressionAttributeNames=terms.names,
                )
        except LostRaceError:
            return await self.identify(new)
        return new

    async def _read(self, user_id: str, job_id: str) -> items.Item | None:
        return await self._read_item(items.job_key(user_id, job_id))

    async def _read_item(self, key: items.Item) -> items.Item | None:
        with translated():
            answer = await self._client.get_item(
                TableName=self._table, Key=key, ConsistentRead=True
            )
        return answer.get("Item")

    async def _update(
        self, job: Job, expected: Mapping[str, Any], changes: Mapping[str, Any]
    ) -> None:
        """Raises LostRaceError where the record is not as expected, or is gone."""
        terms = Terms()
        with translated():
            await self._client.update_item(
                TableName=self._table,
                Key=items.job_key(job.user_id, job.job_id),
                ConditionExpression=terms.equal(expected),
                UpdateExpression=terms.assign(changes),
                ExpressionAttributeNames=terms.names,
                ExpressionAttributeValues=terms.values,
            )


def _holding(job: Job) -> dict[str, Any]:
    return {"version": job.version, "attempt": job.attempt, "status": str(job.status)}


def _as_read(job: Job, *, lease: bool) -> dict[str, Any]:
    """The state of a record, as the condition of a write.

    The lease belongs to it for whoever takes the job over; its holder renews it all the time
    without a transition, which must not make other writes fail.
    """
    expected = _holding(job) | {"storage": str(job.storage) if job.storage else None}
    if lease:
        expected["lease_until"] = items.moment(job.lease_until) if job.lease_until else None
    return expected


def _is_own_write(error: ClientError, written: Job) -> bool:
    """Whether the record is as we wrote it: the write was done, only its answer got lost."""
    stored: Any = error.response.get("Item", {})
    return bool(written.write_id) and stored.get("write_id") == {"S": written.write_id}
