"""The variants of a result: a page of them, counts by filter, one of them with all it has."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from services.api.dependencies import ContextOf, CurrentAccount
from services.api.explorer.answers import Facets, RowDetails, VariantPage
from services.api.explorer.exports import ExportFormat
from services.api.explorer.query import ViewQuery
from services.api.explorer.streaming import StreamedExport
from services.api.jobs.downloads import saved_name

router = APIRouter(prefix="/jobs/{job_id}/variants", tags=["variants"])

_LARGEST_ROW = 2**53  # what JSON's numbers can tell apart

# The view is parsed by ViewQuery itself, whose refusals name the filter; this is its description.
_VIEW = {
    "parameters": [
        {"name": name, "in": "query", "schema": schema, "description": schema["description"]}
        for name, schema in ViewQuery.model_json_schema()["properties"].items()
    ]
}


@router.get("", openapi_extra=_VIEW)
async def list_variants(
    job_id: str, request: Request, account: CurrentAccount, context: ContextOf
) -> VariantPage:
    """One page of the alleles that all filters let pass."""
    query = ViewQuery.from_params(request.query_params)
    job = await context.desk.find(account.user_id, job_id)
    return await context.explorer.page(job, query)


@router.get("/facets", openapi_extra=_VIEW)
async def count_variants(
    job_id: str, request: Request, account: CurrentAccount, context: ContextOf
) -> Facets:
    """How many alleles each value of each filter has, under all other filters of the view."""
    query = ViewQuery.from_params(request.query_params)
    job = await context.desk.find(account.user_id, job_id)
    return await context.explorer.facets(job, query)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={
        HTTPStatus.OK: {
            "description": "The file",
            "content": {form.media_type: {} for form in ExportFormat},
        }
    },
    openapi_extra=_VIEW,
)
async def export_variants(
    job_id: str,
    request: Request,
    account: CurrentAccount,
    context: ContextOf,
    form: Annotated[ExportFormat, Query(alias="format")],
    *,
    all_columns: bool = False,
) -> StreamedExport:
    """Exactly this view as a file, all its pages: TSV, CSV, Parquet, or VCF (bgzip).

    Tables have the view's columns, or with `all_columns` every one. VCF has whole records, in
    the order of the annotated VCF, that have an allele in the view.
    """
    query = ViewQuery.from_params(request.query_params, besides=("format", "all_columns"))
    job = await context.desk.find(account.user_id, job_id)
    pieces = context.explorer.export(job, query, form, all_columns=all_columns)
    name = saved_name(job, f"view.{form.suffix}")
    return await StreamedExport.begun(pieces, name, form.media_type)


@router.get("/{row}")
async def show_variant(
    job_id: str,
    row: Annotated[int, Path(ge=0, le=_LARGEST_ROW)],
    account: CurrentAccount,
    context: ContextOf,
) -> RowDetails:
    """All that is known of one allele; ``row`` is its id in a page."""
    job = await context.desk.find(account.user_id, job_id)
    return await context.explorer.row(job, row)
