"""A draft's file without JavaScript: uploaded by a form, checked, and sent on its way.

The report of the check is also what the page with JavaScript shows: there is one rendering of it.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from gas.annotation.preflight import PreflightReport
from gas.domain.errors import ErrorCode
from gas.domain.job import InputFile, Job
from gas.domain.states import JobStatus
from services.api.context import Context
from services.api.dependencies import ContextOf, require_same_site
from services.api.jobs.offers import offered_genome
from services.api.problems import Problem
from services.api.views.plans import PlanView
from services.api.web.access import PageAccount, is_htmx, pages_of, see_other
from services.api.web.preflight_view import Fact, better_genome, confirmation, facts

router = APIRouter(prefix="/jobs/{job_id}", include_in_schema=False)

_NO_VERDICT = {ErrorCode.LIMIT_EXCEEDED, ErrorCode.UNKNOWN_GENOME}
_SAME_SITE = [Depends(require_same_site)]


@dataclass(frozen=True)
class Check:
    """What is known of a draft's file: its report or, without one, why there is none."""

    job: Job
    report: PreflightReport | None = None
    confirmation: str | None = None
    facts: tuple[Fact, ...] = ()
    better_genome: str | None = None
    problem: Problem | None = None

    @property
    def verdict(self) -> str:
        return self.report.verdict if self.report else "unknown"


@router.get("/upload")
async def show_upload(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    """A form that goes straight to the store, which leads back to the check."""
    job = await context.desk.find(account.user_id, job_id)
    if job.status is not JobStatus.DRAFT:
        return see_other(f"/jobs/{job_id}")
    checked = f"/jobs/{job_id}/uploaded"
    if await context.ports.inputs.head(job.input.key) is not None:
        return see_other(checked)
    form = await context.uploads.form(account, job, redirect=context.settings.origin + checked)
    settings = context.settings
    return pages_of(request).show(
        request,
        "submit/upload.html",
        account=account,
        job=job,
        form=form,
        expires_at=context.uploads.expires_at,
        own_plan=PlanView.of(account.plan, settings),
    )


@router.get("/uploaded")
async def show_uploaded(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    """What the annotation would make of the file; to a script the report alone."""
    job = await context.desk.find(account.user_id, job_id)
    if job.status is not JobStatus.DRAFT:
        return see_other(f"/jobs/{job_id}")
    try:
        job, upload = await context.desk.upload_of(account.user_id, job_id, account.plan)
    except Problem as problem:
        if problem.code == ErrorCode.UPLOAD_MISSING and not is_htmx(request):
            return see_other(f"/jobs/{job_id}/upload")
        raise
    check = await _check(context, job, upload)
    template = "submit/preflight_report.html" if is_htmx(request) else "submit/uploaded.html"
    return pages_of(request).show(request, template, account=account, check=check)


@router.post("/genome", dependencies=_SAME_SITE)
async def choose_genome(
    job_id: str, context: ContextOf, account: PageAccount, genome: Annotated[str, Form()]
) -> Response:
    chosen = offered_genome(genome, context.settings.genomes)
    await context.desk.choose_genome(account.user_id, job_id, chosen)
    return see_other(f"/jobs/{job_id}/uploaded")


@router.post("/submit", dependencies=_SAME_SITE)
async def submit(job_id: str, context: ContextOf, account: PageAccount) -> Response:
    await context.desk.submit(account.user_id, job_id, account.plan)
    return see_other(f"/jobs/{job_id}")


async def _check(context: Context, job: Job, upload: InputFile) -> Check:
    """Without a report where no check is possible: that says nothing bad about the file."""
    try:
        report = await context.preflights.report(upload, job.genome)
    except Problem as problem:
        if problem.code not in _NO_VERDICT:
            raise
        return Check(job, problem=problem)
    return Check(
        job,
        report,
        confirmation(report),
        tuple(facts(report)),
        better_genome(report, job.genome, context.settings.genomes),
    )
