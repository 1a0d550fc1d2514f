"""Signing in and out."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.api.accounts.browsers import browser_name
from services.api.accounts.identity import CALLBACK_PATH, safe_path
from services.api.context import Context
from services.api.dependencies import (
    ContextOf,
    CorrelationId,
    OptionalAccount,
    require_same_site,
    session_cookie,
    session_id_of,
)

router = APIRouter(include_in_schema=False)

_NEXT = "next"


@router.get("/sign-in")
async def begin_sign_in(
    request: Request,
    context: ContextOf,
    account: OptionalAccount,
    target: Annotated[str | None, Query(alias="next")] = None,
) -> Response:
    """To the issuer; whoever is signed in already goes straight to ``next``."""
    if account:
        return _see_other(safe_path(target))
    request.session[_NEXT] = safe_path(target)
    return await context.sign_in.begin(request)


@router.get(CALLBACK_PATH)
async def complete_sign_in(
    request: Request, context: ContextOf, correlation_id: CorrelationId
) -> Response:
    """Back from the issuer: a new session, whatever the browser brought along."""
    identity = await context.sign_in.complete(request)
    target = safe_path(request.session.get(_NEXT))
    request.session.clear()
    account = await context.accounts.sign_in(identity, correlation_id)
    await context.projector.try_project(account.user_id, correlation_id)
    session_id = await context.sessions.start(
        account.user_id,
        replaces=session_id_of(request, context),
        browser=browser_name(request.headers.get("user-agent", "")),
    )
    response = _see_other(target)
    response.set_cookie(
        session_cookie(context.settings),
        session_id,
        max_age=int(context.settings.session_seconds),
        path="/",
        secure=context.settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out", dependencies=[Depends(require_same_site)])
async def sign_out(
    request: Request, context: ContextOf, account: OptionalAccount, correlation_id: CorrelationId
) -> Response:
    """Ends the session here; the one at the issuer is the user's own affair."""
    session_id = session_id_of(request, context)
    if account and session_id:
        await context.sessions.end(session_id, account.user_id, correlation_id)
    return signed_out(context)


def signed_out(context: Context) -> RedirectResponse:
    """To a page that says so, and without the cookie."""
    response = _see_other("/signed-out")
    response.delete_cookie(
        session_cookie(context.settings),
        path="/",
        secure=context.settings.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


def _see_other(path: str) -> RedirectResponse:
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})
