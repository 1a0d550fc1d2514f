"""The child process in which an annotator parses an upload: seen in /proc, reached by signals."""

import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.support.patience import until

_ENGINE = b"gas.annotation.child"
_CATCH_EVERY = timedelta(seconds=0.01)
"""An engine lives for some tenths of a second."""

Send = Callable[[int, signal.Signals], Awaitable[None]]
"""Sends a signal to a process by its id. Raises ProcessLookupError where it is gone."""


async def send(pid: int, number: signal.Signals) -> None:
    os.kill(pid, number)


@dataclass(frozen=True)
class Engine:
    """One run of the engine; ``pid`` is its id as this machine counts."""

    pid: int
    _send: Send = send

    @asynccontextmanager
    async def frozen(self) -> AsyncIterator[None]:
        """It makes no step; at the end it goes on, if it is still there."""
        await self._send(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                await self._send(self.pid, signal.SIGCONT)

    async def crash(self) -> None:
        """As an input does that the parser cannot stand."""
        await self._send(self.pid, signal.SIGSEGV)

    async def until_dead(self) -> None:
        async def look() -> bool:
            return _is_alive(self.pid)

        await until(look, lambda alive: not alive, what=f"process {self.pid} is gone")


async def catch_engine(
    annotators: Collection[int], *, other_than: Engine | None, send: Send = send
) -> Engine:
    """The engine below one of these processes, as soon as there is one."""
    seen = other_than and other_than.pid

    async def look() -> int | None:
        return next((pid for pid in _engines_below(annotators) if pid != seen), None)

    pid = await until(
        look, lambda found: found is not None, what="an annotation", every=_CATCH_EVERY
    )
    assert pid is not None
    return Engine(pid, send)


def _is_alive(pid: int) -> bool:
    """A zombie is dead, only nobody has asked after it yet. The state is field 3 of proc(5)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _engines_below(ancestors: Collection[int]) -> list[int]:
    """Descendants that run the engine: a container may have an init between the two."""
    parents: dict[int, int] = {}
    engines = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        parents[int(folder.name)] = int(fields[1])  # field 4 of proc(5)'s stat
        if _ENGINE in command:
            engines.append(int(folder.name))
    return [pid for pid in engines if _is_below(pid, ancestors, parents)]


def _is_below(pid: int, ancestors: Collection[int], parents: dict[int, int]) -> bool:
    while pid := parents.get(pid, 0):
        if pid in ancestors:
            return True
    return False
