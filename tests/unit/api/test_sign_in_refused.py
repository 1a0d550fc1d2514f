"""Signing in: what could go wrong on the way, and is refused."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gas.adapters.memory import MemoryPorts
from services.api.accounts.identity import safe_path
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from tests.unit.api.issuer import DISCOVERY, authorize, issuer, session_of, settings_for, sign_in
from tests.unit.api.world import Clock, World


@pytest.fixture
def settings(settings: ApiSettings, issuer_url: str) -> ApiSettings:
    return settings_for(settings, issuer_url)


async def test_without_an_email_address_there_is_no_account(
    browser: httpx.AsyncClient, issuer_url: str
) -> None:
    async with issuer(issuer_url) as client:
        await client.put("/users/nobody", json={"name": "Nobody"})

    response = await sign_in(browser, issuer_url, "nobody")

    assert (response.status_code, response.json()["code"]) == (400, "sign_in_failed")
    assert "e-mail" in response.json()["detail"]
    assert session_of(browser) is None


async def test_another_site_cannot_sign_somebody_out(
    browser: httpx.AsyncClient, issuer_url: str
) -> None:
    await sign_in(browser, issuer_url)

    response = await browser.post("/sign-out", headers={"Origin": "https://evil.test"})

    assert (response.status_code, response.json()["code"]) == (403, "cross_site_request")
    assert (await browser.get("/api/v1/account")).status_code == 200


@pytest.mark.parametrize("change", ["state=wrong", "code=wrong"])
async def test_a_forged_return_signs_nobody_in(
    browser: httpx.AsyncClient, issuer_url: str, change: str
) -> None:
    begun = await browser.get("/sign-in")
    back = urlsplit(await authorize(issuer_url, begun.headers["Location"]))
    name, _, value = change.partition("=")
    query = {k: v[0] for k, v in parse_qs(back.query).items()} | {name: value}

    response = await browser.get("/sign-in/callback", params=query)

    assert (response.status_code, response.json()["code"]) == (400, "sign_in_failed")
    assert session_of(browser) is None


async def test_a_return_in_another_browser_signs_nobody_in(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    """An attacker who begins a sign-in cannot have a victim complete it."""
    begun = await browser.get("/sign-in")
    back = await authorize(issuer_url, begun.headers["Location"])

    async with world.browser() as victim:
        response = await victim.get(back)
        assert session_of(victim) is None

    assert (response.status_code, response.json()["code"]) == (400, "sign_in_failed")


async def test_a_return_works_once(browser: httpx.AsyncClient, issuer_url: str) -> None:
    begun = await browser.get("/sign-in")
    back = await authorize(issuer_url, begun.headers["Location"])

    first, second = await browser.get(back), await browser.get(back)

    assert (first.status_code, second.status_code) == (303, 400)


async def test_a_token_for_another_client_signs_nobody_in(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    begun = await browser.get("/sign-in")
    back = await authorize(issuer_url, begun.headers["Location"])
    world.context.sign_in._client_id = "somebody-else"

    response = await browser.get(back)

    assert (response.status_code, response.json()["code"]) == (400, "sign_in_failed")


async def test_who_refuses_at_the_issuer_is_told_so(browser: httpx.AsyncClient) -> None:
    await browser.get("/sign-in")

    response = await browser.get(
        "/sign-in/callback", params={"error": "access_denied"}, headers={"Accept": "text/html"}
    )

    assert response.status_code == 400
    assert "did not succeed" in response.text


async def test_an_issuer_that_is_away_is_said_plainly(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock
) -> None:
    away = settings_for(settings, "http://127.0.0.1:9")  # the discard port: nobody listens
    world = World(create_app(away, ports, database, clock), ports, clock)

    async with world.browser() as client:
        page = await client.get("/sign-in", headers={"Accept": "text/html"})
        start = await client.get("/")

    assert page.status_code == 503
    assert "http://127.0.0.1:9 cannot be reached" in page.text
    assert start.status_code == 200


async def test_an_issuer_under_another_name_is_not_trusted(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock, issuer_url: str
) -> None:
    alias = settings_for(
        settings, issuer_url.replace("localhost", "127.0.0.1"), issuer_url + DISCOVERY
    )
    world = World(create_app(alias, ports, database, clock), ports, clock)

    async with world.browser() as client:
        response = await client.get("/sign-in")

    assert (response.status_code, response.json()["code"]) == (503, "sign_in_unavailable")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "\\\\evil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/\n/evil.test",
        "",
        None,
    ],
)
def test_only_paths_of_this_site_are_followed(target: str | None) -> None:
    assert safe_path(target) == "/"


@pytest.mark.parametrize("target", ["/", "/jobs?x=1#y", "/api/docs"])
def test_paths_of_this_site_are_followed(target: str) -> None:
    assert safe_path(target) == target
