"""Settings of the thawer."""

from datetime import timedelta

from pydantic import Field

from gas.runtime.settings import WorkerSettings


class ThawerSettings(WorkerSettings):
    """How patient the thawer is."""

    retrieval_poll_seconds: float = Field(
        60,
        gt=0,
        le=900,
        description="How often to look at a retrieval of which the archive says nothing",
    )

    @property
    def retrieval_poll(self) -> timedelta:
        return timedelta(seconds=self.retrieval_poll_seconds)
