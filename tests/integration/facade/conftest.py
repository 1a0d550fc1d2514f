"""A façade before the emulator, and those who call through it."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import aioboto3
import pytest

from gas.messages import new_id
from tests.support.facade import Facade
from tests.support.facade.door import Door, our_keys
from tests.support.stack import Stack, infrastructure

__all__ = ["infrastructure"]

Open = Callable[..., Coroutine[Any, Any, Door]]


@pytest.fixture(scope="session")
def sdk(infrastructure: Stack) -> aioboto3.Session:
    """One for all, since it takes its time to read the descriptions of the services."""
    return aioboto3.Session()


@pytest.fixture
async def open_facade(infrastructure: Stack, sdk: aioboto3.Session) -> AsyncIterator[Open]:
    """Opens a façade with the options of ``Facade``."""
    async with AsyncExitStack() as exits:

        async def open_one(**options: Any) -> Door:
            facade = Facade(infrastructure.endpoint, our_keys, **options)
            await exits.enter_async_context(facade)
            return await exits.enter_async_context(Door(facade, infrastructure, sdk))

        yield open_one


@pytest.fixture
async def door(open_facade: Open) -> Door:
    """A façade that makes no faults."""
    return await open_facade()


@pytest.fixture
def key() -> str:
    """Of an object that no other test knows, with all that makes encoding hard."""
    return f"{new_id()}/job ü+/1/a=b&c.vcf.gz"
