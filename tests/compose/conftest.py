"""What only containers have: these tests run on the Compose stack that the journeys run on.

Each leaves the stack whole, though perhaps empty.
"""

from collections.abc import AsyncIterator

import httpx
import pytest

from gas.compose import ComposeProject
from tests.support.live import LiveStack, is_compose
from tests.support.live_compose import LiveComposeStack


def pytest_collection_modifyitems() -> None:
    if not is_compose():
        raise pytest.UsageError("tests/compose needs GAS_TEST_STACK=compose: make test-compose")


@pytest.fixture(scope="session")
def project(live: LiveStack) -> ComposeProject:
    assert isinstance(live, LiveComposeStack)
    return live.project


@pytest.fixture
async def nobody(live: LiveStack) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody at the door who is not signed in."""
    async with httpx.AsyncClient(
        base_url=live.api_url, trust_env=False, verify=live.trust
    ) as client:
        yield client
