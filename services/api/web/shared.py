"""What is seen by those who have a link to a job: its result, and nothing of its owner.

No log, no timeline, no mails and no upload: these are between the owner and GAS. A link that is
unknown, was revoked or has expired, and one to a job that is gone, all look the same.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.plan import Plan
from services.api.dependencies import ContextOf
from services.api.jobs.downloads import INPUT, download_url
from services.api.problems import ApiCode, Problem, refusal
from services.api.store.shares import Share
from services.api.views.jobs import JobView
from services.api.views.shares import shared_path
from services.api.web.access import pages_of
from services.api.web.job import PlotFormat, plot_file
from services.api.web.result_parts import result_parts

router = APIRouter(include_in_schema=False)

# The address is the secret: it goes neither to other sites nor to search engines.
PRIVATE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True)
class SharedJob:
    """A job behind a link; ``base`` is the address of its page."""

    share: Share
    job: Job
    base: str


async def shared_job(token: str, context: ContextOf) -> SharedJob:
    """Raises one and the same Problem whatever is wrong with the link."""
    share = await context.shares.find(token)
    if share is None:
        raise _no_such_link()
    try:
        job = await context.desk.find(share.user_id, share.job_id)
    except Problem as problem:
        if problem.code != ErrorCode.JOB_NOT_FOUND:
            raise
        raise _no_such_link() from problem
    return SharedJob(share, job, shared_path(token))


SharedJobOf = Annotated[SharedJob, Depends(shared_job)]


@router.get("/shared/{token}")  # noqa: FAST003 - shared_job takes the token
async def show_shared(request: Request, context: ContextOf, shared: SharedJobOf) -> Response:
    """The result, for reading."""
    return pages_of(request).show(
        request,
        "job/shared.html",
        headers=PRIVATE,
        share=shared.share,
        job=JobView.of(shared.job, Plan.PREMIUM),  # when it is archived is the owner's affair
        base=shared.base,
        result=await result_parts(shared.job, context.documents),
    )


@router.get("/shared/{token}/files/{name}")  # noqa: FAST003 - shared_job takes the token
async def download_shared_file(name: str, context: ContextOf, shared: SharedJobOf) -> Response:
    """A file of the result; the upload is not shared."""
    if name == INPUT:
        raise refusal(ErrorCode.FILE_NOT_FOUND, "This job has no such file.")
    url = await download_url(shared.job, name, context)
    return RedirectResponse(url, HTTPStatus.TEMPORARY_REDIRECT, PRIVATE)


@router.get("/shared/{token}/plots/{name}.{form}")  # noqa: FAST003 - shared_job takes the token
async def download_shared_plot(
    name: str,
    form: PlotFormat,
    request: Request,
    context: ContextOf,
    shared: SharedJobOf,
) -> Response:
    result = await result_parts(shared.job, context.documents)
    return plot_file(request, pages_of(request), shared.job, result, name, form)


def _no_such_link() -> Problem:
    sentence = (
        "This link does not work: it may have expired, or whoever made it took it back. "
        "Ask them for another one."
    )
    return Problem(HTTPStatus.NOT_FOUND, ApiCode.SHARE_NOT_FOUND, sentence, PRIVATE)
