"""Every change that a job can go through, as pure functions.

Each takes the record as it was read and gives the change to write, or raises
InvalidTransitionError. The table in ``states`` says which steps are allowed; the store makes
the same demand again as the condition of its write (rule R2). Events travel in the record's
outbox (rule R4).

One file, though a little over 300 lines: what one step leaves behind another takes up, so they
are read side by side, in the order of a job's life.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from gas.domain.errors import InvalidTransitionError
from gas.domain.job import Failure, InputFile, Job, ResultFile
from gas.domain.states import MOVES, JobStatus, Step, Storage
from gas.messages import (
    AnyMessage,
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    JobMessage,
    JobRequested,
    RestoreRequested,
    ResultArchived,
    ResultRestored,
    RetrievalStarted,
    new_id,
)

M = TypeVar("M", bound=JobMessage)


@dataclass(frozen=True)
class Change:
    """A job before and after a step; ``before`` is None when the job is new."""

    before: Job | None
    after: Job


def create(
    user_id: str, job_id: str, genome: str, upload: InputFile, correlation_id: str, now: datetime
) -> Change:
    """A draft: the record is there before anything can be uploaded."""
    job = Job(
        user_id=user_id,
        job_id=job_id,
        correlation_id=correlation_id,
        write_id=new_id(),
        genome=genome,
        input=upload,
        created_at=now,
    )
    return Change(None, job)


def submit(job: Job, uploaded: InputFile, now: datetime) -> Change:
    return _step(job, Step.SUBMIT, [_about(job, JobRequested)], input=uploaded, submitted_at=now)


def claim(job: Job, lease: timedelta, now: datetime) -> Change:
    """Take the job for annotation; a job held by a live worker cannot be taken."""
    _require_free(job, now)
    return _step(
        job,
        Step.CLAIM,
        attempt=job.attempt + 1,
        lease_until=now + lease,
        started_at=now,
        progress=None,
    )


def release(job: Job, *, crashed: bool = False, excused: bool = False) -> Change:
    """Give the job back for another try.

    ``crashed`` counts a death of the parser, ``excused`` an attempt that nobody holds against it.
    """
    return _step(
        job,
        Step.RELEASE,
        lease_until=None,
        progress=None,
        crashes=job.crashes + int(crashed),
        excused=job.excused + int(excused),
    )


def complete(
    job: Job, files: tuple[ResultFile, ...], retention: timedelta, now: datetime
) -> Change:
    """The result is uploaded. Whether it is archived in the end, the plan of that day says."""
    return _step(
        job,
        Step.COMPLETE,
        [_about(job, JobCompleted)],
        files=files,
        completed_at=now,
        archive_due_at=now + retention,
        lease_until=None,
    )


def fail(job: Job, failure: Failure, now: datetime) -> Change:
    return _step(
        job,
        Step.FAIL,
        [_about(job, JobFailed)],
        failure=failure,
        completed_at=now,
        lease_until=None,
    )


def cancel(job: Job, now: datetime) -> Change:
    """A running annotation notices at its next heartbeat, and stops."""
    return _step(job, Step.CANCEL, completed_at=now, lease_until=None)


def schedule_archive(job: Job, retention: timedelta, now: datetime) -> Change:
    return _step(
        job,
        Step.SCHEDULE_ARCHIVE,
        [_about(job, ArchiveRequested)],
        archive_due_at=now + retention,
    )


def keep(job: Job) -> Change:
    """The owner's plan keeps results at hand: no archiving until the plan changes."""
    return _step(job, Step.KEEP, archive_due_at=None)


def begin_archive(job: Job, lease: timedelta, now: datetime) -> Change:
    """Claim the archiving; what an earlier claim may have made is left over."""
    _require_free(job, now)
    abandoned = job.keys_of_attempt if job.storage is Storage.ARCHIVING else ()
    return _step(
        job,
        Step.BEGIN_ARCHIVE,
        attempt=job.attempt + 1,
        lease_until=now + lease,
        leftover_archives=job.leftover_archives + abandoned,
    )


def abandon_archive(job: Job) -> Change:
    """The plan changed meanwhile: the result stays, the copies made so far are left over."""
    return _step(
        job,
        Step.ABANDON_ARCHIVE,
        lease_until=None,
        archive_due_at=None,
        leftover_archives=job.leftover_archives + job.keys_of_attempt,
    )


