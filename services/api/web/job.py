"""The page of one job: whole, as the fragment that follows what happens, its plots and its files."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from services.api.dependencies import ContextOf, require_same_site
from services.api.jobs.downloads import download_url
from services.api.plots import to_tsv
from services.api.problems import ApiCode, Problem
from services.api.web.access import PageAccount, is_htmx, pages_of, see_other
from services.api.web.job_page import job_page
from services.api.web.rendering import Pages
from services.api.web.result_parts import ResultParts, result_parts
from services.api.web.shares import share_form

router = APIRouter(include_in_schema=False)

_NOT_STORED = {"Cache-Control": "no-store"}

PlotFormat = Literal["svg", "tsv"]


@router.get("/jobs/{job_id}")
async def show_job(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    """Everything about a job, also without JavaScript."""
    job = await context.desk.find(account.user_id, job_id)
    shares = await context.shares.list(account.user_id, job_id)
    return pages_of(request).show(
        request,
        "job/job.html",
        account=account,
        page=await job_page(job, account, context),
        **share_form(job, shares),
    )


@router.get("/jobs/{job_id}/live")
async def follow_job(
    job_id: str, request: Request, context: ContextOf, account: PageAccount, seen: str = ""
) -> Response:
    """The part that changes by itself; 204 while it is as it was ``seen``."""
    if not is_htmx(request):
        return see_other(f"/jobs/{job_id}")
    try:
        job = await context.desk.find(account.user_id, job_id)
    except Problem as problem:
        if problem.code != ErrorCode.JOB_NOT_FOUND:
            raise
        return Response(headers={"HX-Redirect": "/jobs", **_NOT_STORED})  # deleted meanwhile
    page = await job_page(job, account, context)
    if page.seen == seen:
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=_NOT_STORED)
    return pages_of(request).show(request, "job/job_live.html", account=account, page=page)


@router.get("/jobs/{job_id}/plots/{name}.{form}")
async def download_plot(
    job_id: str,
    name: str,
    form: PlotFormat,
    request: Request,
    context: ContextOf,
    account: PageAccount,
) -> Response:
    """A plot of the summary as a drawing, or its table."""
    job = await context.desk.find(account.user_id, job_id)
    result = await result_parts(job, context.documents)
    return plot_file(request, pages_of(request), job, result, name, form)


@router.get("/jobs/{job_id}/files/{name}")
async def download_job_file(
    job_id: str, name: str, context: ContextOf, account: PageAccount
) -> Response:
    """To the file at the store; what keeps it from being had is told by a page."""
    job = await context.desk.find(account.user_id, job_id)
    url = await download_url(job, name, context)
    return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, _NOT_STORED)


@router.post("/jobs/{job_id}/check", dependencies=[Depends(require_same_site)])
async def check_upload(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    """What a preflight has to say of a job's upload, line by line."""
    job, upload = await context.desk.upload_of(account.user_id, job_id, account.plan)
    report = await context.preflights.report(upload, job.genome)
    template = "job/job_check.html" if is_htmx(request) else "job/job_check_page.html"
    return pages_of(request).show(request, template, account=account, job=job, report=report)


def plot_file(
    request: Request, pages: Pages, job: Job, result: ResultParts, name: str, form: PlotFormat
) -> Response:
    """Saved, never shown: an SVG that is shown is a page, and has no business being one of ours."""
    plot = result.plot(name)
    if plot is None:
        raise Problem(HTTPStatus.NOT_FOUND, ApiCode.NOT_FOUND, "This result has no such plot.")
    headers = {"Content-Disposition": f'attachment; filename="{_plain(name)}.{form}"'}
    if form == "tsv":
        kind = "text/tab-separated-values; charset=utf-8"
        return Response(to_tsv(plot), media_type=kind, headers={**headers, **_NOT_STORED})
    headers["Content-Type"] = "image/svg+xml"
    return pages.show(request, "job/plot.svg", headers=headers, plot=plot, job_title=job.title)


def _plain(name: str) -> str:
    """A plot may be named after a source of a bundle; a header takes no more than this."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
