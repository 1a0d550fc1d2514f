"""Links by which others may look at a job without an account."""

from datetime import timedelta
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.api.dependencies import ContextOf, CorrelationId, CurrentAccount
from services.api.problems import ApiCode, Problem
from services.api.views.shares import (
    MAX_SHARE_LABEL,
    NewShareView,
    SharesView,
    ShareView,
)

router = APIRouter(prefix="/jobs/{job_id}/shares", tags=["shares"])


class NewShare(BaseModel):
    """``label`` is for telling links apart; nobody but you sees it."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field("", max_length=MAX_SHARE_LABEL)
    expires_in_days: Literal[1, 7, 30, 90] = 7


@router.get("")
async def list_shares(job_id: str, account: CurrentAccount, context: ContextOf) -> SharesView:
    """The links to this job that work, newest first."""
    await context.desk.find(account.user_id, job_id)
    shares = await context.shares.list(account.user_id, job_id)
    return SharesView(shares=[ShareView.of(share) for share in shares])


@router.post("", status_code=HTTPStatus.CREATED)
async def create_share(
    job_id: str,
    new: NewShare,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
) -> NewShareView:
    """A link to this job, for whoever has it, until it expires or is revoked. Shown this once."""
    await context.desk.find(account.user_id, job_id)
    share, token = await context.shares.create(
        account.user_id,
        job_id,
        new.label.strip(),
        timedelta(days=new.expires_in_days),
        correlation_id,
    )
    return NewShareView.made(share, token, context.settings.origin)


@router.delete("/{share_id}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_share(
    job_id: str,
    share_id: str,
    account: CurrentAccount,
    context: ContextOf,
    correlation_id: CorrelationId,
) -> None:
    """From now on the link leads nowhere."""
    await context.desk.find(account.user_id, job_id)
    if not await context.shares.revoke(account.user_id, job_id, share_id, correlation_id):
        raise Problem(HTTPStatus.NOT_FOUND, ApiCode.SHARE_NOT_FOUND, "There is no such link.")
