"""A look behind the stack that all journeys share, and users who are new to it in every test."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED
from tests.support.journey import Journey, journey_on
from tests.support.live import LiveStack
from tests.support.users import Archived, User


@pytest.fixture(scope="session")
async def journey(live: LiveStack) -> AsyncIterator[Journey]:
    async with journey_on(live) as journey:
        yield journey


@pytest.fixture
async def user(journey: Journey) -> User:
    """A new user on the Free plan."""
    return await journey.user()


@pytest.fixture
async def premium(journey: Journey) -> User:
    """A new user on the Premium plan."""
    return await journey.user(Plan.PREMIUM)


@pytest.fixture(scope="session")
async def all_archived(journey: Journey, request: pytest.FixtureRequest) -> list[Archived]:
    """One for each test that asks for one, made together: they all wait for the same time."""
    wanted = sum("archived" in getattr(item, "fixturenames", ()) for item in request.session.items)

    async def make() -> Archived:
        user = await journey.user()
        job = await user.submit()
        return Archived(user, await user.until(job.id, ARCHIVED))

    return list(await asyncio.gather(*(make() for _ in range(wanted))))


@pytest.fixture
async def archived(all_archived: list[Archived]) -> Archived:
    return all_archived.pop()
