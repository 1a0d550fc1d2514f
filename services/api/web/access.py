"""What every page asks: who is there, and who is asking, a browser or its htmx."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.plan import Account
from services.api.dependencies import OptionalAccount
from services.api.web.rendering import Pages

_NOT_STORED = {"Cache-Control": "no-store"}


class SignInFirstError(Exception):
    """A page was asked for that is for somebody who is signed in."""


async def page_account(account: OptionalAccount) -> Account:
    """Who is signed in. Raises SignInFirstError, which leads the browser there and back."""
    if account is None:
        raise SignInFirstError
    return account


PageAccount = Annotated[Account, Depends(page_account)]


def pages_of(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def is_htmx(request: Request) -> bool:
    """Whether a part of a page is wanted, to be put into the one that is shown."""
    return request.headers.get("hx-request") == "true"


def see_other(path: str) -> RedirectResponse:
    """To a page of ours, by GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, _NOT_STORED)


def to_sign_in(request: Request, _error: Exception) -> Response:
    """An exception handler. A page comes back after the sign-in; what was posted does not."""
    back = "/"
    if request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        back = request.url.path + query
    if is_htmx(request):  # a redirection would be followed for the part, not for the page
        return Response(headers={"HX-Redirect": "/sign-in?next=/", **_NOT_STORED})
    return see_other(f"/sign-in?next={quote(back, safe='/')}")
