"""Waiting until a process is of use, or has done what it was for."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from gas.embedded.errors import StackError
from gas.embedded.process import Process, Program

_STOP_GRACE = timedelta(seconds=2)
_LOG_LINES = 15
_POLL_INTERVAL = timedelta(seconds=0.1)

Check = Callable[[], Awaitable[bool]]


async def until_ready(
    name: str, is_ready: Check, has_failed: Callable[[], bool], log: Path, patience: timedelta
) -> None:
    """Return when ``is_ready``. Raises StackError with the end of the log when that never comes."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience.total_seconds()
    while not await is_ready():
        if has_failed():
            raise StackError(f"{name} did not start; {_end_of(log)}")
        if loop.time() > deadline:
            seconds = patience.total_seconds()
            raise StackError(f"{name} was not ready within {seconds:g} s; {_end_of(log)}")
        await asyncio.sleep(_POLL_INTERVAL.total_seconds())


async def run_to_success(program: Program) -> None:
    """Run a program to its end. Raises StackError with the end of its log when it failed."""
    process = await Process.start(program)
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        await process.stop(_STOP_GRACE)
        raise
    if code != 0:
        raise StackError(f"{program.name} failed (exit code {code}); {_end_of(program.log)}")


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = "\n".join(f"    {line}" for line in lines[-_LOG_LINES:])
    return f"the end of {log}:\n{shown or '    (it is empty)'}"
