"""Settings of the restorer."""

from pydantic import Field

from gas.runtime.settings import WorkerSettings


class RestorerSettings(WorkerSettings):
    """How the restorer goes through a user's jobs."""

    page_size: int = Field(100, ge=1, le=1000, description="Jobs read at a time")
