"""The page of a job, put together: what is so now, what happened, what comes next."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gas.domain.advice import advice
from gas.domain.history import What
from gas.domain.job import Job
from gas.domain.plan import Account, Plan
from gas.domain.states import JobStatus, Storage
from gas.domain.transitions import holds_lease
from services.api.context import Context
from services.api.jobs.queue import Place
from services.api.views.jobs import JobView
from services.api.web.result_parts import ResultParts, result_parts
from services.api.web.retrieval_times import TYPICAL_RETRIEVAL
from services.api.web.timeline import Entry, is_shortened, timeline

_MOVING = timedelta(seconds=2)
_SOON = timedelta(seconds=15)
_NEAR = timedelta(minutes=5)
_LATEST = timedelta(hours=6)
_MAILS_TAKE = timedelta(minutes=2)
_UPGRADE_TAKES = timedelta(minutes=2)
_SLOW_TIER = "Standard"

_ENDED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})
_WAITING = frozenset({JobStatus.SUBMITTED, JobStatus.RUNNING})
# What changes without anything to be seen, as when a worker renews its lease.
_UNSEEN = {"write_id", "version", "edits", "outbox", "due_at", "lease_until"} | {
    "leftover_objects",
    "leftover_archives",
}


@dataclass(frozen=True)
class Log:
    """What the annotation had to say until now; ``is_whole`` is false where only the end is given."""

    text: str
    is_whole: bool


@dataclass(frozen=True)
class JobPage:
    """Everything that the templates need; ``plan`` is the owner's."""

    job: Job
    view: JobView
    plan: Plan
    retention: timedelta
    place: Place | None
    entries: Sequence[Entry]
    log: Log | None
    result: ResultParts
    now: datetime

    @property
    def base(self) -> str:
        """The address of this page; those of its parts begin with it."""
        return f"/jobs/{self.job.job_id}"

    @property
    def advice(self) -> str:
        """What to do about a failure."""
        return advice(self.job.failure.code) if self.job.failure else ""

    @property
    def is_history_shortened(self) -> bool:
        return is_shortened(self.job)

    @property
    def can_cancel(self) -> bool:
        return self.job.status in _WAITING

    @property
    def can_rerun(self) -> bool:
        return self.job.status in _ENDED and self.job.input.size is not None

    @property
    def attempt(self) -> int:
        """Which try at the annotation this is."""
        return sum(moment.what == What.STARTED for moment in self.job.history)

    @property
    def is_copying_back(self) -> bool:
        """Whether the archive has handed the files out, and they are being verified."""
        return self.job.storage is Storage.RESTORING and holds_lease(self.job, self.now)

    @property
    def retrieval_since(self) -> datetime | None:
        """When the archive accepted the retrieval, or else when it was asked."""
        wanted = {What.RETRIEVAL_REQUESTED, What.RETRIEVAL_ACCEPTED}
        moments = [moment.at for moment in self.job.history if moment.what in wanted]
        return moments[-1] if moments else None

    @property
    def expected_back(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest moment, as a rule; None where that cannot be told."""
        typical = TYPICAL_RETRIEVAL.get(self.job.retrieval_tier or "")
        since = self.retrieval_since
        return (since + typical[0], since + typical[1]) if typical and since else None

    @property
    def is_overdue(self) -> bool:
        return self.expected_back is not None and self.expected_back[1] < self.now

    @property
    def poll_seconds(self) -> float | None:
        """When to look again; None when nothing is going to happen by itself."""
        wait = self._wait()
        return max(1.0, round(min(wait, _LATEST).total_seconds())) if wait is not None else None

    def _wait(self) -> timedelta | None:
        job = self.job
        if job.status in _WAITING:
            return _MOVING
        if job.status is JobStatus.COMPLETED and job.storage is not Storage.AVAILABLE:
            return self._wait_for_archive()
        ended = job.restored_at or job.completed_at
        if ended and self._awaits_mail(ended):
            return _MOVING * 2
        due = self.view.archive_due_at
        if job.storage is Storage.AVAILABLE and due:
            return _wait_until(due - self.now)
        return None

    def _wait_for_archive(self) -> timedelta | None:
        job = self.job
        if job.storage is Storage.RESTORING and job.retrieval_tier == _SLOW_TIER:
            return _MOVING if self.is_copying_back else _SOON
        if job.storage is not Storage.ARCHIVED or self.plan is Plan.PREMIUM:
            return _MOVING
        # An upgrade may be made in another window, which this page would not be told of.
        recently = job.archived_at is not None and self.now - job.archived_at < _UPGRADE_TAKES
        return _MOVING * 2 if recently else None

    def _awaits_mail(self, since: datetime) -> bool:
        """Whether a mail about what happened then may still have to be told of."""
        is_mailed = any(entry.state == "mail" and entry.at >= since for entry in self.entries)
        return not is_mailed and self.now - since < _MAILS_TAKE

    @property
    def seen(self) -> str:
        """The same for what looks the same: who has seen it need not be told again."""
        said = (
            self.job.model_dump_json(exclude=_UNSEEN),
            self.plan,
            self.place,
            self.entries,
            self.is_copying_back,
            self.is_overdue,
            self.poll_seconds,
            self.result.summary is None,
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _wait_until(left: timedelta) -> timedelta:
    """Seldom while there is time; when it comes near, often enough to be believed."""
    return left - _NEAR if left > _NEAR * 2 else min(max(left, _MOVING), _SOON)


async def job_page(job: Job, account: Account, context: Context) -> JobPage:
    """Raises TransientError when a store cannot answer."""
    waits = job.status is JobStatus.SUBMITTED
    mails = await context.ports.sent_mails.of_job(job.user_id, job.job_id)
    return JobPage(
        job=job,
        view=JobView.of(job, account.plan),
        plan=account.plan,
        retention=context.settings.free_retention,
        place=await context.queue_view.place_of(job) if waits else None,
        entries=timeline(job, mails),
        log=await _log(job, context),
        result=await result_parts(job, context.documents),
        now=context.clock(),
    )


async def _log(job: Job, context: Context) -> Log | None:
    """The file, once there is one; until then the lines that the annotator sends along."""
    if found := await context.documents.log(job):
        return Log(*found)
    if job.progress and job.progress.log:
        return Log("\n".join(job.progress.log), is_whole=True)
    return None
