"""The page of a result's variants: filtered, sorted, paged; its address is the view."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gas.annotation import VARIANTS_PARQUET
from gas.domain.job import Job
from gas.domain.plan import Account, Plan
from services.api.context import Context
from services.api.dependencies import ContextOf
from services.api.explorer.catalogue import Catalogue
from services.api.explorer.query import ViewQuery
from services.api.problems import Problem
from services.api.views.jobs import JobView
from services.api.web.access import PageAccount, is_htmx, pages_of
from services.api.web.away import why_away
from services.api.web.variant_labels import label
from services.api.web.variant_view import (
    PLACE,
    SIZES,
    Refused,
    VariantView,
    read_query,
    refusal_of,
    without,
)

router = APIRouter(prefix="/jobs/{job_id}/variants", include_in_schema=False)

_FILTERS = "filters"  # the id of the form: its answers bring new counts for its choices
_FOUND = "found"  # the id of what it finds


@router.get("")
async def show_variants(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    job = await context.desk.find(account.user_id, job_id)
    return await variants_page(request, context, job, account, f"/jobs/{job_id}")


async def variants_page(
    request: Request, context: Context, job: Job, account: Account | None, base: str
) -> Response:
    """The explorer of a job whose page is at ``base``: all of it, or for htmx what changed."""
    pages = pages_of(request)
    shown: dict[str, Any] = {"account": account, "job": seen_by(account, job), "base": base}
    if away := why_away(job, VARIANTS_PARQUET):
        return pages.show(request, "explorer/result_away.html", away=away, here="Variants", **shown)
    query, refused = read_query(request.query_params)
    by_form = request.headers.get("hx-trigger") == _FILTERS
    with_facets = by_form or not _is_part(request)
    view = await look(context, job, query, f"{base}/variants", refused, with_facets=with_facets)
    if not _is_part(request):
        return pages.show(
            request, "explorer/explorer.html", view=view, **_of_page(context), **shown
        )
    return pages.show(
        request,
        "explorer/explorer_found.html",
        headers={"HX-Push-Url": view.here},
        **_of_page(context),
        view=view,
        with_choices=by_form,
        **shown,
    )


async def look(
    context: Context,
    job: Job,
    query: ViewQuery,
    base: str,
    refused: list[Refused],
    *,
    with_facets: bool,
) -> VariantView:
    """What the view shows. Parts of it that this result cannot serve are left out, and named."""
    catalogue = await context.explorer.catalogue(job)
    while True:
        chosen = () if _same_columns(query, catalogue) else query.columns
        shown = chosen or catalogue.shown_first  # in this order, whichever one a form has
        whole = query.changed(columns=(*PLACE, *shown), page=query.page)
        try:
            page = context.explorer.page(job, whole)
            if with_facets:
                found, facets = await asyncio.gather(page, context.explorer.facets(job, whole))
            else:
                found, facets = await page, None
        except Problem as problem:
            refused.append(refusal_of(problem))
            query = without(query, refused[-1].field)
        else:
            query = query.changed(page=found.page, columns=chosen)
            return VariantView(base, query, catalogue, found, facets, tuple(refused))


def _of_page(context: Context) -> dict[str, Any]:
    return {"origin": context.settings.origin, "sizes": SIZES, "label": label}


def _same_columns(query: ViewQuery, catalogue: Catalogue) -> bool:
    """Whether a form named the columns that are shown anyway."""
    return {*query.columns} - {*PLACE} == {*catalogue.shown_first} - {*PLACE}


def seen_by(account: Account | None, job: Job) -> JobView:
    """By its owner, or by somebody it is shared with, who need not know when it is archived."""
    return JobView.of(job, account.plan if account else Plan.PREMIUM)


def _is_part(request: Request) -> bool:
    """Whether only what was found is wanted: what changes the form gets the whole page."""
    return is_htmx(request) and request.headers.get("hx-target") == _FOUND
