"""What the list says after an action: told by code and ids, and true by the records.

An address can be sent to anybody, so it holds no sentence, and what it says is looked up: a notice
of a job that is another's, or to which nothing was done, is none.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from urllib.parse import parse_qsl

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.ports import JobStore

_MOST_JOBS = 100


class Action(StrEnum):
    """What can be done to a job of the list."""

    CANCEL = "cancel"
    RERUN = "rerun"
    DELETE = "delete"
    UNDELETE = "undelete"
    RENAME = "rename"


_DONE = {
    Action.CANCEL: "cancelled",
    Action.RERUN: "submitted again",
    Action.DELETE: "deleted",
    Action.UNDELETE: "back",
    Action.RENAME: "the new name",
}

REASONS = {
    ErrorCode.CONFLICTING_STATE: "that is not possible in the state it is in",
    ErrorCode.CONFLICTING_WRITE: "it was changing just then; please try again",
    ErrorCode.JOB_NOT_FOUND: "it is gone",
    ErrorCode.TOO_MANY_JOBS: "your plan's limit of jobs at a time is reached",
    ErrorCode.UPLOAD_MISSING: "it has no finished upload",
    ErrorCode.UPLOAD_TOO_LARGE: "its upload is larger than your plan allows",
    ErrorCode.SERVICE_UNAVAILABLE: "the service was busy; please try again",
}


@dataclass(frozen=True)
class Outcome:
    """What became of an action: the jobs it was done to, and a code for each that it was not."""

    action: Action
    job_ids: tuple[str, ...]
    refused: tuple[ErrorCode, ...] = ()

    @property
    def params(self) -> dict[str, str | list[str]]:
        """For an address, which ``from_query`` reads."""
        return {"did": self.action, "job": list(self.job_ids), "no": list(self.refused)}

    @classmethod
    def from_query(cls, query: str) -> Self | None:
        pairs = parse_qsl(query)
        did = dict(pairs).get("did")
        if did not in set(Action):
            return None
        ids = [value for name, value in pairs if name == "job"]
        codes = [value for name, value in pairs if name == "no"]
        return cls(
            Action(did),
            tuple(ids[:_MOST_JOBS]),
            tuple(ErrorCode(code) for code in codes[:_MOST_JOBS] if code in REASONS),
        )


@dataclass(frozen=True)
class Notice:
    """Sentences for the user; ``undo_ids`` can be brought back until ``undo_until``."""

    sentences: tuple[str, ...]
    is_refusal: bool
    undo_ids: tuple[str, ...] = ()
    undo_until: datetime | None = None


async def notice_of(outcome: Outcome, user_id: str, jobs: JobStore, now: datetime) -> Notice | None:
    """None when nothing is (still) so."""
    found = [await jobs.get(user_id, job_id) for job_id in outcome.job_ids]
    done = [job for job in found if job and _is_so(outcome.action, job, now)]
    sentences = _sentences(outcome, done)
    if not sentences:
        return None
    ends = [job.erase_at for job in done if job.erase_at]
    return Notice(
        tuple(sentences),
        is_refusal=bool(outcome.refused),
        undo_ids=tuple(job.job_id for job in done if job.erase_at),
        undo_until=min(ends, default=None),
    )


def _is_so(action: Action, job: Job, now: datetime) -> bool:
    if job.status is JobStatus.DELETING:
        return False
    if action is Action.DELETE:
        return job.erase_at is not None and job.erase_at > now
    if job.erase_at is not None:
        return False
    match action:
        case Action.CANCEL:
            return job.status is JobStatus.CANCELLED
        case Action.RERUN:
            return job.rerun_of is not None
        case _:
            return True


def _sentences(outcome: Outcome, done: list[Job]) -> Iterable[str]:
    sentences = []
    if done:
        subject = f"“{done[0].title}” is" if len(done) == 1 else f"{len(done)} jobs are"
        sentences.append(f"{subject} {_DONE[outcome.action]}.")
    for code, count in Counter(outcome.refused).items():
        subject = "1 job was" if count == 1 else f"{count} jobs were"
        why = REASONS[code]
        sentences.append(f"{subject} left as before: {why}.")
    return sentences
