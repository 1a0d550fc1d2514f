"""Exactly the view that a page shows, as a file."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from gas.domain.job import Job
from services.api.context import Context
from services.api.dependencies import ContextOf
from services.api.explorer.exports import ExportFormat
from services.api.explorer.query import ViewQuery
from services.api.explorer.streaming import StreamedExport
from services.api.jobs.downloads import saved_name
from services.api.web.access import PageAccount

router = APIRouter(prefix="/jobs/{job_id}/variants", include_in_schema=False)

_NOT_FILTERS = ("format", "all_columns")

Form = Annotated[ExportFormat, Query(alias="format")]


@router.get("/export")
async def export_variants(
    job_id: str,
    request: Request,
    context: ContextOf,
    account: PageAccount,
    form: Form,
    *,
    all_columns: bool = False,
) -> StreamedExport:
    job = await context.desk.find(account.user_id, job_id)
    return await export_of(request, context, job, form, all_columns=all_columns)


async def export_of(
    request: Request, context: Context, job: Job, form: ExportFormat, *, all_columns: bool
) -> StreamedExport:
    """The view that the address names; what makes no sense in it is refused, not left out."""
    query = ViewQuery.from_params(request.query_params, besides=_NOT_FILTERS)
    pieces = context.explorer.export(job, query, form, all_columns=all_columns)
    return await StreamedExport.begun(
        pieces, saved_name(job, f"view.{form.suffix}"), form.media_type
    )
