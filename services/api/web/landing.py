"""The way in: what GAS is, for whoever is not signed in."""

from typing import Any, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gas.domain.plan import Plan
from services.api.dependencies import ContextOf, OptionalAccount
from services.api.views.plans import PlanView
from services.api.web.access import pages_of, see_other

router = APIRouter(include_in_schema=False)


class ExampleRow(NamedTuple):
    """A row of the example's result, as the landing page shows it."""

    variant: str
    impact: str
    consequence: str
    protein: str
    gene: str
    known: str
    disease: str


EXAMPLE_ROWS = (
    ExampleRow(
        *("MT:3460 G>A", "MODERATE", "missense_variant"),
        *("p.Ala52Thr", "MT-ND1", "rs199476118", "LHON"),
    ),
    ExampleRow(
        *("MT:3946 G>A", "MODERATE", "missense_variant"),
        *("p.Glu214Lys", "MT-ND1", "rs199476123", "MELAS"),
    ),
    ExampleRow(
        *("MT:6930 G>A", "HIGH", "stop_gained"),
        *("p.Gly343Ter", "MT-CO1", "rs28679680", "Multisystem disorder"),
    ),
)
"""A test holds them to what the engine makes of the example."""


@router.get("/")
async def show_start(request: Request, context: ContextOf, account: OptionalAccount) -> Response:
    """What GAS is; whoever is signed in goes to the jobs."""
    if account:
        return see_other("/jobs")
    plans = [PlanView.of(plan, context.settings) for plan in Plan]
    return pages_of(request).show(
        request, "welcome.html", plans=plans, genomes=context.settings.genomes, rows=EXAMPLE_ROWS
    )


@router.get("/api/docs")
async def show_api_docs(request: Request, account: OptionalAccount) -> Response:
    """The OpenAPI document, readable; without scripts, and without anybody else's server."""
    schema: dict[str, Any] = request.app.openapi()
    return pages_of(request).show(request, "api_docs.html", schema=schema, account=account)


@router.get("/favicon.ico")
async def show_icon(request: Request) -> Response:
    """Browsers look here where what they show is no page and names none."""
    return RedirectResponse(pages_of(request).asset("favicon.svg"))
