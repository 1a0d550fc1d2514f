"""The embedded stack as a whole: ``gas up``, the demo and the tests run it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from gas.embedded.echo import echo_logs
from gas.embedded.environment import issuer_url, public_url, stack_environment
from gas.embedded.errors import StackError
from gas.embedded.infrastructure import Infrastructure
from gas.embedded.options import StackOptions
from gas.embedded.ports import Ports, claim_ports
from gas.embedded.process import Process
from gas.embedded.services import Services
from gas.embedded.state import StateDirectory


class EmbeddedStack:
    """Async context manager: inside it everything runs and is healthy, after it nothing is left.

    Entering raises StackError, a sentence for the user, when that cannot be.
    """

    _state: StateDirectory
    _ports: Ports
    _infrastructure: Infrastructure
    _services: Services

    def __init__(self, options: StackOptions) -> None:
        self.options = options
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self._exits.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    @property
    def api_url(self) -> str:
        return public_url(self._ports)

    @property
    def aws_endpoint(self) -> str:
        return self._infrastructure.emulator.url

    @property
    def issuer_url(self) -> str:
        return issuer_url(self._ports)

    @property
    def database_url(self) -> str:
        """For SQLAlchemy with psycopg."""
        return self._infrastructure.postgres.url

    @property
    def began_anew(self) -> bool:
        """Whether data of an earlier run had to go, since that run did not end in order."""
        return self._state.began_anew

    def environment(self) -> dict[str, str]:
        """What a service, or any client of the stack, needs in its environment."""
        return stack_environment(
            self.options,
            self._ports,
            self._state,
            self.database_url,
            self._infrastructure.emulator.client_environment,
        )

    def process(self, name: str) -> Process | None:
        """A running process: a service, or emulator, postgres, issuer. It has a ``pid``."""
        return self._infrastructure.process(name) or self._services.process(name)

    def log_path(self, name: str) -> Path:
        return self._state.log(name)

    async def start(self, name: str) -> None:
        """Start a service and wait until it is healthy."""
        await self._services.start(name)

    async def stop(self, name: str) -> None:
        """Stop a service; it stays so."""
        await self._services.stop(name)

    async def restart(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)

    async def until_broken(self) -> str:
        """Wait until something ends without which there is no stack; a sentence about it."""
        return await self._infrastructure.first_death()

    async def _start(self) -> None:
        say = self.options.announce
        self._state = await StateDirectory.claim(self.options.state)
        self._exits.callback(self._state.release)
        if self._state.began_anew:
            say("the last run did not end in order: its data is gone, this begins anew")
        self._ports = claim_ports(self.options.ports_from)
        if self.options.verbose:
            await self._exits.enter_async_context(_echoing(self._state, self.options))
        self._infrastructure = Infrastructure(self._state, self._ports)
        self._exits.push_async_callback(self._infrastructure.stop)
        say("starting AWS emulator, PostgreSQL and OpenID Connect issuer")
        environment = self.environment()
        await self._infrastructure.start(environment, self.options.free_retention)
        self._services = Services(self.options, self._state, environment)
        self._exits.push_async_callback(self._services.stop_all)
        if self.options.services:
            say(f"starting {', '.join(self.options.services)}")
        await self._services.start_all()


async def run_until_interrupted(options: StackOptions) -> None:
    """Run a stack until SIGINT or SIGTERM. Raises StackError when it cannot start or breaks."""
    running = asyncio.create_task(_run_until_broken(options))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, running.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await running
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def _run_until_broken(options: StackOptions) -> None:
    async with EmbeddedStack(options) as stack:
        options.announce(f"ready: {stack.api_url}  (Ctrl-C stops it)")
        raise StackError(await stack.until_broken())


@asynccontextmanager
async def _echoing(state: StateDirectory, options: StackOptions) -> AsyncIterator[None]:
    echo = asyncio.create_task(echo_logs(state.root / "logs", options.announce))
    try:
        yield
    finally:
        echo.cancel()
        with suppress(asyncio.CancelledError):
            await echo
