"""How long sessions last."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from services.api.dependencies import session_cookie
from services.api.store.tables import SessionRow
from tests.unit.api.world import User, World


async def _is_signed_in(user: User) -> bool:
    return (await user.call("GET", "/account")).status_code == 200


async def test_a_session_in_use_lasts_to_its_absolute_end(ada: User, world: World) -> None:
    settings = world.context.settings
    step = settings.session_idle / 2
    used = 0
    while (used + 1) * step < settings.session_lifetime:
        world.clock.advance(step)
        used += 1
        assert await _is_signed_in(ada)

    world.clock.advance(settings.session_lifetime - used * step)

    assert not await _is_signed_in(ada)


async def test_a_session_out_of_use_ends_earlier(ada: User, world: World) -> None:
    idle = world.context.settings.session_idle

    world.clock.advance(idle - timedelta(seconds=1))
    in_time = await _is_signed_in(ada)
    world.clock.advance(idle)
    too_late = await _is_signed_in(ada)

    assert (in_time, too_late) == (True, False)


@pytest.mark.usefixtures("ada")
async def test_expired_sessions_are_forgotten_and_others_are_not(world: World) -> None:
    world.clock.advance(world.context.settings.session_idle)
    async with world.user("ben") as ben:
        await world.context.sessions.forget_expired()

        async with world.context.database.transaction() as session:
            count = await session.scalar(select(func.count()).select_from(SessionRow))
        assert count == 1
        assert await _is_signed_in(ben)


async def test_a_made_up_session_is_none(world: World) -> None:
    async with world.browser() as client:
        client.cookies.set("__Host-gas_session", "made-up")
        response = await client.get("/api/v1/account")

    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


@pytest.fixture
async def elsewhere(ada: User, world: World) -> AsyncIterator[User]:
    """Ada at another browser."""
    session_id = await world.context.sessions.start(
        ada.account.user_id, replaces=None, browser="Firefox on Linux"
    )
    async with world.browser() as client:
        client.cookies.set(session_cookie(world.context.settings), session_id)
        yield User(world, ada.account, client)


async def test_signing_out_everywhere_ends_every_browser_of_that_user_alone(
    ada: User, elsewhere: User, ben: User
) -> None:
    token = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]

    answer = await ada.http.post("/account/sign-out-everywhere")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/signed-out")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f'{session_cookie(ada.world.context.settings)}="";')
    assert "Max-Age=0" in cookie
    assert [await _is_signed_in(user) for user in (ada, elsewhere, ben)] == [False, False, True]
    assert (await elsewhere.http.get("/account")).headers["Location"] == "/sign-in?next=/account"
    assert await _works(ada.world, token)


async def test_programs_can_be_shut_out_with_them(ada: User, ben: User) -> None:
    hers = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]
    his = (await ben.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]

    await ada.http.post("/account/sign-out-everywhere", data={"tokens": "true"})

    assert not await _works(ada.world, hers)
    assert await _works(ada.world, his)


async def test_the_interface_signs_out_everywhere_too(ada: User, elsewhere: User) -> None:
    answer = await elsewhere.call("DELETE", "/account/sessions")

    assert answer.status_code == 204
    assert [await _is_signed_in(user) for user in (ada, elsewhere)] == [False, False]


async def test_one_sees_where_one_is_signed_in(ada: User, elsewhere: User, ben: User) -> None:
    sessions = (await elsewhere.call("GET", "/account/sessions")).json()["sessions"]
    page = (await elsewhere.http.get("/account")).text

    assert [(one["browser"], one["is_this"]) for one in sessions] == [
        ("Firefox on Linux", True),
        ("", False),
    ]
    assert (
        page.index("Firefox on Linux")
        < page.index("This browser")
        < page.index("A program or an unknown browser")
    )


async def test_a_session_that_is_over_is_not_shown(
    ada: User, elsewhere: User, world: World
) -> None:
    world.clock.advance(world.context.settings.session_idle / 2)
    await _is_signed_in(ada)
    world.clock.advance(world.context.settings.session_idle / 2)

    sessions = (await ada.call("GET", "/account/sessions")).json()["sessions"]

    assert [one["is_this"] for one in sessions] == [True]


async def _works(world: World, token: str) -> bool:
    async with world.browser(headers={"Authorization": f"Bearer {token}"}) as program:
        return (await program.get("/api/v1/account")).status_code == 200
