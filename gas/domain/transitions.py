"""Every change that a job can go through, as pure functions.

Each takes the record as it was read and gives the change to write, or raises
InvalidTransitionError. The table in ``states`` says which steps are allowed; the store makes
the same demand again as the condition of its write (rule R2). Events travel in the record's
outbox (rule R4). What an owner does whatever the state is in ``owner_steps``.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from gas.domain.change import Change, about, step
from gas.domain.errors import InvalidTransitionError
from gas.domain.history import Moment, What
from gas.domain.job import Failure, InputFile, Job, Progress, ResultFile
from gas.domain.states import Step, Storage
from gas.messages import (
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    JobRequested,
    RestoreRequested,
    ResultArchived,
    ResultRestored,
    RetrievalStarted,
    new_id,
)


def create(
    user_id: str,
    job_id: str,
    genome: str,
    upload: InputFile,
    correlation_id: str,
    now: datetime,
    *,
    name: str | None = None,
    rerun_of: str | None = None,
) -> Change:
    """A draft: the record is there before anything can be uploaded."""
    job = Job(
        user_id=user_id,
        job_id=job_id,
        correlation_id=correlation_id,
        write_id=new_id(),
        name=name,
        genome=genome,
        input=upload,
        rerun_of=rerun_of,
        created_at=now,
        history=(Moment(what=What.CREATED, at=now),),
    )
    return Change(None, job)


def submit(job: Job, uploaded: InputFile, now: datetime) -> Change:
    return step(job, Step.SUBMIT, now, about(job, JobRequested), input=uploaded, submitted_at=now)


def claim(job: Job, lease: timedelta, now: datetime) -> Change:
    """Take the job for annotation; a job held by a live worker cannot be taken."""
    _require_free(job, now)
    return step(
        job,
        Step.CLAIM,
        now,
        attempt=job.attempt + 1,
        lease_until=now + lease,
        started_at=now,
        progress=None,
    )


def release(job: Job, now: datetime, *, crashed: bool = False, excused: bool = False) -> Change:
    """Give the job back for another try.

    ``crashed`` counts a death of the parser, ``excused`` an attempt that nobody holds against it.
    """
    return step(
        job,
        Step.RELEASE,
        now,
        detail="crashed" if crashed else "interrupted" if excused else None,
        lease_until=None,
        progress=None,
        crashes=job.crashes + int(crashed),
        excused=job.excused + int(excused),
    )


def complete(
    job: Job, files: tuple[ResultFile, ...], retention: timedelta, now: datetime
) -> Change:
    """The result is uploaded. Whether it is archived in the end, the plan of that day says."""
    return step(
        job,
        Step.COMPLETE,
        now,
        about(job, JobCompleted),
        files=files,
        completed_at=now,
        archive_due_at=now + retention,
        lease_until=None,
    )


def fail(job: Job, failure: Failure, now: datetime, *, progress: Progress | None = None) -> Change:
    """The job ends without a result; ``progress`` is how far it came, and its log."""
    return step(
        job,
        Step.FAIL,
        now,
        about(job, JobFailed),
        detail=failure.code,
        failure=failure,
        progress=progress or job.progress,
        completed_at=now,
        lease_until=None,
    )


def cancel(job: Job, now: datetime) -> Change:
    """A running annotation notices at its next heartbeat, and stops."""
    return step(job, Step.CANCEL, now, completed_at=now, lease_until=None)


def schedule_archive(job: Job, retention: timedelta, now: datetime) -> Change:
    return step(
        job,
        Step.SCHEDULE_ARCHIVE,
        now,
        about(job, ArchiveRequested),
        archive_due_at=now + retention,
    )


def keep(job: Job, now: datetime) -> Change:
    """The owner's plan keeps results at hand: no archiving until the plan changes."""
    return step(job, Step.KEEP, now, archive_due_at=None)


def begin_archive(job: Job, lease: timedelta, now: datetime) -> Change:
    """Claim the archiving; what an earlier claim may have made is left over."""
    _require_free(job, now)
    abandoned = job.keys_of_attempt if job.storage is Storage.ARCHIVING else ()
    return step(
        job,
        Step.BEGIN_ARCHIVE,
        now,
        attempt=job.attempt + 1,
        lease_until=now + lease,
        leftover_archives=job.leftover_archives + abandoned,
    )


def abandon_archive(job: Job, now: datetime) -> Change:
    """The plan changed meanwhile: the result stays, the copies made so far are left over."""
    return step(
        job,
        Step.ABANDON_ARCHIVE,
        now,
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
    return step(
        job,
        Step.ARCHIVE,
        now,
        *([about(job, ResultArchived)] if archived else []),
        files=files,
        archived_at=now,
        archive_due_at=None,
        lease_until=None,
        leftover_objects=job.leftover_objects + originals,
    )


def begin_restore(job: Job, now: datetime) -> Change:
    return step(job, Step.BEGIN_RESTORE, now, about(job, RetrievalStarted), retrieval_tier=None)


def note_retrieval(job: Job, tier: str, now: datetime, *, lost: Collection[str] = ()) -> Change:
    """The archive took the request, at this tier (Expedited or Standard).

    It does not know the files named in ``lost``.
    """
    known = job.with_lost(lost)
    return step(job, Step.NOTE_RETRIEVAL, now, detail=tier, files=known.files, retrieval_tier=tier)


def begin_thaw(job: Job, lease: timedelta, now: datetime) -> Change:
    """Claim the copying back; what an earlier claim may have made is left over."""
    _require_free(job, now)
    abandoned = job.keys_of_attempt if job.lease_until else ()
    return step(
        job,
        Step.BEGIN_THAW,
        now,
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
    return step(
        job,
        Step.RESTORE,
        now,
        *([about(job, ResultRestored)] if back else []),
        about(job, ArchiveRequested),
        files=files,
        restored_at=now,
        archive_due_at=now + retention,
        lease_until=None,
        leftover_archives=job.leftover_archives + tuple(back.values()),
    )


def tidy(job: Job, objects: tuple[str, ...], archives: tuple[str, ...]) -> Change:
    """These leftovers are deleted."""
    return step(
        job,
        Step.TIDY,
        None,
        leftover_objects=tuple(k for k in job.leftover_objects if k not in objects),
        leftover_archives=tuple(a for a in job.leftover_archives if a not in archives),
    )


def delete(job: Job) -> Change:
    """From here on the job is gone for its owner; the reconciler erases what there is.

    That is also what an archiver may just be making, of which only the names are known.
    """
    begun = job.keys_of_attempt if job.storage is Storage.ARCHIVING else ()
    return step(
        job,
        Step.DELETE,
        None,
        lease_until=None,
        outbox=(),
        leftover_archives=job.leftover_archives + begun,
    )


def restore_request(job: Job) -> RestoreRequested:
    return about(job, RestoreRequested)


def holds_lease(job: Job, now: datetime) -> bool:
    """Whether a worker that is believed to live has the job."""
    return job.lease_until is not None and job.lease_until > now


def _require_free(job: Job, now: datetime) -> None:
    if holds_lease(job, now):
        raise InvalidTransitionError(f"Job {job.job_id} is held by a worker.")
