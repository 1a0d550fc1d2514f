"""What the api answers with: the public shapes, apart from the domain's own.

Sizes are in bytes, times are ISO 8601 in UTC, SHA-256 in hexadecimal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from gas.domain.history import Moment
from gas.domain.job import Job, Progress, ResultFile
from gas.domain.plan import Plan, upload_limit
from gas.domain.states import JobStatus, Storage
from gas.ports import RetrievalTier, UploadForm
from services.api.settings import ApiSettings
from services.api.store.tokens import Token


class View(BaseModel):
    """An answer; made once, then only read."""

    model_config = ConfigDict(frozen=True)


class InvalidField(View):
    location: str = Field(description="Where in the request, e.g. body.file_name")
    message: str


class ProblemView(View):
    """RFC 9457. ``code`` is what a program should look at: it never changes."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str = Field(description="Also in the X-Request-Id header, and in our logs")
    address: str | None = Field(None, description="Where a browser can do something about it")
    errors: list[InvalidField] | None = None


class ProgressView(View):
    stage: str
    fraction: float = Field(ge=0, le=1)
    records: int

    @classmethod
    def of(cls, progress: Progress) -> Self:
        return cls(stage=progress.stage, fraction=progress.fraction, records=progress.records)


class FailureView(View):
    code: str
    message: str


class FileView(View):
    """A file of a result. An ``archived`` one cannot be downloaded now, a ``lost`` one never."""

    name: str
    size: int
    sha256: str
    archived: bool
    lost: bool = Field(description="Whether it was looked for where it was kept, and is gone")

    @classmethod
    def of(cls, file: ResultFile, storage: Storage | None) -> Self:
        return cls(
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            archived=is_archived(file, storage),
            lost=file.lost,
        )


class MomentView(View):
    """Something that happened to a job; ``detail`` tells more of some, such as the tier."""

    what: str
    at: datetime
    detail: str | None

    @classmethod
    def of(cls, moment: Moment) -> Self:
        return cls(what=moment.what, at=moment.at, detail=moment.detail)


class JobView(View):
    """A job as its owner sees it."""

    id: str
    name: str | None = Field(description="What its owner calls it")
    title: str = Field(description="Its name or, where it has none, that of its file")
    status: JobStatus
    storage: Storage | None = Field(description="Where the result is, once there is one")
    genome: str
    file_name: str
    size: int | None = Field(description="Of the upload, once it is submitted")
    sha256: str | None = Field(description="Of the upload, as whoever uploaded it told")
    rerun_of: str | None = Field(description="The job whose upload this one has, too")
    progress: ProgressView | None
    failure: FailureView | None
    files: list[FileView]
    retrieval_tier: RetrievalTier | None = Field(
        description="How fast an archived result is being brought back"
    )
    created_at: datetime
    submitted_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    archive_due_at: datetime | None = Field(description="Free plan: when the result is archived")
    archived_at: datetime | None
    restored_at: datetime | None
    history: list[MomentView] = Field(description="What happened, oldest first")

    @classmethod
    def of(cls, job: Job, plan: Plan) -> Self:
        progress, failure = job.progress, job.failure
        return cls(
            id=job.job_id,
            name=job.name,
            title=job.title,
            status=job.status,
            storage=job.storage,
            genome=job.genome,
            file_name=job.input.file_name,
            size=job.input.size,
            sha256=job.input.sha256,
            rerun_of=job.rerun_of,
            progress=ProgressView.of(progress) if progress else None,
            failure=FailureView(**failure.model_dump()) if failure else None,
            files=[FileView.of(file, job.storage) for file in job.files],
            retrieval_tier=RetrievalTier(job.retrieval_tier) if job.retrieval_tier else None,
            created_at=job.created_at,
            submitted_at=job.submitted_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
            archive_due_at=job.archive_due_at if plan is Plan.FREE else None,
            archived_at=job.archived_at,
            restored_at=job.restored_at,
            history=[MomentView.of(moment) for moment in job.history],
        )


class UploadView(View):
    """POST ``fields`` as multipart/form-data to ``url``, then the file as ``file``, last."""

    url: str
    fields: Mapping[str, str]
    max_bytes: int
    expires_at: datetime

    @classmethod
    def of(cls, form: UploadForm, expires_at: datetime) -> Self:
        return cls(
            url=form.url, fields=form.fields, max_bytes=form.max_bytes, expires_at=expires_at
        )


class DraftView(View):
    """A new job, and how to upload its file."""

    job: JobView
    upload: UploadView | None = Field(description="null once the job is submitted")


class JobsView(View):
    """Newest first; ``next_cursor`` leads to older ones, and is null on the last page."""

    jobs: Sequence[JobView]
    next_cursor: str | None
    jobs_lost_before: datetime | None = Field(
        description="When the job store was replaced, if you had an account then: older jobs are lost"
    )


class FilesView(View):
    files: Sequence[FileView]


class PlanView(View):
    """A plan and what it allows."""

    plan: Plan
    max_upload_bytes: int
    max_active_jobs: int = Field(description="How many of your jobs may wait or run at a time")
    keeps_results: bool = Field(description="Whether results stay at hand, never archived")
    retention_seconds: float | None = Field(
        description="How long results stay before they are archived; null: for ever"
    )
    ends_at: datetime | None = Field(
        None, description="When the plan ends, if that is decided; then comes the Free plan"
    )

    @classmethod
    def of(cls, plan: Plan, settings: ApiSettings, ends_at: datetime | None = None) -> Self:
        keeps = plan is Plan.PREMIUM
        return cls(
            plan=plan,
            max_upload_bytes=upload_limit(plan),
            max_active_jobs=settings.active_jobs(plan),
            keeps_results=keeps,
            retention_seconds=None if keeps else settings.free_retention_seconds,
            ends_at=ends_at,
        )


class TokenView(View):
    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None

    @classmethod
    def of(cls, token: Token) -> "TokenView":
        return TokenView(
            id=token.token_id,
            name=token.name,
            created_at=token.created_at,
            last_used_at=token.last_used_at,
            expires_at=token.expires_at,
        )


class NewTokenView(TokenView):
    token: str = Field(description="The secret. It is shown this once, and kept only as a hash")


class TokensView(View):
    tokens: Sequence[TokenView]


class LimitsView(View):
    page_size: int = Field(description="Jobs in a page at most")
    upload_form_seconds: float = Field(description="How long an upload form works")
    download_url_seconds: float = Field(description="How long the address of a download works")


class ServiceInfoView(View):
    """What this service is and offers; open to all."""

    name: str
    version: str
    genomes: Sequence[str]
    default_genome: str
    limits: LimitsView
    plans: Sequence[PlanView]


class CheckView(View):
    """``ok`` or, by name, what cannot be reached."""

    status: Literal["ok", "unavailable"]
    unreachable: Sequence[str] = ()

    @classmethod
    def of(cls, unreachable: Iterable[str]) -> Self:
        names = sorted(unreachable)
        return cls(status="unavailable" if names else "ok", unreachable=names)


def is_archived(file: ResultFile, storage: Storage | None) -> bool:
    """Summary, manifest and log stay readable; the rest only while the result is available."""
    return file.goes_to_archive and storage is not Storage.AVAILABLE and not file.lost
