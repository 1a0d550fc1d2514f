"""Sharing a job by links: the form on the job's page, and what it is sent to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from gas.domain.job import Job
from gas.domain.plan import Account
from services.api.context import Context
from services.api.dependencies import ContextOf, CorrelationId, require_same_site
from services.api.store.shares import Share
from services.api.views.shares import (
    DEFAULT_SHARE_DAYS,
    MAX_SHARE_LABEL,
    SHARE_DAYS,
    NewShareView,
)
from services.api.web.access import PageAccount, is_htmx, pages_of, see_other

router = APIRouter(include_in_schema=False)

_SAME_SITE = [Depends(require_same_site)]


@router.get("/jobs/{job_id}/shares")
async def show_shares(
    job_id: str, request: Request, context: ContextOf, account: PageAccount
) -> Response:
    job = await context.desk.find(account.user_id, job_id)
    return await _show(request, context, account, job)


@router.post("/jobs/{job_id}/shares", dependencies=_SAME_SITE)
async def make_share(
    job_id: str,
    request: Request,
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    label: Annotated[str, Form(max_length=MAX_SHARE_LABEL)] = "",
    days: Annotated[Literal["1", "7", "30", "90"], Form()] = "7",
) -> Response:
    """The answer shows the link, this once; so it is no redirection."""
    job = await context.desk.find(account.user_id, job_id)
    share, token = await context.shares.create(
        account.user_id, job_id, label.strip(), timedelta(days=int(days)), correlation_id
    )
    made = NewShareView.made(share, token, context.settings.origin)
    return await _show(request, context, account, job, made)


@router.post("/jobs/{job_id}/shares/{share_id}/revoke", dependencies=_SAME_SITE)
async def revoke_share(
    job_id: str,
    share_id: str,
    request: Request,
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
) -> Response:
    """Revoking one that is revoked, or has expired, changes nothing."""
    job = await context.desk.find(account.user_id, job_id)
    await context.shares.revoke(account.user_id, job_id, share_id, correlation_id)
    if is_htmx(request):
        return await _show(request, context, account, job)
    return see_other(f"/jobs/{job_id}/shares")


def share_form(
    job: Job, shares: Sequence[Share], made: NewShareView | None = None
) -> dict[str, Any]:
    """What shares.html needs."""
    return {
        "job_id": job.job_id,
        "shares": shares,
        "made": made,
        "share_days": SHARE_DAYS,
        "default_days": DEFAULT_SHARE_DAYS,
    }


async def _show(
    request: Request,
    context: Context,
    account: Account,
    job: Job,
    made: NewShareView | None = None,
) -> Response:
    shares = await context.shares.list(account.user_id, job.job_id)
    template = "job/shares.html" if is_htmx(request) else "job/shares_page.html"
    return pages_of(request).show(
        request, template, account=account, job=job, **share_form(job, shares, made)
    )
