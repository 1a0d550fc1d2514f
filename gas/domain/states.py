"""The states of a job, and the one table of the steps between them."""

from enum import StrEnum
from typing import NamedTuple


class JobStatus(StrEnum):
    """Where a job is."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    DELETING = "DELETING"


class Storage(StrEnum):
    """Where the result of a completed job is."""

    AVAILABLE = "AVAILABLE"
    ARCHIVING = "ARCHIVING"
    ARCHIVED = "ARCHIVED"
    RESTORING = "RESTORING"


class State(NamedTuple):
    """Status and storage together; storage is only there once a job is completed."""

    status: JobStatus
    storage: Storage | None = None

    def __str__(self) -> str:
        return f"{self.status}/{self.storage}" if self.storage else str(self.status)


DRAFT = State(JobStatus.DRAFT)
SUBMITTED = State(JobStatus.SUBMITTED)
RUNNING = State(JobStatus.RUNNING)
FAILED = State(JobStatus.FAILED)
CANCELLED = State(JobStatus.CANCELLED)
DELETING = State(JobStatus.DELETING)
AVAILABLE = State(JobStatus.COMPLETED, Storage.AVAILABLE)
ARCHIVING = State(JobStatus.COMPLETED, Storage.ARCHIVING)
ARCHIVED = State(JobStatus.COMPLETED, Storage.ARCHIVED)
RESTORING = State(JobStatus.COMPLETED, Storage.RESTORING)

ALL_STATES = frozenset(
    {
        DRAFT,
        SUBMITTED,
        RUNNING,
        FAILED,
        CANCELLED,
        DELETING,
        AVAILABLE,
        ARCHIVING,
        ARCHIVED,
        RESTORING,
    }
)


class Step(StrEnum):
    """Everything that can happen to a job."""

    CHOOSE_GENOME = "choose the genome of"
    SUBMIT = "submit"
    CLAIM = "claim"
    RELEASE = "release"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"
    SCHEDULE_ARCHIVE = "schedule archive"
    ANNOUNCE_ARCHIVE = "announce the archiving of"
    KEEP = "keep"
    BEGIN_ARCHIVE = "begin archive"
    ABANDON_ARCHIVE = "abandon archive"
    ARCHIVE = "archive"
    BEGIN_RESTORE = "begin restore"
    NOTE_RETRIEVAL = "note retrieval"
    BEGIN_THAW = "begin thaw"
    RESTORE = "restore"
    TIDY = "tidy"
    RENAME = "rename"
    DISCARD = "discard"
    UNDISCARD = "take back"
    DELETE = "delete"


class Move(NamedTuple):
    """From which states a step may start, and where it ends (None: where it started)."""

    sources: frozenset[State]
    target: State | None


def _move(target: State | None, *sources: State) -> Move:
    return Move(frozenset(sources), target)


MOVES: dict[Step, Move] = {
    Step.CHOOSE_GENOME: _move(DRAFT, DRAFT),
    Step.SUBMIT: _move(SUBMITTED, DRAFT),
    Step.CLAIM: _move(RUNNING, SUBMITTED, RUNNING),
    Step.RELEASE: _move(SUBMITTED, RUNNING),
    Step.COMPLETE: _move(AVAILABLE, RUNNING),
    Step.FAIL: _move(FAILED, SUBMITTED, RUNNING),
    Step.CANCEL: _move(CANCELLED, SUBMITTED, RUNNING),
    Step.SCHEDULE_ARCHIVE: _move(AVAILABLE, AVAILABLE),
    Step.ANNOUNCE_ARCHIVE: _move(AVAILABLE, AVAILABLE),
    Step.KEEP: _move(AVAILABLE, AVAILABLE),
    Step.BEGIN_ARCHIVE: _move(ARCHIVING, AVAILABLE, ARCHIVING),
    Step.ABANDON_ARCHIVE: _move(AVAILABLE, ARCHIVING),
    Step.ARCHIVE: _move(ARCHIVED, ARCHIVING),
    Step.BEGIN_RESTORE: _move(RESTORING, ARCHIVED),
    Step.NOTE_RETRIEVAL: _move(RESTORING, RESTORING),
    Step.BEGIN_THAW: _move(RESTORING, RESTORING),
    Step.RESTORE: _move(AVAILABLE, RESTORING),
    Step.TIDY: Move(ALL_STATES - {DELETING}, None),
    Step.RENAME: Move(ALL_STATES - {DELETING}, None),
    Step.DISCARD: Move(ALL_STATES - {DELETING}, None),
    Step.UNDISCARD: Move(ALL_STATES - {DELETING}, None),
    Step.DELETE: Move(ALL_STATES, DELETING),
}
