"""Jobs: draft, list, show, submit, cancel, delete."""

import json
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.plan import Account, upload_limit
from gas.domain.states import JobStatus
from gas.messages import new_id
from services.api.context import Context
from services.api.dependencies import (
    ContextOf,
    CorrelationId,
    CurrentAccount,
    Cursor,
    IdempotencyKey,
    PageSize,
)
from services.api.problems import ApiCode, Problem, refusal
from services.api.views import DraftView, JobsView, JobView, UploadView

router = APIRouter(prefix="/jobs", tags=["jobs"])


def _plain(name: str) -> str:
    """A name for showing and for saving: neither a path nor invisible characters."""
    if not name.isprintable() or not name.strip() or "/" in name or "\\" in name:
        raise ValueError("must be a plain file name")
    return name.strip()


class NewJob(BaseModel):
    """A draft to be made. ``size`` (bytes), if told, is checked before anything is uploaded."""

    model_config = ConfigDict(extra="forbid")

    file_name: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_plain)]
    genome: str | None = None
    size: int | None = Field(None, ge=0)


@router.post("", status_code=HTTPStatus.CREATED)
async def create_job(
    new: NewJob,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
    idempotency_key: IdempotencyKey = None,
) -> DraftView:
    """Make a draft; the answer says how to upload its file. Then submit it."""
    genome = _genome(new, context)
    _check_size(new, account)
    job_id = await _reserve(new, account, idempotency_key, context)
    job = await context.desk.draft(account.user_id, job_id, genome, new.file_name, correlation_id)
    if idempotency_key:
        await context.idempotency.complete(account.user_id, idempotency_key)
    return DraftView(job=JobView.of(job, account.plan), upload=await _upload(job, account, context))


@router.get("")
async def list_jobs(
    account: CurrentAccount, context: ContextOf, limit: PageSize = 20, cursor: Cursor = None
) -> JobsView:
    """Your jobs, newest first."""
    page = await context.desk.page(account.user_id, limit, cursor)
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


def _genome(new: NewJob, context: Context) -> str:
    known = context.settings.genomes
    if new.genome is None:
        return known[0]
    if new.genome not in known:
        sentence = f"This genome is not on offer; choose from: {', '.join(known)}."
        raise refusal(ErrorCode.UNKNOWN_GENOME, sentence)
    return new.genome


def _check_size(new: NewJob, account: Account) -> None:
    """Tell before the upload what the upload would be refused for."""
    limit = upload_limit(account.plan)
    if new.size is not None and new.size > limit:
        sentence = f"The {account.plan} plan allows uploads up to {limit:,} bytes."
        raise refusal(ErrorCode.UPLOAD_TOO_LARGE, sentence)


async def _reserve(new: NewJob, account: Account, key: str | None, context: Context) -> str:
    """The id of the job to make, or of the one that was made for this key before."""
    if key is None:
        return new_id()
    request = json.dumps(["POST jobs", new.model_dump()], sort_keys=True)
    reservation = await context.idempotency.reserve(account.user_id, key, request)
    if not reservation.same_request:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            ApiCode.IDEMPOTENCY_KEY_REUSED,
            "This Idempotency-Key was used for another request.",
        )
    if reservation.completed:
        # Raises a 404 if it was deleted: a job's id is never used for another one.
        await context.desk.find(account.user_id, reservation.job_id)
    return reservation.job_id


async def _upload(job: Job, account: Account, context: Context) -> UploadView | None:
    """A fresh form; none once the job is submitted, so that a replay opens no door again."""
    if job.status is not JobStatus.DRAFT:
        return None
    lifetime = context.settings.upload_form_lifetime
    form = await context.ports.inputs.upload_form(
        job.input.key, max_bytes=upload_limit(account.plan), expires=lifetime
    )
    return UploadView.of(form, context.clock() + lifetime)
