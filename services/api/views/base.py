"""What all views have in common."""

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """An answer; made once, then only read."""

    model_config = ConfigDict(frozen=True)
