"""How a step changes a job: what every transition has in common."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from gas.domain.errors import InvalidTransitionError
from gas.domain.history import remembered
from gas.domain.job import Job
from gas.domain.states import MOVES, JobStatus, Step
from gas.messages import AnyMessage, JobMessage, new_id

M = TypeVar("M", bound=JobMessage)


@dataclass(frozen=True)
class Change:
    """A job before and after a step; ``before`` is None when the job is new."""

    before: Job | None
    after: Job


def step(
    job: Job,
    kind: Step,
    at: datetime | None,
    *events: AnyMessage,
    detail: str | None = None,
    **changes: Any,
) -> Change:
    """Take a step of the table, or raise InvalidTransitionError.

    ``events`` join the outbox, ``changes`` are the fields that become others, and ``detail`` is
    what the history tells of it; ``at`` may be None for a step that it does not tell of.
    """
    move = MOVES[kind]
    if job.state not in move.sources:
        raise InvalidTransitionError(f"Cannot {kind} a job that is {job.state}.")
    target = move.target or job.state
    if "archive_due_at" in changes:  # what was announced was the time before
        changes.setdefault("archive_announced_at", None)
    after = job.model_copy(
        update={
            "outbox": job.outbox + events,
            "history": remembered(job.history, kind, at, detail),
            **changes,
            "status": target.status,
            "storage": target.storage if target.status is JobStatus.COMPLETED else None,
            "version": job.version + 1,
            "write_id": new_id(),
        }
    )
    return Change(job, after)


def about(job: Job, message: type[M]) -> M:
    """A message about a job, on behalf of the request that made it."""
    return message(user_id=job.user_id, job_id=job.job_id, correlation_id=job.correlation_id)
