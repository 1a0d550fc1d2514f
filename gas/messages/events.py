"""The messages themselves, told apart by ``type``."""

from typing import Annotated, Literal

from pydantic import Field

from gas.messages.envelope import JobMessage, Message


class JobRequested(JobMessage):
    """A job waits for an annotator."""

    type: Literal["job.requested"] = "job.requested"


class JobCompleted(JobMessage):
    """A result is there: mail its owner, and archive it when its time has come."""

    type: Literal["job.completed"] = "job.completed"


class JobFailed(JobMessage):
    """A job ended without a result."""

    type: Literal["job.failed"] = "job.failed"


class ArchiveRequested(JobMessage):
    """A result may be due for the archive."""

    type: Literal["result.archive_requested"] = "result.archive_requested"


class ResultArchiveSoon(JobMessage):
    """A result will be archived before long: its owner may want to act."""

    type: Literal["result.archive_soon"] = "result.archive_soon"


class ResultArchived(JobMessage):
    """A result rests in the archive."""

    type: Literal["result.archived"] = "result.archived"


class PlanChanged(Message):
    """A user's plan is not what it was: bring the storage of the user's results in line."""

    type: Literal["plan.changed"] = "plan.changed"


class RestoreRequested(JobMessage):
    """An archived result of a Premium user should come back."""

    type: Literal["result.restore_requested"] = "result.restore_requested"


class RetrievalStarted(JobMessage):
    """The archive was asked for a result: look whether it is there yet."""

    type: Literal["retrieval.started"] = "retrieval.started"


class RetrievalCompleted(JobMessage):
    """The archive has an answer about an object of this job: look.

    Made from S3's ObjectRestore:Completed, or from what Glacier says of a retrieval.
    """

    type: Literal["retrieval.completed"] = "retrieval.completed"


class ResultRestored(JobMessage):
    """An archived result is back."""

    type: Literal["result.restored"] = "result.restored"


AnyMessage = Annotated[
    JobRequested
    | JobCompleted
    | JobFailed
    | ArchiveRequested
    | ResultArchiveSoon
    | ResultArchived
    | PlanChanged
    | RestoreRequested
    | RetrievalStarted
    | RetrievalCompleted
    | ResultRestored,
    Field(discriminator="type"),
]
