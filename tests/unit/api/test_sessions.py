"""How long sessions last."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

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
