"""The HTTP server around the application."""

import uvicorn
from fastapi import FastAPI

from services.api.settings import ApiSettings

_DRAIN_SECONDS = 20


def server_for(app: FastAPI, settings: ApiSettings) -> uvicorn.Server:
    """Listens as the settings say; ``serve()`` runs until SIGTERM or SIGINT, then drains.

    X-Forwarded-For and X-Forwarded-Proto are read only where the peer is a trusted proxy: each
    proxy appends the address that it saw, so the last one that is not itself a proxy's is the
    client's. uvicorn would by default trust whoever is on this machine.
    """
    return uvicorn.Server(
        uvicorn.Config(
            app,
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
