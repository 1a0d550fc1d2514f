"""What can happen to the processes of a stack: they freeze, they are killed, they stay away."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from gas.embedded.process import Process
from gas.embedded.stack import EmbeddedStack
from tests.support.patience import until

_ENGINE = b"gas.annotation.child"
_CATCH_EVERY = timedelta(seconds=0.01)


def running(stack: EmbeddedStack, service: str) -> Process:
    process = stack.process(service)
    assert process is not None, f"{service} does not run"
    return process


async def kill(stack: EmbeddedStack, service: str) -> None:
    """As the kernel does when memory runs out; then wait until the supervisor started it anew."""
    killed = running(stack, service)
    os.kill(killed.pid, signal.SIGKILL)

    async def process() -> Process | None:
        return stack.process(service)

    await until(
        process,
        lambda found: found is not None and found.pid != killed.pid,
        what=f"{service} runs again",
    )


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """The process makes no step; at the end it goes on, if it is still there."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def stopped(stack: EmbeddedStack, *services: str) -> AsyncIterator[None]:
    """These services are away, in order; at the end they start again."""
    await asyncio.gather(*(stack.stop(service) for service in services))
    try:
        yield
    finally:
        await asyncio.gather(*(stack.start(service) for service in services))


async def engine_process(stack: EmbeddedStack, *, other_than: int | None = None) -> int:
    """The id of the process in which the annotator parses an upload, as soon as there is one."""

    async def look() -> int | None:
        children = _engines(running(stack, "annotator").pid)
        return next((pid for pid in children if pid != other_than), None)

    pid = await until(
        look, lambda found: found is not None, what="an annotation", every=_CATCH_EVERY
    )
    assert pid is not None
    return pid


def is_alive(pid: int) -> bool:
    """A zombie is dead, only nobody has asked after it yet."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _engines(parent: int) -> list[int]:
    """Children of ``parent`` that run the engine. Their parent is field 4 of proc(5)'s stat."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        if int(fields[1]) == parent and _ENGINE in command:
            found.append(int(folder.name))
    return found
