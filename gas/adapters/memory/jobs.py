"""The records of jobs, in memory."""

from collections.abc import Sequence
from datetime import datetime

from gas.adapters.keys import from_cursor, job_cursor, job_of_cursor, to_cursor
from gas.adapters.memory.table import MemoryTable
from gas.domain.change import Change
from gas.domain.errors import LostRaceError
from gas.domain.job import Job, Progress
from gas.ports import DueEntry, Page, QueueEntry, StoreIdentity


class MemoryJobStore:
    """A JobStore. Nothing awaits between a condition and its write, so they are one."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table

    async def get(self, user_id: str, job_id: str) -> Job | None:
        return self._table.jobs.get((user_id, job_id))

    async def list_page(self, user_id: str, *, limit: int, cursor: str | None = None) -> Page[Job]:
        before = job_of_cursor(cursor) if cursor is not None else None
        jobs = sorted(
            (
                job
                for (owner, job_id), job in self._table.jobs.items()
                if owner == user_id and (before is None or job_id < before)
            ),
            key=lambda job: job.job_id,
            reverse=True,
        )
        more = len(jobs) > limit
        return Page(jobs[:limit], job_cursor(jobs[limit - 1].job_id) if more else None)

    async def commit(self, change: Change) -> None:
        stored = self._stored(change.after)
        takeover = change.before is not None and change.before.attempt != change.after.attempt
        if _same(stored, change.before, lease=takeover):
            self._store(change.after)
        elif not (stored and stored.write_id and stored.write_id == change.after.write_id):
            raise LostRaceError

    async def renew_lease(
        self, job: Job, lease_until: datetime, progress: Progress | None = None
    ) -> None:
        stored = self._stored(job)
        if not stored or _at_work(stored) != _at_work(job):
            raise LostRaceError
        due_at = stored.due_at if stored.erase_at else lease_until
        held = {"lease_until": lease_until, "due_at": due_at}
        noted = {"progress": progress} if progress else {}
        self._store(stored.model_copy(update={**held, **noted}))

    async def mark_published(self, job: Job, event_ids: Sequence[str]) -> None:
        stored = self._stored(job)
        if not stored or stored.version != job.version:
            return
        outbox = tuple(event for event in stored.outbox if event.event_id not in event_ids)
        due_at = stored.due_at if outbox else job.due_at
        self._store(stored.model_copy(update={"outbox": outbox, "due_at": due_at}))

    async def postpone(self, job: Job, due_at: datetime | None) -> None:
        stored = self._stored(job)
        if stored and _same(stored, job, lease=True):
            self._store(stored.model_copy(update={"due_at": due_at}))

    async def erase(self, job: Job) -> None:
        stored = self._stored(job)
        if stored and stored.version != job.version:
            raise LostRaceError
        if stored:
            del self._table.jobs[job.user_id, job.job_id]
            self._table.erased.add((job.user_id, job.job_id))

    async def was_erased(self, user_id: str, job_id: str) -> bool:
        return (user_id, job_id) in self._table.erased

    async def due_page(
        self, shard: int, now: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[DueEntry]:
        entries = [
            entry
            for entry in self._table.due(shard, now)
            if cursor is None or _position(entry) > from_cursor(cursor)
        ]
        more = len(entries) > limit
        return Page(entries[:limit], to_cursor(_position(entries[limit - 1])) if more else None)

    async def queue(self) -> Sequence[QueueEntry]:
        return self._table.queue()

    async def identify(self, new: StoreIdentity) -> StoreIdentity:
        self._table.identity = self._table.identity or new
        return self._table.identity

    def _stored(self, job: Job) -> Job | None:
        return self._table.jobs.get((job.user_id, job.job_id))

    def _store(self, job: Job) -> None:
        self._table.jobs[job.user_id, job.job_id] = job


def _holding(job: Job) -> tuple[object, ...]:
    return job.version, job.attempt, job.status


def _at_work(job: Job) -> tuple[object, ...]:
    return job.attempt, job.status, job.storage


def _same(stored: Job | None, expected: Job | None, *, lease: bool) -> bool:
    """Whether the record is as it was read; outbox and progress may move on by themselves."""
    if stored is None or expected is None:
        return stored is expected
    return (
        _holding(stored) == _holding(expected)
        and stored.storage == expected.storage
        and (not lease or stored.lease_until == expected.lease_until)
    )


def _position(entry: DueEntry) -> str:
    return f"{entry.due_at.isoformat(timespec='microseconds')} {entry.user_id} {entry.job_id or ''}"
