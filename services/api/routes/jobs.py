"""Jobs: draft, list, show, submit, cancel, delete."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.plan import Account, upload_limit
from gas.domain.states import ALL_STATES, JobStatus, State, Storage
from services.api.context import Context
from services.api.dependencies import (
    ContextOf,
    CorrelationId,
    CurrentAccount,
    Cursor,
    IdempotencyKey,
    PageSize,
)
from services.api.fields import FileName, JobName, Sha256
from services.api.jobs.offers import offered_genome
from services.api.jobs.reservations import made, reserve
from services.api.jobs.search import JobFilter
from services.api.problems import refusal
from services.api.views.jobs import DraftView, JobsView, JobView, UploadView

router = APIRouter(prefix="/jobs", tags=["jobs"])


class NewJob(BaseModel):
    """A draft to be made. ``size`` (bytes), if told, is checked before anything is uploaded.

    ``sha256`` is that of the file. GAS takes your word for it, to find the file among your jobs.
    """

    model_config = ConfigDict(extra="forbid")

    file_name: FileName
    name: JobName = None
    genome: str | None = None
    size: int | None = Field(None, ge=0)
    sha256: Sha256 | None = None


@router.post("", status_code=HTTPStatus.CREATED)
async def create_job(
    new: NewJob,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
    idempotency_key: IdempotencyKey = None,
) -> DraftView:
    """Make a draft; the answer says how to upload its file. Then submit it."""
    genome = offered_genome(new.genome, context.settings.genomes)
    _check_size(new, account)
    request = ["POST jobs", new.model_dump()]
    job_id = await reserve(context, account.user_id, idempotency_key, request)
    job = await context.desk.draft(
        account.user_id,
        job_id,
        genome,
        new.file_name,
        correlation_id,
        name=new.name,
        sha256=new.sha256,
    )
    await made(context, account.user_id, idempotency_key)
    return DraftView(job=JobView.of(job, account.plan), upload=await _upload(job, account, context))


@router.get("")
async def list_jobs(
    account: CurrentAccount,
    context: ContextOf,
    limit: PageSize = 20,
    cursor: Cursor = None,
    text: Annotated[
        str | None,
        Query(alias="q", max_length=200, description="Part of the name of the job or its file"),
    ] = None,
    state: Annotated[
        list[JobStatus | Storage],
        Query(description="A status or, of a result, where it is; several mean any of them"),
    ] = [],  # noqa: B006 - FastAPI copies it
    sha256: Annotated[Sha256 | None, Query(description="Of the upload")] = None,
) -> JobsView:
    """Your jobs, newest first. With a filter a page may be short, or empty, though more follow."""
    wanted = JobFilter(text=text, states=_states(state), sha256=sha256)
    page = await context.desk.search(account.user_id, wanted, limit, cursor)
    return JobsView(
        jobs=[JobView.of(job, account.plan) for job in page.items],
        next_cursor=page.cursor,
        jobs_lost_before=await context.store_watch.jobs_lost_before(account.user_id),
    )


@router.get("/{job_id}")
async def show_job(job_id: str, account: CurrentAccount, context: ContextOf) -> JobView:
    return JobView.of(await context.desk.find(account.user_id, job_id), account.plan)


@router.post("/{job_id}/submit", status_code=HTTPStatus.ACCEPTED)
async def submit_job(job_id: str, account: CurrentAccount, context: ContextOf) -> JobView:
    """Queue a draft whose file is uploaded. To do it again changes nothing."""
    job = await context.desk.submit(account.user_id, job_id, account.plan)
    return JobView.of(job, account.plan)


@router.post("/{job_id}/cancel", status_code=HTTPStatus.ACCEPTED)
async def cancel_job(job_id: str, account: CurrentAccount, context: ContextOf) -> JobView:
    """Stop a job that waits or runs. To do it again changes nothing."""
    return JobView.of(await context.desk.cancel(account.user_id, job_id), account.plan)


@router.delete("/{job_id}", status_code=HTTPStatus.ACCEPTED)
async def delete_job(
    job_id: str, account: CurrentAccount, context: ContextOf, correlation_id: CorrelationId
) -> None:
    """Delete a job with all its files, wherever they are. It is gone at once; erasing follows."""
    if await context.desk.delete(account.user_id, job_id):
        await context.audit.job_deleted(account.user_id, job_id, correlation_id)


def _check_size(new: NewJob, account: Account) -> None:
    """Tell before the upload what the upload would be refused for."""
    limit = upload_limit(account.plan)
    if new.size is not None and new.size > limit:
        sentence = f"The {account.plan} plan allows uploads up to {limit:,} bytes."
        raise refusal(ErrorCode.UPLOAD_TOO_LARGE, sentence)


def _states(wanted: list[JobStatus | Storage]) -> frozenset[State]:
    if not wanted:
        return ALL_STATES
    return frozenset(s for s in ALL_STATES if s.status in wanted or s.storage in wanted)


async def _upload(job: Job, account: Account, context: Context) -> UploadView | None:
    """A fresh form; none once the job is submitted, so that a replay opens no door again."""
    if job.status is not JobStatus.DRAFT:
        return None
    lifetime = context.settings.upload_form_lifetime
    form = await context.ports.inputs.upload_form(
        job.input.key, max_bytes=upload_limit(account.plan), expires=lifetime
    )
    return UploadView.of(form, context.clock() + lifetime)
