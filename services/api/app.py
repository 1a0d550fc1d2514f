"""The application, from its parts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware

from gas.runtime.records import Clock, utc_now
from services.api.background import background
from services.api.context import Context
from services.api.http.handlers import add_exception_handlers, last_resort
from services.api.http.openapi import PROBLEMS, describe
from services.api.http.requests import RequestScope
from services.api.http.security import BodyLimit, SecurityHeaders
from services.api.http.store_origins import StoreOrigins
from services.api.ports import ApiPorts
from services.api.routes import (
    account,
    files,
    health,
    job_changes,
    jobs,
    payments,
    preflight,
    reference,
    service_info,
    shares,
    sign_in,
    tokens,
    uploads,
    variants,
)
from services.api.settings import ApiSettings
from services.api.store.database import Database
from services.api.web import account as account_page
from services.api.web import (
    explorer,
    genome,
    job_actions,
    landing,
    mails,
    plan,
    shared_variants,
    submit,
    upload,
    variant,
    variant_export,
)
from services.api.web import job as job_page
from services.api.web import jobs as jobs_page
from services.api.web import shared as shared_page
from services.api.web import shares as shares_page
from services.api.web import tokens as tokens_page
from services.api.web.rendering import Assets, Pages

_BODY_BYTES = 64 * 1024  # files go to S3, never through here
_SIGN_IN_SECONDS = 15 * 60
_PAGES = (
    landing,
    account_page,
    plan,
    tokens_page,
    genome,
    explorer,
    variant_export,  # before the rows: it is no number of one
    variant,
    shared_variants,
    submit,
    upload,
    jobs_page,
    job_actions,
    mails,
    shares_page,
    shared_page,
    job_page,  # last: whatever stands behind /jobs/ would be taken for a job's id
)


def create_app(
    settings: ApiSettings, ports: ApiPorts, database: Database, clock: Clock = utc_now
) -> FastAPI:
    """The api over the given ports and database, which the caller opens and closes."""
    context = Context.of(settings, ports, database, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with background(context):
            yield

    app = FastAPI(
        title=service_info.NAME,
        version=service_info.VERSION,
        description="Upload a VCF, get it back annotated.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.context = context
    app.state.pages = Pages(settings.frontend_directory)
    add_exception_handlers(app, app.state.pages)
    app.include_router(_rest())
    for module in (sign_in, payments, health, reference, *_PAGES):
        app.include_router(module.router)
    assets = Assets(directory=settings.frontend_directory / "dist")
    app.mount("/assets", GZipMiddleware(assets))
    describe(app)
    _add_middleware(app, settings, StoreOrigins(ports))
    return app


def _rest() -> APIRouter:
    rest = APIRouter(prefix="/api/v1", responses=PROBLEMS)
    for module in (
        service_info,
        jobs,
        job_changes,
        preflight,
        uploads,
        files,
        variants,
        shares,
        account,
        tokens,
    ):
        rest.include_router(module.router)
    return rest


def _add_middleware(app: FastAPI, settings: ApiSettings, store_origins: StoreOrigins) -> None:
    """The last one added is the outermost."""
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.session_secret.get_secret_value(),
        session_cookie="gas_sign_in",
        path="/sign-in",
        max_age=_SIGN_IN_SECONDS,
        same_site="lax",  # the browser comes back from the issuer by a link
        https_only=settings.is_https,
    )
    app.add_middleware(BodyLimit, max_bytes=_BODY_BYTES)
    app.add_middleware(
        RequestScope,
        instance=settings.instance_name,
        last_resort=last_resort(app.state.pages),
    )
    app.add_middleware(
        SecurityHeaders,
        https_only=settings.is_https and not settings.is_local,
        store_origins=store_origins,
    )
