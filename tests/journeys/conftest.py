"""Users whose results are archived already."""

import asyncio

import pytest

from gas.domain.states import ARCHIVED
from tests.support.journey import Journey
from tests.support.users import Archived


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
