"""Settings of the reconciler."""

from pydantic import Field

from gas.runtime.settings import BackgroundSettings


class ReconcilerSettings(BackgroundSettings):
    """How often the reconciler looks."""

    reconcile_interval_seconds: float = Field(60, gt=0, description="Time between two looks")
