"""What the api answers to what owners do with their jobs, and about the queue."""

from datetime import datetime
from typing import Self

from pydantic import Field

from services.api.jobs.queue import Place
from services.api.views.base import View


class PlaceView(View):
    """Where a job stands that waits."""

    position: int = Field(description="1 is next")
    at_least: bool = Field(description="Whether the queue is so long that it may be later still")
    ahead_yours: int = Field(description="How many of the jobs before it are yours")
    starts_in_seconds: float | None = Field(
        description="An estimate; null where nothing runs that it could be made from"
    )

    @classmethod
    def of(cls, place: Place) -> Self:
        starts_in = place.starts_in
        return cls(
            position=place.position,
            at_least=place.at_least,
            ahead_yours=place.ahead_yours,
            starts_in_seconds=None if starts_in is None else starts_in.total_seconds(),
        )


class JobQueueView(View):
    place: PlaceView | None = Field(description="null for a job that does not wait")


class DiscardedView(View):
    erase_at: datetime = Field(description="Until then it can be taken back")
