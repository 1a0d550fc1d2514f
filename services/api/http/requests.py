"""What surrounds every request: an id, a line in the log, a measurement, and a last resort.

The answer names the request and the replica that answered it.
"""

import re
import time
from collections.abc import Callable

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from gas.messages import new_id

log = structlog.get_logger()

REQUESTS = Counter(
    "gas_http_requests", "Requests by what became of them", ["method", "endpoint", "status"]
)
REQUEST_SECONDS = Histogram(
    "gas_http_request_seconds",
    "Time to answer",
    ["method", "endpoint"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

_HEADER = "X-Request-Id"
_INSTANCE_HEADER = "X-Gas-Instance"
_USABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_QUIET = ("/health/", "/metrics", "/assets/")
_SHARE_LINK = re.compile(r"^(/+shared/+)[^/]+")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestScope:
    """Gives each request its id (the client's, if usable), which messages carry on.

    ``instance`` is the name of this replica; ``last_resort`` answers where nobody else could.
    """

    def __init__(
        self, app: ASGIApp, *, instance: str, last_resort: Callable[[Request], ASGIApp]
    ) -> None:
        self._app = app
        self._instance = instance
        self._last_resort = last_resort

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(_HEADER, "")
        request_id = given if _USABLE_ID.fullmatch(given) else new_id()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                headers = MutableHeaders(scope=message)
                headers[_HEADER] = request_id
                headers[_INSTANCE_HEADER] = self._instance
            await send(message)

        started = time.perf_counter()
        with bound_contextvars(correlation_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                log.exception("request failed", method=scope["method"], path=_told(scope["path"]))
                if status:  # half an answer is out: only a cut connection says that it is broken
                    raise
                await self._last_resort(Request(scope))(scope, receive, send_with_id)
            finally:
                _record(scope, status, time.perf_counter() - started)


def _record(scope: Scope, status: int, seconds: float) -> None:
    endpoint = _name_of(scope.get("endpoint"))
    method = scope["method"] if scope["method"] in _METHODS else "other"
    REQUESTS.labels(method, endpoint, status).inc()
    REQUEST_SECONDS.labels(method, endpoint).observe(seconds)
    # The query is left out: a sign-in has its code there.
    note = log.debug if scope["path"].startswith(_QUIET) else log.info
    note(
        "request",
        method=scope["method"],
        path=_told(scope["path"]),
        status=status,
        client=_client_of(scope),
        milliseconds=round(seconds * 1000, 1),
    )


def _told(path: str) -> str:
    """A path for the log: whoever has a share link can see what it is to, so it is left out."""
    return _SHARE_LINK.sub(r"\1…", path)


def _client_of(scope: Scope) -> str | None:
    """The address that the request came from; behind a trusted proxy, the one that it names."""
    client = scope.get("client")
    return str(client[0]) if client else None


def _name_of(endpoint: object) -> str:
    """Never the path: made-up paths would fill the memory with labels."""
    return getattr(endpoint, "__name__", type(endpoint).__name__ if endpoint else "none")
