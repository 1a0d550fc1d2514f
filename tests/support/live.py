"""A whole running GAS, whatever it runs on: what tests may know of it and do to it.

GAS_TEST_STACK chooses: ``embedded`` (the default) runs it as processes on MiniStack, ``compose``
as containers on LocalStack.
"""

import os
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from tests.support.engines import Engine
from tests.support.live_compose import live_compose
from tests.support.live_embedded import live_embedded

_CHOICE = "GAS_TEST_STACK"


class LiveStack(Protocol):
    """A running stack. Services are named as in ``gas.embedded.options.SERVICES``."""

    @property
    def api_url(self) -> str: ...

    @property
    def issuer_url(self) -> str:
        """As browsers reach it, without a slash at its end."""
        ...

    @property
    def aws_endpoint(self) -> str: ...

    @property
    def trust(self) -> ssl.SSLContext | bool:
        """What httpx needs as ``verify`` to trust the stack's certificates."""
        ...

    def environment(self) -> Mapping[str, str]:
        """What any client of the stack needs, and what its services were told."""
        ...

    def frozen(self, *services: str) -> AbstractAsyncContextManager[None]:
        """Within, these make no step; then they go on as if nothing had been."""
        ...

    def stopped(self, *services: str) -> AbstractAsyncContextManager[None]:
        """Within, these are away, having ended in order; then they are healthy again."""
        ...

    async def kill(self, service: str) -> None:
        """As the kernel does when memory runs out; returns when it is healthy again."""
        ...

    async def engine(self, *, other_than: Engine | None = None) -> Engine:
        """The process in which the annotator parses an upload, as soon as there is one."""
        ...


def is_compose() -> bool:
    """Whether tests run on the Compose stack. Raises ValueError for a choice that is none."""
    choice = os.environ.get(_CHOICE, "embedded")
    if choice not in {"embedded", "compose"}:
        raise ValueError(f"{_CHOICE} is {choice!r}: it can be embedded or compose")
    return choice == "compose"


@asynccontextmanager
async def live_stack(
    folder: Path, free_retention: timedelta, settings: Mapping[str, str]
) -> AsyncIterator[LiveStack]:
    """Run the stack that the environment chooses; ``folder`` is for its state.

    ``settings`` are variables of the services.
    """
    run = live_compose if is_compose() else live_embedded
    async with run(folder, free_retention, settings) as stack:
        yield stack
