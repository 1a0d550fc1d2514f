"""The stacks that the demo can be told on, each begun anew for it and gone after it."""

import asyncio
import shutil
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from gas.cli.story import EndOfLog
from gas.compose import ComposeOptions, ComposeStack
from gas.embedded.options import StackOptions
from gas.embedded.stack import EmbeddedStack
from gas.embedded.state import StateDirectory

RETENTION = timedelta(seconds=20)  # time to look at the result, on a slow machine too
NOTICE = timedelta(seconds=10)  # several rounds of the reconciler, who has the mail sent
IMPATIENCE = {
    "GAS_RECONCILE_INTERVAL_SECONDS": "2",
    "GAS_ARCHIVE_NOTICE_SECONDS": f"{NOTICE.total_seconds():g}",
    "GAS_UNHEARD_SECONDS": "10",
    "GAS_VISIBILITY_SECONDS": "10",
    "GAS_LEASE_SECONDS": "10",
}
"""What takes minutes in production, so that a service killed here is made up for in seconds."""

EMULATOR = "emulator"
"""The service that plays AWS, by whatever name the stack knows it."""

_STATE = Path(".gas/demo")
_PROJECT = "gas-demo"
_ANY_FREE_PORTS = 0
_LOG_LINES = 20
_LOOK_EVERY = timedelta(seconds=5)

Announce = Callable[[str], None]


class DemoStack(Protocol):
    """A running stack, as the demo needs it."""

    @property
    def api_url(self) -> str: ...

    @property
    def aws_endpoint(self) -> str: ...

    @property
    def logs(self) -> str:
        """Where all logs are, for people."""
        ...

    def environment(self) -> Mapping[str, str]:
        """What a client of it needs."""
        ...

    async def end_of_log(self, service: str) -> EndOfLog: ...

    async def until_broken(self) -> str:
        """Wait until it is of no use any more; a sentence about it."""
        ...


@asynccontextmanager
async def embedded(announce: Announce) -> AsyncIterator[DemoStack]:
    """On MiniStack, as processes of this machine. Raises StackError."""
    await _begin_anew(_STATE)
    options = StackOptions(
        ports_from=_ANY_FREE_PORTS,
        state=_STATE,
        free_retention=RETENTION,
        environment=IMPATIENCE,
        announce=announce,
    )
    async with EmbeddedStack(options) as stack:
        yield _Embedded(stack)


@asynccontextmanager
async def compose(announce: Announce) -> AsyncIterator[DemoStack]:
    """On LocalStack, as containers. Raises ComposeError."""
    settings = {
        **IMPATIENCE,
        "GAS_FREE_RETENTION_SECONDS": f"{RETENTION.total_seconds():g}",
        "GAS_LOG_FORMAT": "console",
    }
    options = ComposeOptions(_PROJECT, settings, announce=announce)
    async with ComposeStack(options) as stack:
        yield _Compose(stack)


STACKS: Mapping[str, Callable[[Announce], AbstractAsyncContextManager[DemoStack]]] = {
    "embedded": embedded,
    "compose": compose,
}


class _Embedded:
    def __init__(self, stack: EmbeddedStack) -> None:
        self._stack = stack
        self.api_url = stack.api_url
        self.aws_endpoint = stack.aws_endpoint
        self.logs = str(stack.log_path("api").parent)
        self.environment = stack.environment
        self.until_broken = stack.until_broken

    async def end_of_log(self, service: str) -> EndOfLog:
        log = self._stack.log_path(service)
        if not log.exists():
            return EndOfLog(str(log), ["(there is none)"])
        with log.open(encoding="utf-8", errors="replace") as lines:
            return EndOfLog(str(log), [line.rstrip() for line in deque(lines, _LOG_LINES)])


class _Compose:
    def __init__(self, stack: ComposeStack) -> None:
        self._project = stack.project
        self.api_url = stack.api_url
        self.aws_endpoint = stack.aws_endpoint
        self.logs = f"docker compose --project-name {stack.project.name} logs"
        self.environment = stack.environment

    async def end_of_log(self, service: str) -> EndOfLog:
        name = "localstack" if service == EMULATOR else service
        log = await self._project.logs(name, lines=_LOG_LINES)
        return EndOfLog(f"{self.logs} {name}", log.splitlines())

    async def until_broken(self) -> str:
        """Docker starts anew what dies, so only a stack that somebody took down is broken."""
        while True:
            if not await self._project.containers():
                return "somebody removed the containers"
            await asyncio.sleep(_LOOK_EVERY.total_seconds())


async def _begin_anew(folder: Path) -> None:
    """Empty the state folder, unless a stack runs in it (StackError)."""
    state = await StateDirectory.claim(folder)
    try:
        shutil.rmtree(state.root)
    finally:
        state.release()
