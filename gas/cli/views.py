"""What the server's answers look like. Fields that we do not know are kept for ``--json``."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

from gas.domain.plan import Plan
from gas.domain.states import JobStatus, Storage

ENDED = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


class View(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ProgressView(View):
    """``fraction`` goes from 0 to 1."""

    stage: str
    fraction: float
    records: int = 0


class FailureView(View):
    code: str
    message: str


class FileView(View):
    """``size`` in bytes, ``sha256`` in hex; neither archived nor lost files can be downloaded."""

    name: str
    size: int
    sha256: str
    archived: bool = False
    lost: bool = False

    @property
    def note(self) -> str:
        """Why it cannot be downloaded, if so."""
        return "lost" if self.lost else "archived" if self.archived else ""


class JobView(View):
    """One job."""

    id: str
    status: JobStatus
    storage: Storage | None = None
    genome: str
    file_name: str
    name: str | None = None
    rerun_of: str | None = None
    size: int | None = None
    progress: ProgressView | None = None
    failure: FailureView | None = None
    files: tuple[FileView, ...] = ()
    retrieval_tier: str | None = None
    created_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    started_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    archived_at: AwareDatetime | None = None
    restored_at: AwareDatetime | None = None
    archive_due_at: AwareDatetime | None = None

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def state(self) -> str:
        """Status and storage in one, as ``COMPLETED/ARCHIVED``."""
        return f"{self.status}/{self.storage}" if self.storage else str(self.status)


class UploadView(View):
    """How to upload: a multipart POST of ``fields``, then the file as ``file``."""

    url: str
    fields: dict[str, str]
    max_bytes: int


class DraftView(View):
    """A new job, and where its input goes."""

    job: JobView
    upload: UploadView


class JobPage(View):
    jobs: tuple[JobView, ...]
    next_cursor: str | None = None


class AccountView(View):
    user_id: str
    email: str
    name: str
    plan: Plan


class PlanView(View):
    """A plan and what it allows; it ends at ``ends_at``, where that is decided."""

    plan: Plan
    max_upload_bytes: int
    ends_at: AwareDatetime | None = None
