"""Where the records of jobs are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from gas.domain.change import Change
from gas.domain.job import Job, Progress
from gas.domain.states import JobStatus

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some of many; ``cursor`` (opaque) leads to the next page, None says this was the last."""

    items: Sequence[Item]
    cursor: str | None = None


@dataclass(frozen=True)
class DueEntry:
    """An entry of the due index: a job, or a user's plan change when ``job_id`` is None."""

    user_id: str
    job_id: str | None
    due_at: datetime


@dataclass(frozen=True)
class QueueEntry:
    """A job that waits for an annotator or is with one; ``fraction`` of it is done, from 0 to 1."""

    user_id: str
    job_id: str
    status: JobStatus
    submitted_at: datetime
    started_at: datetime | None
    fraction: float


@dataclass(frozen=True)
class StoreIdentity:
    """Which store this is: ``store_id`` is random, ``created_at`` when it was first given one."""

    store_id: str
    created_at: datetime


class JobStore(Protocol):
    """Every read is consistent, every write conditional (rules R1, R2).

    Errors: LostRaceError when a condition does not hold, TransientError when the store cannot
    answer.
    """

    async def get(self, user_id: str, job_id: str) -> Job | None: ...

    async def list_page(self, user_id: str, *, limit: int, cursor: str | None = None) -> Page[Job]:
        """A user's jobs, newest first. Raises ValueError for a cursor that is not ours."""
        ...

    async def commit(self, change: Change) -> None:
        """Write ``after`` if the record is still as in ``before``.

        The condition holds on version, attempt, status and storage; for a claim, which raises
        the attempt, also on ``lease_until``, which renewals move without a transition; for a new
        job, on absence. A write that was applied though its answer was lost counts as done
        (``write_id``).
        """
        ...

    async def renew_lease(
        self, job: Job, lease_until: datetime, progress: Progress | None = None
    ) -> None:
        """Keep hold of a job and note its progress; no transition.

        The condition holds on attempt, status and storage, not on the version: what its owner
        calls it meanwhile is no reason to let go. ``due_at`` moves along, unless the job was
        discarded: that it is to be erased must not wait for the end of the work.
        """
        ...

    async def mark_published(self, job: Job, event_ids: Sequence[str]) -> None:
        """Take events out of the outbox, and nothing else; those no longer there are ignored.

        When the outbox is then empty, ``due_at`` becomes that of ``job``: the caller computes
        it for the record without the events. No transition; a changed record is left alone.
        """
        ...

    async def postpone(self, job: Job, due_at: datetime | None) -> None:
        """Move the next look, unless the record changed meanwhile (then silently nothing)."""
        ...

    async def erase(self, job: Job) -> None:
        """Remove the record, if it is still at this version. One that is gone is no error.

        That it was there is remembered for a while, longer than anything about the job can
        come late: see ``was_erased``.
        """
        ...

    async def was_erased(self, user_id: str, job_id: str) -> bool:
        """Whether the record is gone because we erased it, rather than not found for any reason.

        Only the first allows to delete what belonged to it.
        """
        ...

    async def due_page(
        self, shard: int, now: datetime, *, limit: int, cursor: str | None = None
    ) -> Page[DueEntry]:
        """What was due in this shard before ``now``, oldest first (eventually consistent)."""
        ...

    async def queue(self) -> Sequence[QueueEntry]:
        """All that waits or runs, oldest first (eventually consistent).

        Of each shard of the index it gives the first ``QUEUE_READ``; discarded jobs are not in it.
        """
        ...

    async def identify(self, new: StoreIdentity) -> StoreIdentity:
        """Who this store is: ``new`` if it has no identity yet, which is then its own for ever.

        Another answer than before means another store: what was in the former one is not here.
        """
        ...
