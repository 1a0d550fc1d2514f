"""The queue as those see it who wait in it."""

import asyncio
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.ports import JobStore, QueueEntry
from gas.runtime.records import Clock, utc_now
from gas.runtime.topology import QUEUE_READ

_KEPT = timedelta(seconds=1)
_TELLING_FRACTION = 0.02
"""What is less done than that tells nothing of how long it will take."""


@dataclass(frozen=True)
class Place:
    """Where a job stands that waits: 1 is next, or later still where ``at_least`` says so.

    ``ahead_yours`` of those before it are of the same user. ``starts_in`` is an estimate, None where
    nothing runs that it could be made from.
    """

    position: int
    ahead_yours: int
    starts_in: timedelta | None
    at_least: bool = False


@dataclass(frozen=True)
class Running:
    """A job with an annotator: for how long, and the ``fraction`` of it that is done."""

    elapsed: timedelta
    fraction: float


class QueueView:
    """Looks at the index of what waits and runs, which is some moments behind the records.

    The annotators take jobs about in the order in which they were submitted: SQS promises no more.
    """

    def __init__(self, jobs: JobStore, clock: Clock = utc_now) -> None:
        self._jobs = jobs
        self._clock = clock
        self._turn = asyncio.Lock()
        self._entries: Sequence[QueueEntry] = ()
        self._read_at: datetime | None = None

    async def place_of(self, job: Job) -> Place | None:
        """None for a job that does not wait."""
        if job.status is not JobStatus.SUBMITTED or job.submitted_at is None:
            return None
        entries = await self._latest()
        before = [
            entry
            for entry in entries
            if entry.status is JobStatus.SUBMITTED
            and (entry.submitted_at, entry.job_id) < (job.submitted_at, job.job_id)
        ]
        position = len(before) + 1
        unseen = all(entry.job_id != job.job_id for entry in entries)
        return Place(
            position=position,
            ahead_yours=sum(entry.user_id == job.user_id for entry in before),
            starts_in=estimate_start(position, self._running(entries)),
            at_least=unseen and len(before) >= QUEUE_READ,
        )

    async def active_jobs(self, user_id: str) -> int:
        """How many of a user's jobs wait or run, as the index knows just now."""
        return sum(entry.user_id == user_id for entry in await self._jobs.queue())

    async def _latest(self) -> Sequence[QueueEntry]:
        """Read once for all who look at it in the same second."""
        async with self._turn:
            now = self._clock()
            if self._read_at is None or now - self._read_at >= _KEPT:
                self._entries, self._read_at = await self._jobs.queue(), now
            return self._entries

    def _running(self, entries: Sequence[QueueEntry]) -> list[Running]:
        now = self._clock()
        return [
            Running(now - entry.started_at, entry.fraction)
            for entry in entries
            if entry.status is JobStatus.RUNNING and entry.started_at is not None
        ]


def estimate_start(position: int, running: Sequence[Running]) -> timedelta | None:
    """When the job at a position (from 1) gets an annotator, if all goes on as it goes now.

    Each running job is taken to go on at its own speed; the next one in its place takes as long as
    is usual among those that run. None where none of them tells how long it takes.
    """
    telling = [job for job in running if job.fraction >= _TELLING_FRACTION]
    if not telling:
        return None
    seconds = median((job.elapsed / job.fraction).total_seconds() for job in telling)
    usual = timedelta(seconds=seconds)
    free_in = [max(_total(job, usual) - job.elapsed, timedelta(0)) for job in running]
    heapq.heapify(free_in)
    for _ in range(position - 1):
        heapq.heapreplace(free_in, free_in[0] + usual)
    return free_in[0]


def _total(job: Running, usual: timedelta) -> timedelta:
    return job.elapsed / job.fraction if job.fraction >= _TELLING_FRACTION else usual
