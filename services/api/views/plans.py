"""Plans, and what they allow."""

from datetime import datetime
from typing import Self

from pydantic import Field

from gas.domain.plan import Plan, upload_limit
from services.api.settings import ApiSettings
from services.api.views.base import View


class PlanView(View):
    """A plan and what it allows."""

    plan: Plan
    max_upload_bytes: int
    max_active_jobs: int = Field(description="How many of your jobs may wait or run at a time")
    keeps_results: bool = Field(description="Whether results stay at hand, never archived")
    retention_seconds: float | None = Field(
        description="How long results stay before they are archived; null: for ever"
    )
    ends_at: datetime | None = Field(
        None, description="When the plan ends, if that is decided; then comes the Free plan"
    )

    @classmethod
    def of(cls, plan: Plan, settings: ApiSettings, ends_at: datetime | None = None) -> Self:
        keeps = plan is Plan.PREMIUM
        return cls(
            plan=plan,
            max_upload_bytes=upload_limit(plan),
            max_active_jobs=settings.active_jobs(plan),
            keeps_results=keeps,
            retention_seconds=None if keeps else settings.free_retention_seconds,
            ends_at=ends_at,
        )
