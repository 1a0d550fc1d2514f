"""Signing in at a real issuer."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gas.adapters.memory import MemoryPorts
from gas.domain.plan import Plan
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from tests.unit.api.issuer import authorize, issuer, session_of, settings_for, sign_in
from tests.unit.api.world import FROM_OUR_PAGES, ORIGIN, Clock, World

CALLBACK = f"{ORIGIN}/sign-in/callback"


@pytest.fixture
def settings(settings: ApiSettings, issuer_url: str) -> ApiSettings:
    return settings_for(settings, issuer_url)


async def test_the_issuer_is_asked_with_pkce_state_and_nonce(
    browser: httpx.AsyncClient, issuer_url: str
) -> None:
    begun = await browser.get("/sign-in")

    address = urlsplit(begun.headers["Location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert begun.headers["Location"].startswith(issuer_url)
    assert query["response_type"] == "code"
    assert query["redirect_uri"] == CALLBACK
    assert query["code_challenge_method"] == "S256"
    assert len(query["code_challenge"]) == 43
    assert len(query["state"]) >= 20
    assert len(query["nonce"]) >= 20
    assert set(query["scope"].split()) == {"openid", "email", "profile"}


async def test_the_code_is_redeemed_with_the_verifier_of_the_challenge(
    browser: httpx.AsyncClient, issuer_url: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The issuer here does not check it, so we look at what it is sent."""
    sent: dict[str, Any] = {}
    client = world.context.sign_in._client
    fetch = client.fetch_access_token

    async def spy(**arguments: Any) -> Any:
        sent.update(arguments)
        return await fetch(**arguments)

    monkeypatch.setattr(client, "fetch_access_token", spy)
    begun = await browser.get("/sign-in")
    challenge = parse_qs(urlsplit(begun.headers["Location"]).query)["code_challenge"][0]

    await browser.get(await authorize(issuer_url, begun.headers["Location"]))

    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert urlsafe_b64encode(digest).decode().rstrip("=") == challenge


async def test_the_first_sign_in_makes_a_free_account_that_workers_know(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    back = await sign_in(browser, issuer_url, target="/api/docs")

    assert (back.status_code, back.headers["Location"]) == (303, "/api/docs")
    cookie = next(c for c in back.headers.get_list("set-cookie") if c.startswith("__Host-"))
    for attribute in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"):
        assert attribute in cookie
    account = (await browser.get("/api/v1/account")).json()
    assert account["email"] == "ada@example.org"
    projected = await world.ports.accounts.get(account["user_id"])
    assert projected is not None
    assert (projected.email, projected.plan) == ("ada@example.org", Plan.FREE)


async def test_a_second_sign_in_finds_the_same_account_with_what_is_new(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    seen = []
    for email in ("grace@example.org", "hopper@example.org"):
        async with issuer(issuer_url) as client:
            await client.put("/users/grace", json={"email": email, "name": "Grace"})
        await sign_in(browser, issuer_url, "grace")
        seen.append((await browser.get("/api/v1/account")).json())
        await browser.post("/sign-out")

    assert seen[0]["user_id"] == seen[1]["user_id"]
    assert [account["email"] for account in seen] == ["grace@example.org", "hopper@example.org"]
    projected = await world.ports.accounts.get(seen[1]["user_id"])
    assert projected is not None
    assert projected.email == "hopper@example.org"


async def test_a_session_brought_along_is_replaced_and_ends(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    """Session fixation: what an attacker put into the browser must not become signed in."""
    begun = await browser.get("/sign-in")
    browser.cookies.set("__Host-gas_session", "planted", domain="gas.test", path="/")
    await browser.get(await authorize(issuer_url, begun.headers["Location"]))
    (session_id,) = (c.value for c in browser.cookies.jar if c.name == "__Host-gas_session")

    assert session_id
    assert session_id != "planted"
    assert await world.context.sessions.account_of(session_id) is not None
    assert await world.context.sessions.account_of("planted") is None


async def test_signing_in_anew_ends_the_session_before(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    begun = await browser.get("/sign-in")  # a second tab
    other = await authorize(issuer_url, begun.headers["Location"])
    state = browser.cookies.get("gas_sign_in")
    await sign_in(browser, issuer_url)
    first = session_of(browser)
    assert first
    browser.cookies.set("gas_sign_in", state or "", domain="gas.test", path="/sign-in")
    await browser.get(other)
    second = session_of(browser)

    assert second not in {None, first}
    assert await world.context.sessions.account_of(first) is None


async def test_signing_out_ends_the_session_on_the_server_too(
    browser: httpx.AsyncClient, issuer_url: str, world: World
) -> None:
    await sign_in(browser, issuer_url)
    session_id = session_of(browser)
    assert session_id

    response = await browser.post("/sign-out")

    assert (response.status_code, response.headers["Location"]) == (303, "/signed-out")
    assert "You are signed out" in (await browser.get("/signed-out")).text
    assert session_of(browser) is None
    assert await world.context.sessions.account_of(session_id) is None


async def test_over_plain_http_the_cookie_works_too(
    settings: ApiSettings,
    ports: MemoryPorts,
    database: Database,
    clock: Clock,
    issuer_url: str,
) -> None:
    """The embedded stack is at http://localhost."""
    origin = "http://localhost:8000"
    local = ApiSettings.model_validate({**settings.model_dump(), "public_url": origin})
    app = create_app(local, ports, database, clock)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=origin, headers=FROM_OUR_PAGES
    ) as client:
        await sign_in(client, issuer_url)
        account = await client.get("/api/v1/account")
        cookies = set(client.cookies.keys())

    assert account.status_code == 200
    assert cookies == {"gas_session"}
