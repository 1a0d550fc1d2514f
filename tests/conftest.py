"""The one running GAS that integration tests and journeys share."""

from collections.abc import AsyncIterator

import pytest

from tests.support.journey import ENVIRONMENT, RETENTION
from tests.support.live import LiveStack, live_stack


@pytest.fixture(scope="session")
async def live(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveStack]:
    async with live_stack(tmp_path_factory.mktemp("live"), RETENTION, ENVIRONMENT) as stack:
        yield stack
