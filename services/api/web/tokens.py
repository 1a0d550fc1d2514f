"""The page of one's access tokens. It needs no script: a new secret is in the answer to the form."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from gas.domain.plan import Account
from services.api.context import Context
from services.api.dependencies import ContextOf, CorrelationId, require_same_site
from services.api.routes.tokens import NewToken, token_not_found
from services.api.views.account import NewTokenView, TokenView
from services.api.web.access import PageAccount, pages_of, see_other

router = APIRouter(prefix="/tokens", include_in_schema=False)

_LIFETIMES = (30, 90, 365)
"""Offered, in days."""


@router.get("")
async def show_tokens(
    request: Request, context: ContextOf, account: PageAccount, done: str | None = None
) -> Response:
    """The gas command sends people here, who may have to sign in first."""
    return await _show(request, context, account, is_revoked=done == "revoked")


@router.post("", dependencies=[Depends(require_same_site)])
async def make_token(
    request: Request,
    context: ContextOf,
    account: PageAccount,
    correlation_id: CorrelationId,
    name: Annotated[str, Form()] = "",
    days: Annotated[str, Form()] = "",
) -> Response:
    """No redirection follows: the secret is shown this once, and must not be in an address."""
    try:
        wanted = NewToken.model_validate(
            {"name": name.strip(), "expires_in_days": days or None}, strict=False
        )
    except ValidationError:
        return await _show(
            request, context, account, fault="Give it a name of 1 to 100 characters."
        )
    lifetime = wanted.expires_in_days
    expires_at = context.clock() + timedelta(days=lifetime) if lifetime else None
    token, secret = await context.tokens.create(
        account.user_id, wanted.name, expires_at, correlation_id
    )
    made = NewTokenView(**TokenView.of(token).model_dump(), token=secret)
    return await _show(request, context, account, made=made)


@router.post("/{token_id}/revoke", dependencies=[Depends(require_same_site)])
async def revoke_token(
    token_id: str, context: ContextOf, account: PageAccount, correlation_id: CorrelationId
) -> Response:
    if not await context.tokens.revoke(account.user_id, token_id, correlation_id):
        raise token_not_found()
    return see_other("/tokens?done=revoked")


async def _show(
    request: Request,
    context: Context,
    account: Account,
    *,
    made: NewTokenView | None = None,
    fault: str | None = None,
    is_revoked: bool = False,
) -> Response:
    return pages_of(request).show(
        request,
        "account/tokens.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        account=account,
        tokens=await context.tokens.list(account.user_id),
        made=made,
        fault=fault,
        is_revoked=is_revoked,
        lifetimes=_LIFETIMES,
        now=context.clock(),
        url=context.settings.origin,
    )
