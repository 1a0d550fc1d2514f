"""What routes ask for: the wired parts, the account behind the request, checked parameters."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Query
from starlette.requests import Request
from structlog.contextvars import bind_contextvars, get_contextvars

from gas.domain.plan import Account
from services.api.context import Context
from services.api.problems import ApiCode, Problem
from services.api.settings import ApiSettings

MAX_PAGE_SIZE = 100

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_NOT_SIGNED_IN_HEADERS = {"WWW-Authenticate": 'Bearer realm="GAS"'}


async def get_context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


ContextOf = Annotated[Context, Depends(get_context)]


async def get_correlation_id() -> str:
    """The id of this request; the messages that it causes carry it on."""
    correlation_id: str = get_contextvars()["correlation_id"]
    return correlation_id


CorrelationId = Annotated[str, Depends(get_correlation_id)]


def session_cookie(settings: ApiSettings) -> str:
    """The prefix makes browsers refuse the cookie from other hosts and over plain http."""
    return "__Host-gas_session" if settings.is_https else "gas_session"


def session_id_of(request: Request, context: Context) -> str | None:
    return request.cookies.get(session_cookie(context.settings))


async def require_same_site(request: Request, context: ContextOf) -> None:
    """Cookies travel by themselves, so a change by cookie must come from our own pages.

    Browsers say where a request comes from in ``Sec-Fetch-Site`` or, older ones and plain
    http, in ``Origin``. One that says neither is refused.
    """
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    is_ours = (
        site == "same-origin"
        if site is not None
        else request.headers.get("origin") == context.settings.origin
    )
    if not is_ours:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            ApiCode.CROSS_SITE_REQUEST,
            "This request did not come from our own pages.",
        )


async def find_session_account(request: Request, context: ContextOf) -> Account | None:
    """Who is signed in by session cookie, if anybody."""
    session_id = session_id_of(request, context)
    account = await context.sessions.account_of(session_id) if session_id else None
    if account:
        bind_contextvars(user_id=account.user_id)
    return account


async def get_account(request: Request, context: ContextOf) -> Account:
    """Who sends this: by bearer token or, if there is none, by session cookie."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        account = None
        if scheme.lower() == "bearer":
            account = await context.tokens.account_of(secret.strip())
    else:
        account = await find_session_account(request, context)
        if account:
            await require_same_site(request, context)
    if account is None:
        raise _not_signed_in()
    bind_contextvars(user_id=account.user_id)
    return account


async def get_session_account(request: Request, context: ContextOf) -> Account:
    """Who sends this, by session only: a stolen token must not make more tokens."""
    if "authorization" in request.headers:
        raise Problem(
            HTTPStatus.FORBIDDEN,
            ApiCode.SESSION_REQUIRED,
            "This needs a session: sign in with a browser.",
        )
    return await get_account(request, context)


def _not_signed_in() -> Problem:
    sentence = "Sign in, or send a valid bearer token."
    return Problem(HTTPStatus.UNAUTHORIZED, ApiCode.NOT_SIGNED_IN, sentence, _NOT_SIGNED_IN_HEADERS)


OptionalAccount = Annotated[Account | None, Depends(find_session_account)]
CurrentAccount = Annotated[Account, Depends(get_account)]
SessionAccount = Annotated[Account, Depends(get_session_account)]

PageSize = Annotated[int, Query(alias="limit", ge=1, le=MAX_PAGE_SIZE)]
Cursor = Annotated[str | None, Query(max_length=500)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of yours; sending it again within 24 hours makes no second job",
    ),
]
