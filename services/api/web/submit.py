"""The page to submit files on, and its example."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from gas.annotation.demo import DEMO_GENOME, demo_vcf
from gas.domain.job import Job
from gas.domain.plan import Account, Plan
from gas.messages import new_id
from services.api.context import Context
from services.api.dependencies import ContextOf, CorrelationId, require_same_site
from services.api.fields import MAX_NAME
from services.api.jobs.offers import offered_genome
from services.api.views.plans import PlanView
from services.api.web.access import PageAccount, pages_of, see_other

router = APIRouter(include_in_schema=False)

_EXAMPLE = "/example.vcf"
_EXAMPLE_NAME = "Example: mitochondrial haplogroups"
_VCF = "text/plain; charset=utf-8"  # browsers show it, rather than save it
_LONGEST_FILE_NAME = 255


@router.get("/jobs/new")
async def show_submit(
    request: Request, context: ContextOf, account: PageAccount, example: bool = False
) -> Response:
    """The page. With ``example`` the example is what it offers first."""
    settings = context.settings
    plans = [PlanView.of(plan, settings) for plan in Plan]
    has_example = DEMO_GENOME in settings.genomes
    return pages_of(request).show(
        request,
        "submit/submit.html",
        account=account,
        genomes=settings.genomes,
        own_plan=next(plan for plan in plans if plan.plan is account.plan),
        largest_plan=max(plans, key=lambda plan: plan.max_upload_bytes),
        example=_EXAMPLE if has_example else None,
        example_size=demo_vcf().stat().st_size,
        example_first=example,
    )


@router.post("/jobs/new", dependencies=[Depends(require_same_site)])
async def make_draft(
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    file_name: Annotated[str, Form(max_length=1_000)] = "",
    genome: Annotated[str | None, Form(max_length=100)] = None,
    name: Annotated[str, Form(max_length=1_000)] = "",
    example: bool = False,
) -> Response:
    """Without JavaScript: a draft, then the page to upload its file on. Or the example, at once."""
    if example:
        job = await _submit_example(context, account, correlation_id)
        return see_other(f"/jobs/{job.job_id}")
    job = await context.desk.draft(
        account.user_id,
        new_id(),
        offered_genome(genome, context.settings.genomes),
        _plain(file_name, _LONGEST_FILE_NAME) or "upload.vcf",
        correlation_id,
        name=_plain(name, MAX_NAME) or None,
    )
    return see_other(f"/jobs/{job.job_id}/upload")


@router.get(_EXAMPLE)
async def show_example() -> FileResponse:
    """For whoever wants to look at it first."""
    return FileResponse(demo_vcf(), media_type=_VCF)


async def _submit_example(context: Context, account: Account, correlation_id: str) -> Job:
    """A file of ours, so it goes to the store from here."""
    genome = offered_genome(DEMO_GENOME, context.settings.genomes)
    source = demo_vcf()
    draft = await context.desk.draft(
        account.user_id, new_id(), genome, source.name, correlation_id, name=_EXAMPLE_NAME
    )
    await context.ports.inputs.upload(source, draft.input.key, content_type="text/plain")
    return await context.desk.submit(account.user_id, draft.job_id, account.plan)


def _plain(name: str, longest: int) -> str:
    """A name that a form sent, as we keep it: of a path the end, and nothing invisible."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, last)).strip()[:longest]
