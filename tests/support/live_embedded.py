"""The embedded stack as a LiveStack: services are processes, and signals do what happens to them."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Literal

from gas.embedded.options import StackOptions
from gas.embedded.process import Process
from gas.embedded.stack import EmbeddedStack
from tests.support.engines import Engine, catch_engine
from tests.support.patience import until


@asynccontextmanager
async def live_embedded(
    folder: Path, free_retention: timedelta, settings: Mapping[str, str]
) -> AsyncIterator["LiveEmbeddedStack"]:
    options = StackOptions(
        ports_from=0, state=folder, free_retention=free_retention, environment=settings
    )
    async with EmbeddedStack(options) as stack:
        yield LiveEmbeddedStack(stack)


class LiveEmbeddedStack:
    """A LiveStack."""

    trust: Literal[True] = True  # plain HTTP

    def __init__(self, stack: EmbeddedStack) -> None:
        self._stack = stack

    @property
    def api_url(self) -> str:
        return self._stack.api_url

    @property
    def issuer_url(self) -> str:
        return self._stack.issuer_url

    @property
    def aws_endpoint(self) -> str:
        return self._stack.aws_endpoint

    def environment(self) -> Mapping[str, str]:
        return self._stack.environment()

    @asynccontextmanager
    async def frozen(self, *services: str) -> AsyncIterator[None]:
        pids = [self._process(service).pid for service in services]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def stopped(self, *services: str) -> AsyncIterator[None]:
        await asyncio.gather(*(self._stack.stop(service) for service in services))
        try:
            yield
        finally:
            await asyncio.gather(*(self._stack.start(service) for service in services))

    async def kill(self, service: str) -> None:
        killed = self._process(service)
        os.kill(killed.pid, signal.SIGKILL)

        async def process() -> Process | None:
            return self._stack.process(service)

        await until(
            process,
            lambda found: found is not None and found.pid != killed.pid,
            what=f"{service} runs again",
        )
        await self._stack.start(service)  # it runs, so this only waits until it is healthy

    async def engine(self, *, other_than: Engine | None = None) -> Engine:
        return await catch_engine([self._process("annotator").pid], other_than=other_than)

    def _process(self, service: str) -> Process:
        process = self._stack.process(service)
        assert process is not None, f"{service} does not run"
        return process
