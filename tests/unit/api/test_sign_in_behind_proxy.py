"""Signing in where browsers and the api reach the issuer at different addresses."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from gas.adapters.memory import MemoryPorts
from gas.embedded.ports import claim_ports
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from tests.unit.api.issuer import DISCOVERY, session_of, settings_for
from tests.unit.api.world import Clock, World

PUBLIC = "https://localhost:8445"
# What a load balancer does: it ends TLS, keeps the host, and says what the scheme was.
BY_THE_PROXY = {"Host": "localhost:8445", "X-Forwarded-Proto": "https"}


@contextmanager
def running_issuer(port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m gas.embedded.issuer`` as a container runs it; ended for good afterwards."""
    command = [sys.executable, "-m", "gas.embedded.issuer", str(port)]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--public-url", PUBLIC], stdout=out, stderr=out
        )
    try:
        deadline = time.monotonic() + 30
        while not _answers(port):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/jwks", trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def port() -> int:
    return claim_ports(0).issuer


@pytest.fixture(scope="module")
def internal(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address by which only servers reach the issuer."""
    with running_issuer(port, tmp_path_factory.mktemp("issuer") / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def settings(settings: ApiSettings, internal: str) -> ApiSettings:
    return settings_for(settings, PUBLIC, internal + DISCOVERY)


async def by_the_proxy(internal: str, method: str, address: str, **options: Any) -> httpx.Response:
    """A browser's request to an address at PUBLIC, as it arrives at the issuer."""
    assert address.startswith(PUBLIC + "/")
    async with httpx.AsyncClient(trust_env=False, headers=BY_THE_PROXY) as client:
        return await client.request(method, internal + address.removeprefix(PUBLIC), **options)


async def test_browsers_use_the_public_address_and_the_api_the_internal_one(
    browser: httpx.AsyncClient, internal: str
) -> None:
    begun = await browser.get("/sign-in", params={"next": "/api/docs"})
    to_issuer = begun.headers["Location"]
    assert to_issuer.startswith(f"{PUBLIC}/oauth2/authorize?")
    form = await by_the_proxy(internal, "GET", to_issuer)
    assert form.status_code == 200
    assert "https://" not in form.text.replace("https://gas.test", ""), "a foreign server is named"
    sent = await by_the_proxy(internal, "POST", to_issuer, data={"sub": "ada"})

    back = await browser.get(sent.headers["Location"])

    assert (back.status_code, back.headers["Location"]) == (303, "/api/docs")
    assert session_of(browser)
    account = (await browser.get("/api/v1/account")).json()
    assert (account["name"], account["email"]) == ("Ada Lovelace", "ada@example.org")


async def test_discovery_has_one_issuer_and_the_back_channel_where_it_was_asked(
    internal: str,
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        inside = (await client.get(internal + DISCOVERY)).json()
    outside = (await by_the_proxy(internal, "GET", PUBLIC + DISCOVERY)).json()

    for metadata, back_channel in ((inside, internal), (outside, PUBLIC)):
        assert metadata["issuer"] == PUBLIC
        assert metadata["authorization_endpoint"] == f"{PUBLIC}/oauth2/authorize"
        for name in ("token_endpoint", "userinfo_endpoint", "jwks_uri"):
            assert metadata[name].startswith(back_channel + "/"), name


async def test_pkce_is_held_to_behind_a_proxy_too(
    browser: httpx.AsyncClient, internal: str
) -> None:
    begun = await browser.get("/sign-in")
    sent = await by_the_proxy(internal, "POST", begun.headers["Location"], data={"sub": "ada"})
    (code,) = parse_qs(urlsplit(sent.headers["Location"]).query)["code"]
    stolen = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": "https://gas.test/sign-in/callback",
        "code_verifier": "x" * 43,
    }

    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(f"{internal}/oauth2/token", data=stolen, auth=("gas", "any"))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_an_issuer_that_began_anew_has_new_keys_and_signs_people_in(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Its keys are gone with the container, while the api still knows the old ones."""
    port = claim_ports(0).issuer
    internal = f"http://127.0.0.1:{port}"
    moved = settings_for(settings, PUBLIC, internal + DISCOVERY)
    world = World(create_app(moved, ports, database, clock), ports, clock)
    for _ in range(2):
        with running_issuer(port, tmp_path / "log"):
            async with world.browser() as browser:
                begun = await browser.get("/sign-in")
                to_issuer = begun.headers["Location"]
                sent = await by_the_proxy(internal, "POST", to_issuer, data={"sub": "ada"})
                back = await browser.get(sent.headers["Location"])
                assert back.status_code == 303, back.text


def test_it_ends_quickly_when_asked_to(tmp_path: Path) -> None:
    port = claim_ports(0).issuer
    with running_issuer(port, tmp_path / "log") as process, httpx.Client(trust_env=False) as client:
        client.get(f"http://127.0.0.1:{port}/jwks")  # a connection that is kept open
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=5)


def test_a_public_url_with_a_path_is_refused() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "gas.embedded.issuer", "0", "--public-url", "localhost:8445"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 2
    assert "is not of the form https://host:port" in answer.stderr
