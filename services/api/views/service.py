"""What this service is, and how it does."""

from collections.abc import Iterable, Sequence
from typing import Literal, Self

from pydantic import Field

from services.api.views.base import View
from services.api.views.plans import PlanView


class LimitsView(View):
    page_size: int = Field(description="Jobs in a page at most")
    upload_form_seconds: float = Field(description="How long an upload form works")
    download_url_seconds: float = Field(description="How long the address of a download works")


class ServiceInfoView(View):
    """What this service is and offers; open to all."""

    name: str
    version: str
    genomes: Sequence[str]
    default_genome: str
    limits: LimitsView
    plans: Sequence[PlanView]


class CheckView(View):
    """``ok`` or, by name, what cannot be reached."""

    status: Literal["ok", "unavailable"]
    unreachable: Sequence[str] = ()

    @classmethod
    def of(cls, unreachable: Iterable[str]) -> Self:
        names = sorted(unreachable)
        return cls(status="unavailable" if names else "ok", unreachable=names)
