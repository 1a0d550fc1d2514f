"""Errors, as programs see them."""

from typing import Literal

from pydantic import Field

from services.api.views.base import View


class InvalidField(View):
    location: str = Field(description="Where in the request, e.g. body.file_name")
    message: str


class ProblemView(View):
    """RFC 9457. ``code`` is what a program should look at: it never changes."""

    type: Literal["about:blank"] = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str = Field(description="Also in the X-Request-Id header, and in our logs")
    address: str | None = Field(None, description="Where a browser can do something about it")
    errors: list[InvalidField] | None = None
