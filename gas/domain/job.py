"""The record of a job: one item, everything that is known of it."""

from collections.abc import Collection
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from gas.domain.errors import ErrorCode
from gas.domain.history import Moment
from gas.domain.states import JobStatus, State, Storage
from gas.messages import AnyMessage


class Value(BaseModel):
    """An immutable part of a record."""

    model_config = ConfigDict(frozen=True)


class InputFile(Value):
    """What the user uploaded; ``file_name`` is for showing, never part of a key.

    ``size`` (bytes), ``etag`` and ``version_id`` name the version that was submitted: they
    are set at submit, and that version is what the annotator reads. ``sha256`` (hex) is what
    whoever uploaded it said: it recognises a file, and proves nothing.
    """

    key: str
    file_name: str
    size: int | None = None
    etag: str | None = None
    version_id: str | None = None
    sha256: str | None = None


class ResultFile(Value):
    """One file of a result: ``size`` in bytes, ``sha256`` in hex.

    It can be read under ``key``, or rests in the archive as ``archive_id``. A ``lost`` one was
    there by that name, and was looked for in vain.
    """

    name: str
    size: int
    sha256: str
    key: str | None
    archive_id: str | None = None
    goes_to_archive: bool = True
    lost: bool = False

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.key is None) == (self.archive_id is None):
            raise ValueError("a result file is in the store or in the archive, and not in both")
        return self


class Progress(Value):
    """How far an annotation is: ``fraction`` from 0 to 1, records annotated so far.

    ``log`` is what it had to say until now, line by line.
    """

    stage: str
    fraction: float
    records: int = 0
    log: tuple[str, ...] = ()


class Failure(Value):
    """Why a job has no result."""

    code: ErrorCode
    message: str


class Job(Value):
    """One job, whole.

    ``version`` counts the transitions; ``attempt`` counts the claims by workers, names the
    objects they make (rule R3) and fences off a worker that was away.
    Of these, ``excused`` ended through no fault of the job: AWS was away, or the worker had to stop.
    ``write_id`` tells whether a write whose answer got lost was ours. ``edits`` counts those of the
    transitions that were its owner's, and take nothing out of a worker's hands.

    A job with ``erase_at`` was discarded by its owner, who can take it back until then.
    """

    user_id: str
    job_id: str
    correlation_id: str
    version: int = 1
    attempt: int = 0
    edits: int = 0
    write_id: str = ""

    status: JobStatus = JobStatus.DRAFT
    storage: Storage | None = None

    name: str | None = None
    genome: str
    input: InputFile
    rerun_of: str | None = None
    files: tuple[ResultFile, ...] = ()
    progress: Progress | None = None
    failure: Failure | None = None
    retrieval_tier: str | None = None

    lease_until: AwareDatetime | None = None
    crashes: int = 0
    excused: int = 0

    created_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    archived_at: AwareDatetime | None = None
    restored_at: AwareDatetime | None = None
    archive_due_at: AwareDatetime | None = None
    archive_announced_at: AwareDatetime | None = None
    erase_at: AwareDatetime | None = None
    history: tuple[Moment, ...] = ()

    leftover_objects: tuple[str, ...] = ()
    leftover_archives: tuple[str, ...] = ()
    outbox: tuple[AnyMessage, ...] = ()
    due_at: AwareDatetime | None = None

    @property
    def state(self) -> State:
        return State(self.status, self.storage)

    @property
    def title(self) -> str:
        """What to call it: the name that its owner gave it, or else that of the file."""
        return self.name or self.input.file_name

    @property
    def is_gone(self) -> bool:
        """Whether it is gone for its owner: deleted, or discarded (which can be undone)."""
        return self.status is JobStatus.DELETING or self.erase_at is not None

    @property
    def prefix(self) -> str:
        """What the keys of all its objects begin with."""
        return job_prefix(self.user_id, self.job_id)

    @property
    def archivable(self) -> tuple[ResultFile, ...]:
        """The files that go to the archive, unless they are lost.

        Summary, manifest and log stay readable.
        """
        return tuple(file for file in self.files if file.goes_to_archive and not file.lost)

    @property
    def resting(self) -> dict[str, str]:
        """Archive ids, by file name, of all that can be asked of the archive."""
        return {
            file.name: file.archive_id
            for file in self.files
            if file.archive_id is not None and not file.lost
        }

    @property
    def keys_of_attempt(self) -> tuple[str, ...]:
        """What an attempt to move the result may have made, of files now lost too."""
        return tuple(self.object_key(file.name) for file in self.files if file.goes_to_archive)

    def with_lost(self, names: Collection[str]) -> Self:
        """The same with the files of these names marked as lost."""
        files = tuple(
            file.model_copy(update={"lost": True}) if file.name in names else file
            for file in self.files
        )
        return self.model_copy(update={"files": files})

    def file(self, name: str) -> ResultFile | None:
        return next((file for file in self.files if file.name == name), None)

    def object_key(self, name: str) -> str:
        """The key of an object that the current attempt makes (rule R3)."""
        return f"{self.prefix}{self.attempt}/{name}"


def job_prefix(user_id: str, job_id: str) -> str:
    return f"{user_id}/{job_id}/"


def input_key(user_id: str, job_id: str) -> str:
    """Made from ids alone: a file's name never reaches a key."""
    return f"{job_prefix(user_id, job_id)}input"
