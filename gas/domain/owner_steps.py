"""What the owner of a job does to its record: name it, discard it, take it back.

None of these takes the job out of a worker's hands, whatever state it is in. A worker that read the
record before may go on: ``rebased`` puts its change onto the record as the owner left it.
"""

from datetime import datetime, timedelta

from gas.domain.change import Change, step
from gas.domain.history import added
from gas.domain.job import Job
from gas.domain.states import JobStatus, Step


def choose_genome(job: Job, genome: str, now: datetime) -> Change:
    """Which genome it is to be annotated by; only a draft has the choice."""
    return step(job, Step.CHOOSE_GENOME, now, genome=genome)


def rename(job: Job, name: str | None, now: datetime) -> Change:
    """Give the job a name, or with None let its file's name do."""
    return step(job, Step.RENAME, now, detail=name, name=name, edits=job.edits + 1)


def discard(job: Job, undo: timedelta, now: datetime) -> Change:
    """From here on the job is gone for its owner, who can take it back while ``undo`` lasts."""
    return step(job, Step.DISCARD, now, erase_at=now + undo, edits=job.edits + 1)


def undiscard(job: Job, now: datetime) -> Change:
    return step(job, Step.UNDISCARD, now, erase_at=None, edits=job.edits + 1)


def rebased(change: Change, latest: Job) -> Change | None:
    """The change of a worker, made from ``latest`` instead, where only the owner came between.

    None where more than that happened, or where it matters to the step: to a deletion, which
    may be due to a discarding that was just undone, to what the owner does, and to a claim, when
    the lease was renewed meanwhile.
    """
    before, after = change.before, change.after
    if before is None or after.edits != before.edits or after.status is JobStatus.DELETING:
        return None
    edits = latest.edits - before.edits
    if edits < 1 or latest.version - before.version != edits:
        return None
    if after.attempt != before.attempt and latest.lease_until != before.lease_until:
        return None
    history = latest.history
    if after.history != before.history:
        history = added(history, after.history[-1])
    onto = {
        "name": latest.name,
        "erase_at": latest.erase_at,
        "edits": latest.edits,
        "history": history,
        "version": latest.version + 1,
    }
    return Change(latest, after.model_copy(update=onto))
