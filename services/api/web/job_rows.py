"""What the list says of each job, and when it is worth a new look."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from gas.domain.job import Job
from gas.domain.plan import Plan
from gas.domain.states import JobStatus, Storage
from services.api.jobs.queue import Place
from services.api.views.jobs import JobView

_MOVING = timedelta(seconds=2)
_DUE_SOON = timedelta(seconds=15)
_DUE_LATER = timedelta(minutes=5)  # somebody may upgrade, a clock may be wrong


@dataclass(frozen=True)
class JobRow:
    """A job of the list; ``plan`` is its owner's, ``place`` its place in line while it waits."""

    job: JobView
    plan: Plan
    place: Place | None = None

    @classmethod
    def of(cls, job: Job, plan: Plan, place: Place | None) -> Self:
        return cls(JobView.of(job, plan), plan, place)

    @property
    def is_moving(self) -> bool:
        """Whether a service is at work on it, or about to be: Premium brings all back."""
        moves = {Storage.ARCHIVING, Storage.RESTORING}
        if self.plan is Plan.PREMIUM:
            moves.add(Storage.ARCHIVED)
        return self.is_under_way or self.job.storage in moves

    @property
    def is_under_way(self) -> bool:
        return self.job.status in {JobStatus.SUBMITTED, JobStatus.RUNNING}

    @property
    def has_results(self) -> bool:
        return self.job.storage is Storage.AVAILABLE

    @property
    def can_rerun(self) -> bool:
        ended = {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}
        return self.job.status in ended and self.job.size is not None


def next_look(rows: Iterable[JobRow], now: datetime) -> int | None:
    """In how many seconds the list may be another one; None when nothing happens by itself."""
    waits = [wait for row in rows if (wait := _wait(row, now)) is not None]
    return round(min(waits).total_seconds()) if waits else None


def fingerprint(rows: Sequence[JobRow], *more: object) -> str:
    """The same for what looks the same: a page that shows it need not be told again."""
    said = [(row.job.model_dump_json(), row.plan, row.place) for row in rows]
    return hashlib.sha256(repr((said, more)).encode()).hexdigest()[:16]


def _wait(row: JobRow, now: datetime) -> timedelta | None:
    if row.is_moving:
        return _MOVING
    due = row.job.archive_due_at
    if row.job.storage is not Storage.AVAILABLE or due is None:
        return None
    if due - now > _DUE_LATER:
        return _DUE_LATER
    return min(max(due - now, _MOVING), _DUE_SOON)
