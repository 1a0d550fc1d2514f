"""The page of access tokens."""

import re
from datetime import timedelta

from tests.unit.api.world import ORIGIN, User, World

SECRET = re.compile(r"gas_[\w-]{43}")


async def test_a_user_finds_the_way_to_her_tokens(ada: User) -> None:
    assert 'href="/tokens"' in (await ada.http.get("/account")).text

    page = await ada.http.get("/tokens")

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "No tokens yet." in page.text


async def test_a_new_secret_is_shown_once_and_works(ada: User, world: World) -> None:
    made = await ada.http.post("/tokens", data={"name": " laptop ", "days": "30"})
    later = await ada.http.get("/tokens")

    assert made.headers["Cache-Control"] == "no-store"
    assert f"export GAS_URL={ORIGIN}" in made.text
    (secret,) = SECRET.findall(made.text)
    assert not SECRET.search(later.text)
    assert "laptop" in later.text
    async with world.browser(headers={"Authorization": f"Bearer {secret}"}) as cli:
        assert (await cli.get("/api/v1/account")).status_code == 200
    (token,) = (await ada.call("GET", "/account/tokens")).json()["tokens"]
    assert token["name"] == "laptop"
    expires_at = world.clock() + timedelta(days=30)
    assert token["expires_at"] == expires_at.isoformat().replace("+00:00", "Z")


async def test_a_token_may_work_until_it_is_revoked(ada: User) -> None:
    await ada.http.post("/tokens", data={"name": "x", "days": ""})

    (token,) = (await ada.call("GET", "/account/tokens")).json()["tokens"]
    assert token["expires_at"] is None


async def test_a_token_without_a_name_is_not_made(ada: User) -> None:
    for name in ("", "  ", "x" * 101):
        answer = await ada.http.post("/tokens", data={"name": name, "days": "30"})
        assert answer.status_code == 422
        assert "1 to 100 characters" in answer.text

    assert (await ada.call("GET", "/account/tokens")).json()["tokens"] == []


async def test_a_token_is_revoked_by_its_owner_alone(ada: User, ben: User) -> None:
    hers = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["id"]

    his_try = await ben.http.post(f"/tokens/{hers}/revoke")
    still_there = (await ada.call("GET", "/account/tokens")).json()["tokens"]
    revoked = await ada.http.post(f"/tokens/{hers}/revoke")

    assert his_try.status_code == 404
    assert len(still_there) == 1
    assert revoked.status_code == 303
    assert "The token is revoked" in (await ada.http.get(revoked.headers["Location"])).text
    assert (await ada.call("GET", "/account/tokens")).json()["tokens"] == []


async def test_names_of_tokens_are_text_and_never_markup(ada: User) -> None:
    made = await ada.http.post("/tokens", data={"name": "<img src=x onerror=alert(1)>"})

    assert "<img src=x" not in made.text
    assert "&lt;img src=x" in made.text


async def test_the_page_may_talk_to_us_and_the_store_alone(ada: User) -> None:
    policy = (await ada.http.get("/tokens")).headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "connect-src 'self' memory://inputs" in policy
    assert "unsafe" not in policy
