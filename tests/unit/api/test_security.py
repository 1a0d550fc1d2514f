"""Requests from other sites, large bodies, and the headers of answers."""

import socket
from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from gas.adapters.memory import MemoryPorts
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from tests.unit.api.world import Clock, User, World

_CHANGES = [
    ("POST", "/api/v1/jobs"),
    ("POST", "/api/v1/jobs/x/submit"),
    ("POST", "/api/v1/jobs/x/cancel"),
    ("DELETE", "/api/v1/jobs/x"),
    ("PUT", "/api/v1/account/plan"),
    ("POST", "/api/v1/account/tokens"),
    ("DELETE", "/api/v1/account/tokens/x"),
    ("POST", "/sign-out"),
]
_FOREIGN = [
    {"Origin": "https://evil.test"},
    {"Origin": "null"},
    {"Origin": "https://gas.test.evil.test"},
    {"Origin": "http://gas.test"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://gas.test"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://gas.test"},
    {},
]


@pytest.mark.parametrize(("method", "path"), _CHANGES)
@pytest.mark.parametrize("headers", _FOREIGN, ids=str)
async def test_no_change_by_cookie_from_elsewhere(
    ada: User, method: str, path: str, headers: dict[str, str]
) -> None:
    del ada.http.headers["Origin"]
    # Bodies as they should be, so that nothing but the origin can be the reason.
    bodies = {
        "/api/v1/jobs": {"file_name": "a.vcf"},
        "/api/v1/account/plan": {"plan": "premium"},
        "/api/v1/account/tokens": {"name": "x"},
    }

    response = await ada.http.request(method, path, headers=headers, json=bodies.get(path))

    assert (response.status_code, response.json()["code"]) == (403, "cross_site_request")


async def test_a_browser_that_says_same_origin_is_believed(ada: User) -> None:
    del ada.http.headers["Origin"]

    response = await ada.call(
        "PUT", "/account/plan", json={"plan": "free"}, headers={"Sec-Fetch-Site": "same-origin"}
    )

    assert response.status_code == 200


async def test_reading_is_allowed_from_a_link_elsewhere(ada: User) -> None:
    response = await ada.http.get("/tokens", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 200


async def test_a_form_of_another_site_is_no_json(ada: User) -> None:
    """The only bodies that a browser sends across sites without asking first."""
    response = await ada.call(
        "POST", "/jobs", content='{"file_name": "a.vcf"}', headers={"Content-Type": "text/plain"}
    )

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_large_body_is_refused(ada: User) -> None:
    response = await ada.call("POST", "/jobs", json={"file_name": "x" * 100_000})

    assert (response.status_code, response.json()["code"]) == (413, "request_too_large")


async def test_a_large_body_of_unknown_length_is_refused(ada: User) -> None:
    async def content() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 10_000

    response = await ada.http.post(
        "/api/v1/jobs", content=content(), headers={"Content-Type": "application/json"}
    )

    assert (response.status_code, response.json()["code"]) == (413, "request_too_large")


@pytest.mark.parametrize("path", ["/", "/api/v1/service-info", "/nowhere", "/assets/site.js"])
async def test_answers_make_browsers_careful(world: World, path: str) -> None:
    async with world.browser() as client:
        headers = (await client.get(path)).headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in headers["Strict-Transport-Security"]
    assert "server" not in headers


async def test_on_localhost_browsers_may_go_on_with_plain_http(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock
) -> None:
    """They would refuse it on every port, and so all other servers of a developer's machine."""
    local = ApiSettings.model_validate(
        {**settings.model_dump(), "public_url": "https://localhost:8443"}
    )
    app = create_app(local, ports, database, clock)
    async with World(app, ports, clock).browser() as client:
        headers = (await client.get("/")).headers

    assert "Strict-Transport-Security" not in headers
    assert "Content-Security-Policy" in headers


@pytest.mark.parametrize("path", ["/", "/api/v1/service-info", "/nowhere", "/health/live"])
async def test_answers_name_the_replica(world: World, path: str) -> None:
    async with world.browser() as client:
        assert (await client.get(path)).headers["X-Gas-Instance"] == socket.gethostname()


async def test_other_sites_are_not_invited(world: World) -> None:
    async with world.browser() as client:
        response = await client.options(
            "/api/v1/jobs",
            headers={"Origin": "https://evil.test", "Access-Control-Request-Method": "POST"},
        )

    assert not any(name.startswith("access-control") for name in response.headers)


async def test_requests_are_counted_by_endpoint_and_not_by_job(ada: User) -> None:
    def count() -> float:
        labels = {"method": "GET", "endpoint": "show_job", "status": "404"}
        return REGISTRY.get_sample_value("gas_http_requests_total", labels) or 0

    before = count()
    await ada.call("GET", "/jobs/one")
    await ada.call("GET", "/jobs/two")

    assert count() == before + 2


async def test_a_request_id_of_the_client_is_kept_if_usable(world: World) -> None:
    async def id_for(given: str) -> str:
        async with world.browser() as client:
            response = await client.get("/nowhere", headers={"X-Request-Id": given})
        assert response.json()["request_id"] == response.headers["X-Request-Id"]
        return response.headers["X-Request-Id"]

    assert await id_for("trace-1.a_b") == "trace-1.a_b"
    for unusable in ("", "a b", "x" * 65, 'a"b'):
        assert await id_for(unusable) != unusable
