"""Errors are problem documents, for programs, and pages for people."""

from http import HTTPStatus
from typing import Any

import httpx
import pytest

from services.api.store.database import Database
from tests.unit.api.logs import logged
from tests.unit.api.world import User, World


def check(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """A whole problem document, as RFC 9457 has it."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == "about:blank"
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["detail"]
    assert problem["request_id"] == response.headers["X-Request-Id"]
    return problem


async def test_without_signing_in(world: World) -> None:
    async with world.browser() as client:
        response = await client.get("/api/v1/jobs")

    check(response, 401, "not_signed_in")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="GAS"'


async def test_an_unknown_route(world: World) -> None:
    async with world.browser() as client:
        check(await client.get("/api/v1/nothing-here"), 404, "not_found")


async def test_a_wrong_method(ada: User) -> None:
    response = await ada.call("POST", "/account")

    check(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET"


async def test_a_wrong_body_says_where_and_not_what(ada: User) -> None:
    response = await ada.call("POST", "/jobs", json={"file_name": 7, "sise": "my secret"})

    problem = check(response, 422, "invalid_request")
    assert {error["location"] for error in problem["errors"]} == {"body.file_name", "body.sise"}
    assert "my secret" not in response.text


async def test_a_body_that_is_no_json(ada: User) -> None:
    response = await ada.call(
        "POST", "/jobs", content="{", headers={"Content-Type": "application/json"}
    )

    check(response, 422, "invalid_request")


async def test_what_nobody_foresaw_tells_nothing_and_is_logged(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("password is hunter2")

    monkeypatch.setattr(world.ports.jobs, "get", fail)

    with logged() as log:
        response = await ada.call("GET", "/jobs/x", headers={"X-Request-Id": "look-me-up"})

    check(response, 500, "internal_error")
    assert "hunter2" not in response.text
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    (entry,) = [entry for entry in log if entry["event"] == "request failed"]
    assert entry["exc_info"]
    assert (entry["correlation_id"], entry["path"]) == ("look-me-up", "/api/v1/jobs/x")


async def test_a_person_is_told_of_it_on_a_page(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError("password is hunter2")

    monkeypatch.setattr(world.ports.jobs, "get", fail)

    response = await ada.http.get("/jobs/x", headers={"Accept": "text/html"})

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert response.headers["X-Request-Id"] in response.text
    assert "hunter2" not in response.text


async def test_even_where_pages_fail_there_is_an_answer(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no template")

    monkeypatch.setattr("services.api.web.rendering.Pages.show", fail)

    response = await ada.http.get("/jobs", headers={"Accept": "text/html"})

    check(response, 500, "internal_error")


async def test_what_is_wrong_with_a_form_is_told_on_a_page(ada: User) -> None:
    response = await ada.http.post("/jobs/bulk", headers={"Accept": "text/html"})

    assert response.status_code == 422
    assert "<code>body.action</code>" in response.text


async def test_a_database_that_is_away(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Database.open(
        "postgresql+psycopg://nobody:secret@127.0.0.1:9/none", pool_size=1
    ) as away:
        monkeypatch.setattr(world.context.sessions, "_database", away)
        response = await ada.call("GET", "/account")

    check(response, 503, "service_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "127.0.0.1" not in response.text


async def test_a_person_gets_a_page(world: World) -> None:
    async with world.browser() as client:
        response = await client.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})

    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<h1>Not found</h1>" in response.text


async def test_the_rest_interface_never_answers_with_a_page(world: World) -> None:
    async with world.browser() as client:
        response = await client.get("/api/v1/jobs", headers={"Accept": "text/html"})

    check(response, 401, "not_signed_in")
