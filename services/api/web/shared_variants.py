"""The explorer of a job behind a link: the same variants, for reading."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from services.api.dependencies import ContextOf
from services.api.web.explorer import variants_page
from services.api.web.shared import PRIVATE, SharedJob, shared_job
from services.api.web.variant import At, RowId, variant_page
from services.api.web.variant_export import Form, export_of

router = APIRouter(prefix="/shared/{token}/variants", include_in_schema=False)

SharedJobOf = Annotated[SharedJob, Depends(shared_job)]


@router.get("")
async def show_shared_variants(
    request: Request, context: ContextOf, shared: SharedJobOf
) -> Response:
    page = await variants_page(request, context, shared.job, None, shared.base)
    return _private(page)


@router.get("/export")
async def export_shared_variants(
    request: Request,
    context: ContextOf,
    shared: SharedJobOf,
    form: Form,
    *,
    all_columns: bool = False,
) -> Response:
    return _private(await export_of(request, context, shared.job, form, all_columns=all_columns))


@router.get("/{row}")
async def show_shared_variant(
    row: RowId, request: Request, context: ContextOf, shared: SharedJobOf, at: At = None
) -> Response:
    page = await variant_page(request, context, shared.job, None, shared.base, row, at)
    return _private(page)


def _private(page: Response) -> Response:
    page.headers.update(PRIVATE)
    return page
