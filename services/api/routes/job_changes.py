"""Jobs: name them, run them again, discard them and take them back, and why one waits."""

from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.api.dependencies import ContextOf, CorrelationId, CurrentAccount, IdempotencyKey
from services.api.fields import JobName
from services.api.jobs.offers import offered_genome
from services.api.jobs.reservations import made, reserve
from services.api.views.actions import DiscardedView, JobQueueView, PlaceView
from services.api.views.jobs import JobView

router = APIRouter(prefix="/jobs/{job_id}", tags=["jobs"])


class JobChange(BaseModel):
    """What is left out stays. ``name`` null: the job goes by the name of its file.

    The genome can be changed until the job is submitted.
    """

    model_config = ConfigDict(extra="forbid")

    name: JobName = None
    genome: str | None = None


@router.patch("")
async def change_job(
    job_id: str, change: JobChange, account: CurrentAccount, context: ContextOf
) -> JobView:
    job = await context.desk.find(account.user_id, job_id)
    if change.genome is not None:
        genome = offered_genome(change.genome, context.settings.genomes)
        job = await context.desk.choose_genome(account.user_id, job_id, genome)
    if "name" in change.model_fields_set:
        job = await context.desk.rename(account.user_id, job_id, change.name)
    return JobView.of(job, account.plan)


@router.post("/rerun", status_code=HTTPStatus.CREATED)
async def rerun_job(
    job_id: str,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
    idempotency_key: IdempotencyKey = None,
) -> JobView:
    """Submit the very upload of a job once more, as a new job. The first one stays as it is."""
    user_id = account.user_id
    new_job_id = await reserve(context, user_id, idempotency_key, ["POST rerun", job_id])
    job = await context.desk.rerun(user_id, job_id, account.plan, correlation_id, new_job_id)
    await made(context, user_id, idempotency_key)
    return JobView.of(job, account.plan)


@router.post("/discard", status_code=HTTPStatus.ACCEPTED)
async def discard_job(
    job_id: str, account: CurrentAccount, context: ContextOf, correlation_id: CorrelationId
) -> DiscardedView:
    """Like DELETE, but for a while it can be undone."""
    job = await context.desk.discard(account.user_id, job_id)
    await context.audit.job_deleted(account.user_id, job_id, correlation_id)
    return DiscardedView(erase_at=job.erase_at or context.clock())


@router.post("/undiscard")
async def undiscard_job(job_id: str, account: CurrentAccount, context: ContextOf) -> JobView:
    """Take back a job that was discarded. One that was not stays as it is."""
    return JobView.of(await context.desk.undiscard(account.user_id, job_id), account.plan)


@router.get("/queue")
async def show_place(job_id: str, account: CurrentAccount, context: ContextOf) -> JobQueueView:
    """The place of a waiting job in the queue. It is an estimate, as is when the job starts."""
    job = await context.desk.find(account.user_id, job_id)
    place = await context.queue_view.place_of(job)
    return JobQueueView(place=PlaceView.of(place) if place else None)