def archive(
    job: Job, archive_ids: dict[str, str], now: datetime, *, lost: Collection[str] = ()
) -> Change:
    """All files that go to the archive are there, verified, under ``archive_ids`` by name.

    Those named in ``lost`` were gone before. Nothing is deleted for them: should one be found
    after all, it is still there. Where nothing was archived, there is nothing to tell.
    """
    known = job.with_lost(lost)
    archived = known.archivable
    originals = tuple(file.key for file in archived if file.key)
    files = tuple(
        file.model_copy(update={"key": None, "archive_id": archive_ids[file.name]})
        if file in archived
        else file
        for file in known.files
    )
    return _step(
        job,
        Step.ARCHIVE,
        [_about(job, ResultArchived)] if archived else [],
        files=files,
        archived_at=now,
        archive_due_at=None,
        lease_until=None,
        leftover_objects=job.leftover_objects + originals,
    )


def begin_restore(job: Job) -> Change:
    return _step(job, Step.BEGIN_RESTORE, [_about(job, RetrievalStarted)], retrieval_tier=None)


def note_retrieval(job: Job, tier: str, *, lost: Collection[str] = ()) -> Change:
    """The archive took the request, at this tier (Expedited or Standard).

    It does not know the files named in ``lost``.
    """
    known = job.with_lost(lost)
    return _step(job, Step.NOTE_RETRIEVAL, files=known.files, retrieval_tier=tier)


def begin_thaw(job: Job, lease: timedelta, now: datetime) -> Change:
    """Claim the copying back; what an earlier claim may have made is left over."""
    _require_free(job, now)
    abandoned = job.keys_of_attempt if job.lease_until else ()
    return _step(
        job,
        Step.BEGIN_THAW,
        attempt=job.attempt + 1,
        lease_until=now + lease,
        leftover_objects=job.leftover_objects + abandoned,
    )


def restore(
    job: Job,
    keys: dict[str, str],
    retention: timedelta,
    now: datetime,
    *,
    lost: Collection[str] = (),
) -> Change:
    """All files are back, verified, under ``keys`` by name, but for those named in ``lost``.

    A fresh due time is set whatever the plan: the archiver looks at the plan of that day, so a
    downgrade during the retrieval is not missed.
    """
    known = job.with_lost(lost)
    back = known.resting
    files = tuple(
        file.model_copy(update={"key": keys[file.name], "archive_id": None})
        if file.name in back
        else file
        for file in known.files
    )
    return _step(
        job,
        Step.RESTORE,
        [*([_about(job, ResultRestored)] if back else []), _about(job, ArchiveRequested)],
        files=files,
        restored_at=now,
        archive_due_at=now + retention,
        lease_until=None,
        leftover_archives=job.leftover_archives + tuple(back.values()),
    )


def tidy(job: Job, objects: tuple[str, ...], archives: tuple[str, ...]) -> Change:
    """These leftovers are deleted."""
    return _step(
        job,
        Step.TIDY,
        leftover_objects=tuple(k for k in job.leftover_objects if k not in objects),
        leftover_archives=tuple(a for a in job.leftover_archives if a not in archives),
    )


def delete(job: Job) -> Change:
    """From here on the job is gone for its owner; the reconciler erases what there is.

    That is also what an archiver may just be making, of which only the names are known.
    """
    begun = job.keys_of_attempt if job.storage is Storage.ARCHIVING else ()
    return _step(
        job,
        Step.DELETE,
        lease_until=None,
        outbox=(),
        leftover_archives=job.leftover_archives + begun,
    )


def restore_request(job: Job) -> RestoreRequested:
    return _about(job, RestoreRequested)


def holds_lease(job: Job, now: datetime) -> bool:
    """Whether a worker that is believed to live has the job."""
    return job.lease_until is not None and job.lease_until > now


def _require_free(job: Job, now: datetime) -> None:
    if holds_lease(job, now):
        raise InvalidTransitionError(f"Job {job.job_id} is held by a worker.")


def _about(job: Job, message: type[M]) -> M:
    return message(user_id=job.user_id, job_id=job.job_id, correlation_id=job.correlation_id)


def _step(job: Job, step: Step, events: list[AnyMessage] | None = None, **changes: Any) -> Change:
    move = MOVES[step]
    if job.state not in move.sources:
        raise InvalidTransitionError(f"Cannot {step} a job that is {job.state}.")
    target = move.target or job.state
    after = job.model_copy(
        update={
            "outbox": job.outbox + tuple(events or ()),
            **changes,
            "status": target.status,
            "storage": target.storage if target.status is JobStatus.COMPLETED else None,
            "version": job.version + 1,
            "write_id": new_id(),
        }
    )
    return Change(job, after)
