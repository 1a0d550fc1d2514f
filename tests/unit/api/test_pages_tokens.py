"""The page of access tokens."""

import re

from tests.unit.api.world import ORIGIN, User, World


async def test_a_stranger_signs_in_first_and_comes_back(world: World) -> None:
    async with world.browser() as client:
        page = await client.get("/tokens")

    assert (page.status_code, page.headers["Location"]) == (303, "/sign-in?next=/tokens")
    assert page.headers["Cache-Control"] == "no-store"


async def test_a_user_finds_the_way_to_her_tokens(ada: User) -> None:
    assert 'href="/tokens"' in (await ada.http.get("/")).text

    page = await ada.http.get("/tokens")

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "Ada" in page.text
    assert '<form id="make"' in page.text
    assert '<tbody id="tokens"' in page.text
    assert f'data-url="{ORIGIN}"' in page.text


async def test_the_page_may_talk_to_us_alone(ada: User) -> None:
    policy = (await ada.http.get("/tokens")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "connect-src 'self';" in policy
    assert "unsafe" not in policy


async def test_fields_have_labels_and_changes_are_announced(ada: User) -> None:
    page = (await ada.http.get("/tokens")).text

    fields = re.findall(r'<input id="(\w+)"', page)
    assert fields
    assert set(fields) == set(re.findall(r'<label for="(\w+)"', page))
    assert re.search(r'id="notice"[^>]* aria-live="polite"', page)


async def test_the_page_holds_no_secret(ada: User) -> None:
    """It is shown by the answer that makes the token, never by a page that could be asked again."""
    secret = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]

    assert secret not in (await ada.http.get("/tokens")).text
