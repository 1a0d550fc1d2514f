"""The one running GAS that integration tests and journeys share, and users who are new to it."""

from collections.abc import AsyncIterator

import pytest

from gas.domain.plan import Plan
from tests.support.journey import ENVIRONMENT, RETENTION, Journey, journey_on
from tests.support.live import LiveStack, live_stack
from tests.support.users import User


@pytest.fixture(scope="session")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveStack]:
    async with live_stack(tmp_path_factory.mktemp("live"), RETENTION, ENVIRONMENT) as stack:
        yield stack


@pytest.fixture(scope="session")
async def journey(live: LiveStack) -> AsyncIterator[Journey]:
    """The stack, and a look behind it."""
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
