"""Is it alive, can it work, and what does it count."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from http import HTTPStatus

import structlog
from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.api.context import Context
from services.api.dependencies import ContextOf
from services.api.views.service import CheckView

router = APIRouter(include_in_schema=False)
log = structlog.get_logger()

_PATIENCE = timedelta(seconds=3)
_NOBODY = "readiness"  # an id and a prefix that are never in use


@router.get("/health/live")
async def live() -> CheckView:
    """The process answers. Nothing else is looked at: a restart would not bring back a store."""
    return CheckView.of([])


@router.get("/health/ready")
async def ready(context: ContextOf, response: Response) -> CheckView:
    """All that a request may need can be reached; 503 otherwise, naming what cannot."""
    checks = _checks(context)
    outcomes = await asyncio.gather(*(_reaches(*check) for check in checks.items()))
    view = CheckView.of(name for name, reached in zip(checks, outcomes, strict=True) if not reached)
    if view.unreachable:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return view


@router.get("/metrics")
async def metrics() -> Response:
    """For Prometheus. The load balancer keeps it from the public."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _checks(context: Context) -> dict[str, Awaitable[object]]:
    ports = context.ports
    return {
        "postgresql": context.database.ping(),
        "dynamodb": ports.accounts.get(_NOBODY),
        "inputs_bucket": ports.inputs.list_page(f"{_NOBODY}/"),
        "results_bucket": ports.results.list_page(f"{_NOBODY}/"),
    }


async def _reaches(name: str, check: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            await check
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, it is not ready
        log.warning("not ready", missing=name, reason=repr(error))
        return False
    return True
