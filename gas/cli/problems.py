"""From answers that are no success to errors with a sentence and a code."""

import re

import httpx
from pydantic import BaseModel, ValidationError

from gas.cli.errors import RefusedError, UnreachableError, UsageError
from gas.domain.errors import ErrorCode

# How a load balancer answers plain http. Not followed: a token must not go in the clear each time.
_MOVED = frozenset({301, 308})


class _InvalidField(BaseModel):
    location: str
    message: str


class _Problem(BaseModel):
    """An RFC 9457 problem document, as far as we show it."""

    title: str = ""
    detail: str = ""
    code: str | None = None
    errors: tuple[_InvalidField, ...] = ()

    @property
    def sentence(self) -> str:
        fields = [f"{field.location}: {field.message}" for field in self.errors]
        return " ".join([self.detail or self.title, "; ".join(fields)]).strip()


def checked(response: httpx.Response) -> httpx.Response:
    """The answer itself, if it is a success or a redirection."""
    if response.status_code in _MOVED:
        there = response.url.join(response.headers["location"])
        origin = f"{there.scheme}://{there.netloc.decode()}"
        raise UsageError(f"The server is at {origin}: let GAS_URL say so.")
    if response.status_code < 400:
        return response
    try:
        problem = _Problem.model_validate_json(response.content)
    except ValidationError:
        problem = _Problem()
    message = problem.sentence or f"The server answered {response.status_code}."
    if response.status_code == httpx.codes.UNAUTHORIZED:
        page = response.url.join("/tokens")
        raise UsageError(f"{message} Is GAS_TOKEN valid? See {page}", problem.code)
    if response.status_code >= 500:
        raise UnreachableError(message, problem.code)
    raise RefusedError(message, problem.code, response.status_code)


def checked_store(response: httpx.Response, doing: str) -> None:
    """The store's answer; S3 explains itself in XML. ``doing`` is "upload" or "download"."""
    if response.is_success:
        return
    code = _element("Code", response.text)
    if code == "EntityTooLarge":
        raise RefusedError(
            "The store refused the upload: it is larger than your plan allows.",
            ErrorCode.UPLOAD_TOO_LARGE,
            response.status_code,
        )
    reason = _element("Message", response.text) or f"it answered {response.status_code}"
    raise RefusedError(f"The store refused the {doing}: {reason}", code, response.status_code)


def _element(name: str, xml: str) -> str | None:
    found = re.search(f"<{name}>([^<]*)</{name}>", xml)
    return found.group(1) if found else None
