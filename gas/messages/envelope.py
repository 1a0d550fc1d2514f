"""What every message carries."""

from datetime import UTC, datetime
from typing import Literal

import uuid_utils
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


def new_id() -> str:
    """A UUIDv7 (RFC 9562): unique, and sorted by the time it was made."""
    return str(uuid_utils.uuid7())


def time_of_id(identifier: str) -> datetime | None:
    """When an id of ours was made, to the millisecond; None for what is none."""
    try:
        parsed = uuid_utils.UUID(identifier)
        if parsed.version != 7:
            return None
        return datetime.fromtimestamp(parsed.timestamp / 1000, UTC)
    except (ValueError, OverflowError):
        return None


def _now() -> datetime:
    return datetime.now(UTC)


class Message(BaseModel):
    """The envelope. Unknown fields are ignored, so that a newer sender is understood."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = 1
    event_id: str = Field(default_factory=new_id)
    occurred_at: AwareDatetime = Field(default_factory=_now)
    correlation_id: str
    user_id: str


class JobMessage(Message):
    """A message about one job."""

    job_id: str
