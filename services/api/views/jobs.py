"""Jobs, their files and how to upload them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Self

from pydantic import Field

from gas.domain.history import Moment
from gas.domain.job import Job, Progress, ResultFile
from gas.domain.plan import Plan
from gas.domain.states import JobStatus, Storage
from gas.ports import RetrievalTier, UploadForm
from services.api.views.base import View


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


def is_archived(file: ResultFile, storage: Storage | None) -> bool:
    """Summary, manifest and log stay readable; the rest only while the result is available."""
    return file.goes_to_archive and storage is not Storage.AVAILABLE and not file.lost
