"""The previews of mails: on a developer's own machine, and nowhere else."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import HttpUrl

from gas.adapters.memory import MemoryPorts
from services.api.app import create_app
from services.api.settings import ApiSettings
from services.api.store.database import Database
from tests.unit.api.world import Clock, World


@pytest.fixture
async def developer(
    settings: ApiSettings, ports: MemoryPorts, database: Database, clock: Clock
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at a GAS on their own machine, not signed in."""
    local = settings.model_copy(update={"public_url": HttpUrl("http://localhost:8400")})
    world = World(create_app(local, ports, database, clock), ports, clock)
    async with world.browser() as client:
        yield client


@pytest.mark.parametrize("path", ["", "?mail=archive-soon", "/archive-soon"])
async def test_there_is_no_such_page_for_others(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(f"/development/mails{path}")
    assert answer.status_code == 404


async def test_all_mails_are_listed_and_one_is_shown(developer: httpx.AsyncClient) -> None:
    page = await developer.get("/development/mails?mail=archive-soon")
    assert page.status_code == 200
    for name in ("completed-free", "archived-lost-file", "failed-malformed_vcf"):
        assert f'href="/development/mails?mail={name}"' in page.text
    assert "Will be archived soon: Trio of family 7, second run" in page.text
    assert "Upgrade to Premium:\nhttp://localhost:8400/account/plan" in page.text
    assert '<iframe src="/development/mails/archive-soon" sandbox' in page.text


async def test_the_html_form_is_framed_by_us_and_can_do_nothing(
    developer: httpx.AsyncClient,
) -> None:
    frame = await developer.get("/development/mails/archive-soon")
    assert frame.status_code == 200
    policy = frame.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox"} <= set(policy)
    page = await developer.get("/development/mails")
    policy = page.headers["content-security-policy"].split("; ")
    assert {"frame-src 'self'", "style-src 'self'", "script-src 'self'"} <= set(policy)


@pytest.mark.parametrize("path", ["?mail=none", "/none"])
async def test_a_mail_that_there_is_not_is_not_found(
    developer: httpx.AsyncClient, path: str
) -> None:
    assert (await developer.get(f"/development/mails{path}")).status_code == 404


async def test_links_of_mails_lead_to_their_page_by_way_of_the_sign_in(
    developer: httpx.AsyncClient,
) -> None:
    """Whoever is not signed in comes back to where the mail wanted to lead."""
    paths = set()
    for name in ("completed-free", "failed-malformed_vcf", "archive-soon"):
        mail = await developer.get(f"/development/mails/{name}")
        links = re.findall(r'href="http://localhost:8400(/[^"#]+)', mail.text)
        assert len(links) >= 2
        paths |= set(links)
    assert {"/account", "/account/plan", "/jobs/new"} < paths
    for path in paths:
        answer = await developer.get(path)
        assert answer.status_code == 303, path
        assert answer.headers["location"] == f"/sign-in?next={path}"
