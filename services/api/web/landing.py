"""The pages."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.plan import Plan
from services.api.context import Context
from services.api.dependencies import ContextOf, OptionalAccount
from services.api.pages import Pages
from services.api.security import content_security_policy
from services.api.views import PlanView

router = APIRouter(include_in_schema=False)


@router.get("/")
async def show_start(request: Request, context: ContextOf, account: OptionalAccount) -> Response:
    """What GAS is, or, signed in, one's jobs."""
    plans = [PlanView.of(plan, context.settings.free_retention_seconds) for plan in Plan]
    if account is None:
        return _pages(request).show(request, "welcome.html", plans=plans)
    return _pages(request).show(
        request,
        "jobs.html",
        headers={"Content-Security-Policy": content_security_policy(await _upload_origin(context))},
        account=account,
        genomes=context.settings.genomes,
        plans=plans,
        own_plan=next(plan for plan in plans if plan.plan is account.plan),
    )


@router.get("/tokens")
async def show_tokens(request: Request, context: ContextOf, account: OptionalAccount) -> Response:
    """One's access tokens; the gas command sends people here, who may have to sign in first."""
    if account is None:
        return RedirectResponse(
            "/sign-in?next=/tokens", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"}
        )
    return _pages(request).show(
        request, "tokens.html", account=account, url=context.settings.origin
    )


@router.get("/api/docs")
async def show_api_docs(request: Request) -> Response:
    """The OpenAPI document, readable; without scripts, and without anybody else's server."""
    schema: dict[str, Any] = request.app.openapi()
    return _pages(request).show(request, "api_docs.html", schema=schema)


@router.get("/favicon.ico")
async def show_icon(request: Request) -> Response:
    """Browsers look here where what they show is no page and names none."""
    return RedirectResponse(_pages(request).asset("favicon.svg"))


async def _upload_origin(context: Context) -> str:
    """Where the browser must be allowed to upload to: the store's own forms say it."""
    form = await context.ports.inputs.upload_form(
        "none", max_bytes=1, expires=context.settings.upload_form_lifetime
    )
    parts = urlsplit(form.url)
    return f"{parts.scheme}://{parts.netloc}"


def _pages(request: Request) -> Pages:
    pages: Pages = request.app.state.pages
    return pages
