"""Telling the owner of a result that it will be archived soon."""

from datetime import datetime, timedelta

from gas.domain.change import Change, about, step
from gas.domain.errors import InvalidTransitionError
from gas.domain.job import Job
from gas.domain.states import AVAILABLE, Step
from gas.messages import ResultArchiveSoon

_LONGEST_NOTICE = timedelta(hours=48)


def archive_notice(retention: timedelta) -> timedelta:
    """How long before a result is archived its owner is told: 48 hours, or a tenth of the time."""
    return min(_LONGEST_NOTICE, retention / 10)


def announcement_at(job: Job, notice: timedelta) -> datetime | None:
    """The moment from which on the owner is to be told; None when there is nothing to tell.

    From ``archive_due_at`` on it is too late, though the moment stays.
    """
    if job.state != AVAILABLE or job.archive_due_at is None or job.archive_announced_at:
        return None
    return job.archive_due_at - notice


def is_to_be_announced(job: Job, notice: timedelta, now: datetime) -> bool:
    """Whether now is the time. Of what its owner discarded there is nothing to tell."""
    at = announcement_at(job, notice)
    if at is None or job.archive_due_at is None or job.is_gone:
        return False
    return at <= now < job.archive_due_at


def announce_archive(job: Job, now: datetime) -> Change:
    """Once for each due time: a step that sets another one forgets the announcement."""
    if job.archive_due_at is None or job.archive_announced_at is not None:
        raise InvalidTransitionError(f"The archiving of job {job.job_id} is not to be announced.")
    event = about(job, ResultArchiveSoon)
    return step(job, Step.ANNOUNCE_ARCHIVE, now, event, archive_announced_at=now)
