"""Is it alive, can it work."""

import asyncio
from datetime import timedelta

import pytest

from services.api.routes import health
from tests.unit.api.world import World


async def test_all_is_well(world: World) -> None:
    async with world.browser() as client:
        live, ready = await client.get("/health/live"), await client.get("/health/ready")

    assert (live.status_code, live.json()["status"]) == (200, "ok")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "unreachable": []})


@pytest.mark.parametrize(
    ("port", "method", "name"),
    [
        ("accounts", "get", "dynamodb"),
        ("inputs", "list_page", "inputs_bucket"),
        ("results", "list_page", "results_bucket"),
    ],
)
async def test_what_is_away_is_named(
    world: World, monkeypatch: pytest.MonkeyPatch, port: str, method: str, name: str
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise ConnectionError("secret address")

    monkeypatch.setattr(getattr(world.ports, port), method, away)

    async with world.browser() as client:
        live, ready = await client.get("/health/live"), await client.get("/health/ready")

    assert live.status_code == 200
    assert (ready.status_code, ready.json()["unreachable"]) == (503, [name])
    assert "secret address" not in ready.text


async def test_a_database_that_hangs_is_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(world.context.database, "ping", hang)
    monkeypatch.setattr(health, "_PATIENCE", timedelta(milliseconds=20))

    async with world.browser() as client:
        ready = await client.get("/health/ready")

    assert (ready.status_code, ready.json()["unreachable"]) == (503, ["postgresql"])


async def test_metrics_are_for_prometheus(world: World) -> None:
    async with world.browser() as client:
        await client.get("/api/v1/service-info")
        metrics = await client.get("/metrics")

    assert metrics.headers["Content-Type"].startswith("text/plain")
    assert (
        'gas_http_requests_total{endpoint="show_service_info",method="GET",status="200"}'
        in metrics.text
    )
