"""The page of one allele, and what a browser's htmx puts beside the table."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from gas.annotation import ANNOTATED_INDEX, ANNOTATED_VCF, VARIANTS_PARQUET, ReferenceBundle
from gas.domain.job import Job
from gas.domain.plan import Account
from services.api.context import Context
from services.api.dependencies import ContextOf
from services.api.explorer.query import ViewQuery
from services.api.problems import Problem
from services.api.routes.reference import bundle_of
from services.api.web.access import PageAccount, is_htmx, pages_of
from services.api.web.away import why_away
from services.api.web.explorer import seen_by
from services.api.web.outside_links import Link, links_of
from services.api.web.variant_groups import groups_of
from services.api.web.variant_labels import label
from services.api.web.variant_view import address, read_query, refusal_of, row_address

router = APIRouter(prefix="/jobs/{job_id}/variants", include_in_schema=False)

RowId = Annotated[int, Path(ge=0, le=2**53)]
At = Annotated[int | None, Query(ge=0, le=2**53)]
_FLANK = 50


@dataclass(frozen=True)
class Neighbours:
    """Addresses of the alleles before and after in a view, and which of how many this one is."""

    previous: str | None
    following: str | None
    number: int
    of: int


@router.get("/{row}")
async def show_variant(
    job_id: str,
    row: RowId,
    request: Request,
    context: ContextOf,
    account: PageAccount,
    at: At = None,
) -> Response:
    job = await context.desk.find(account.user_id, job_id)
    return await variant_page(request, context, job, account, f"/jobs/{job_id}", row, at)


async def variant_page(
    request: Request,
    context: Context,
    job: Job,
    account: Account | None,
    base: str,
    row: int,
    at: int | None,
) -> Response:
    """Row ``row`` of a job whose page is at ``base``; in the view of the address it is at ``at``."""
    pages = pages_of(request)
    shown: dict[str, Any] = {"account": account, "job": seen_by(account, job), "base": base}
    if away := why_away(job, VARIANTS_PARQUET):
        return pages.show(request, "explorer/result_away.html", away=away, here="Variants", **shown)
    query, _ = read_query(request.query_params, besides=["at"])
    details = await context.explorer.row(job, row)
    ids = frozenset(column.name for column in details.columns if column.role == "id")
    template = "explorer/variant_details.html" if is_htmx(request) else "explorer/variant.html"
    return pages.show(
        request,
        template,
        row=details.row,
        groups=groups_of(details.columns, details.row),
        links=await _links(job, details.row, ids),
        same_position=details.same_position,
        back=address(f"{base}/variants", query),
        label=label,
        neighbours=await _neighbours(context, job, query, f"{base}/variants", row, at),
        genome_locus=_locus(job, account, details.row),
        **shown,
    )


async def _links(job: Job, row: dict[str, Any], ids: frozenset[str]) -> tuple[Link, ...]:
    bundle = await _bundle_of(job)
    return links_of(bundle, row, ids) if bundle else ()


async def _bundle_of(job: Job) -> ReferenceBundle | None:
    """None where it is no longer installed: then nothing is known of the build."""
    try:
        return await bundle_of(job.genome)
    except Problem:
        return None


def _locus(job: Job, account: Account | None, row: dict[str, Any]) -> str | None:
    """Where to look at it in the genome view; None where there is none."""
    if account is None or why_away(job, ANNOTATED_VCF, ANNOTATED_INDEX):
        return None
    end = row["position"] + len(row["reference"] or "") + _FLANK
    return f"{row['chromosome']}:{max(1, row['position'] - _FLANK)}-{end}"


async def _neighbours(
    context: Context, job: Job, query: ViewQuery, base: str, row: int, at: int | None
) -> Neighbours | None:
    """None where the address names no place in a view, or another allele is there by now."""
    if at is None:
        return None
    try:
        here = await context.explorer.page(job, _page_with(query, at))
    except Problem as problem:
        refusal_of(problem)  # raises what is not about the view
        return None
    first = (here.page - 1) * here.size
    rows = {first + index: entry["row"] for index, entry in enumerate(here.rows)}
    if rows.get(at) != row:
        return None
    for other in (at - 1, at + 1):
        if other not in rows and 0 <= other < here.matching:
            page = await context.explorer.page(job, _page_with(query, other))
            rows |= {other: page.rows[other % page.size]["row"]}
    previous, following = (
        row_address(base, query, rows[other], other) if other in rows else None
        for other in (at - 1, at + 1)
    )
    return Neighbours(previous, following, at + 1, here.matching)


def _page_with(query: ViewQuery, at: int) -> ViewQuery:
    return query.changed(page=at // query.size + 1, columns=("chromosome", "position"))
