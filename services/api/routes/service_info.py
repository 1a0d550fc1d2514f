"""What this service is and offers; open to all."""

from importlib.metadata import version

from fastapi import APIRouter

from gas.domain.plan import Plan
from services.api.dependencies import MAX_PAGE_SIZE, ContextOf
from services.api.views.plans import PlanView
from services.api.views.service import LimitsView, ServiceInfoView

NAME = "GAS, the Genomics Annotation Service"
VERSION = version("gas")

router = APIRouter(tags=["service"])


@router.get("/service-info")
async def show_service_info(context: ContextOf) -> ServiceInfoView:
    settings = context.settings
    return ServiceInfoView(
        name=NAME,
        version=VERSION,
        genomes=settings.genomes,
        default_genome=settings.genomes[0],
        limits=LimitsView(
            page_size=MAX_PAGE_SIZE,
            upload_form_seconds=settings.upload_form_seconds,
            download_url_seconds=settings.download_url_seconds,
        ),
        plans=[PlanView.of(plan, settings) for plan in Plan],
    )
