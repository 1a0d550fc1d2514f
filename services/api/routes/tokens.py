"""Access tokens of one's own."""

from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.api.dependencies import ContextOf, CorrelationId, CurrentAccount, SessionAccount
from services.api.problems import ApiCode, Problem
from services.api.views.account import NewTokenView, TokensView, TokenView

router = APIRouter(prefix="/account/tokens", tags=["account"])


class NewToken(BaseModel):
    """``name`` is for telling tokens apart; without ``expires_in_days`` it works until revoked."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100)
    expires_in_days: int | None = Field(None, ge=1, le=3650)


@router.get("")
async def list_tokens(account: CurrentAccount, context: ContextOf) -> TokensView:
    tokens = await context.tokens.list(account.user_id)
    return TokensView(tokens=[TokenView.of(token) for token in tokens])


@router.post("", status_code=HTTPStatus.CREATED)
async def create_token(
    new: NewToken, account: SessionAccount, context: ContextOf, correlation_id: CorrelationId
) -> NewTokenView:
    """A bearer token for the command line. Its secret is shown this once."""
    expires_at = (
        context.clock() + timedelta(days=new.expires_in_days) if new.expires_in_days else None
    )
    token, secret = await context.tokens.create(
        account.user_id, new.name, expires_at, correlation_id
    )
    return NewTokenView(**TokenView.of(token).model_dump(), token=secret)


@router.delete("/{token_id}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_token(
    token_id: str, account: CurrentAccount, context: ContextOf, correlation_id: CorrelationId
) -> None:
    if not await context.tokens.revoke(account.user_id, token_id, correlation_id):
        raise token_not_found()


def token_not_found() -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, ApiCode.TOKEN_NOT_FOUND, "You have no such token.")
