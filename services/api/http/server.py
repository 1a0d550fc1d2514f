"""The HTTP server around the application."""

from collections.abc import Callable

import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.api.settings import ApiSettings

_DRAIN_SECONDS = 20


def server_for(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    """Listens as the settings say; ``serve()`` runs until SIGTERM or SIGINT, then drains.

    X-Forwarded-For and X-Forwarded-Proto are read only where the peer is a trusted proxy: each
    proxy appends the address that it saw, so the last one that is not itself a proxy's is the
    client's. uvicorn would by default trust whoever is on this machine.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            LastAnswers(app, lambda: server.should_exit),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_DRAIN_SECONDS,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=[str(network) for network in settings.trusted_proxies],
        )
    )
    return server


class LastAnswers:
    """Has a connection end with its next answer once ``is_ending``.

    uvicorn tells those that it knows when it begins to drain. One that came in at that moment goes
    unnoticed, and a load balancer would keep it busy until the drain time is over and it is cut.
    """

    def __init__(self, app: ASGIApp, is_ending: Callable[[], bool]) -> None:
        self._app = app
        self._is_ending = is_ending

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_end(message: Message) -> None:
            if message["type"] == "http.response.start" and self._is_ending():
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_with_end)
