"""When somebody must look at a job again, should every message about it get lost (rule R6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gas.domain.announcing import announcement_at
from gas.domain.job import Job
from gas.domain.states import ARCHIVING, AVAILABLE, DELETING, DRAFT, RESTORING, RUNNING, SUBMITTED


@dataclass(frozen=True)
class Timings:
    """How patient the reconciler is.

    ``unheard``: how long a message gets to show an effect before it is said again;
    ``draft_lifetime``: how long a draft may wait for its upload; ``archive_notice``: how long
    before a result is archived its owner is told, 0 for never.
    """

    unheard: timedelta = timedelta(minutes=2)
    draft_lifetime: timedelta = timedelta(hours=24)
    archive_notice: timedelta = timedelta(0)


def next_look(job: Job, now: datetime, timings: Timings) -> datetime | None:
    """The moment of the next look, or None when nothing is left to happen by itself."""
    soon = now + timings.unheard
    looks: list[datetime] = []
    if job.outbox or job.leftover_objects or job.leftover_archives:
        looks.append(soon)
    if job.erase_at:
        looks.append(job.erase_at)
    match job.state:
        case s if s == DELETING:
            looks.append(now)
        case s if s == DRAFT:
            looks.append(job.created_at + timings.draft_lifetime)
        case s if s == SUBMITTED:
            looks.append(soon)
        case s if s in {RUNNING, ARCHIVING, RESTORING}:
            looks.append(job.lease_until or soon)
        case s if s == AVAILABLE and job.archive_due_at:
            looks.append(announcement_at(job, timings.archive_notice) or job.archive_due_at)
    return min(looks, default=None)
