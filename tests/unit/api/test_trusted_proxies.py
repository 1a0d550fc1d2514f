"""Whose word is taken for where a request comes from, on a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from structlog.testing import CapturingLogger

from services.api.http import requests
from services.api.http.server import server_for
from services.api.settings import ApiSettings
from tests.unit.api.world import World

FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
UNTOUCHED = {"scheme": "http", "client": "127.0.0.1"}
CLAIMED = {"scheme": "https", "client": "203.0.113.9"}


async def seen(request: Request) -> dict[str, Any]:
    assert request.client
    return {"scheme": request.url.scheme, "client": request.client.host}


@asynccontextmanager
async def served(
    world: World, settings: ApiSettings, trusted_proxies: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The api on a port of 127.0.0.1, from where the client comes too."""
    changed = {"port": 0, "trusted_proxies": trusted_proxies}
    world.app.add_api_route("/seen", seen)
    server = server_for(world.app, ApiSettings.model_validate({**settings.model_dump(), **changed}))
    task = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(10):
            while not server.started:
                assert not task.done()
                await asyncio.sleep(timedelta(milliseconds=10).total_seconds())
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False
        ) as client:
            yield client
    finally:
        server.should_exit = True
        await task


@pytest.mark.parametrize("trusted", ["", "10.0.0.0/8", "127.0.0.2, ::1"])
async def test_a_forged_header_changes_nothing(
    world: World, settings: ApiSettings, trusted: str
) -> None:
    async with served(world, settings, trusted) as client:
        assert (await client.get("/seen", headers=FORGED)).json() == UNTOUCHED


@pytest.mark.parametrize("trusted", ["127.0.0.1", "10.0.0.0/8,127.0.0.0/8"])
async def test_a_trusted_proxy_is_believed(
    world: World, settings: ApiSettings, trusted: str
) -> None:
    async with served(world, settings, trusted) as client:
        assert (await client.get("/seen", headers=FORGED)).json() == CLAIMED
        assert (await client.get("/seen")).json() == UNTOUCHED


async def test_what_the_client_itself_put_before_is_not_believed(
    world: World, settings: ApiSettings
) -> None:
    chain = {**FORGED, "X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.1.2.3"}
    async with served(world, settings, "127.0.0.1,10.0.0.0/8") as client:
        assert (await client.get("/seen", headers=chain)).json() == CLAIMED


@pytest.mark.parametrize(("trusted", "address"), [("127.0.0.1", "203.0.113.9"), ("", "127.0.0.1")])
async def test_the_log_has_the_address_of_the_client(
    world: World,
    settings: ApiSettings,
    monkeypatch: pytest.MonkeyPatch,
    trusted: str,
    address: str,
) -> None:
    log = CapturingLogger()
    monkeypatch.setattr(requests, "log", log)

    async with served(world, settings, trusted) as client:
        await client.get("/api/v1/service-info", headers=FORGED)

    (line,) = log.calls
    assert (line.method_name, line.args) == ("info", ("request",))
    assert line.kwargs["client"] == address
    assert line.kwargs["path"] == "/api/v1/service-info"
