"""One process of the stack: started so that it cannot be left behind, and stopped for good."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gas.embedded.sessions import kill_session

_LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Program:
    """What to run and how to end it.

    ``death_signal`` reaches it should the supervisor be killed. ``user`` is uid:gid.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    directory: Path
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    user: str | None = None
    keep_open: Sequence[int] = ()


class Process:
    """A running program, leader of a session of its own."""

    def __init__(self, program: Program, process: asyncio.subprocess.Process) -> None:
        self.program = program
        self._process = process

    @classmethod
    async def start(cls, program: Program) -> "Process":
        """Start it with both outputs appended to its log."""
        launcher = [sys.executable, "-I", str(_LAUNCHER), str(os.getpid())]
        launcher += [str(int(program.death_signal)), program.user or "-"]
        with program.log.open("ab") as log:
            starting = asyncio.create_task(
                asyncio.create_subprocess_exec(
                    *launcher,
                    *program.command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=asyncio.subprocess.STDOUT,
                    env=dict(program.environment),
                    cwd=program.directory,
                    pass_fds=program.keep_open,
                )
            )
            try:
                process = await asyncio.shield(starting)
            except asyncio.CancelledError:
                # Nobody would know of it, so it must not stay.
                await cls(program, await starting).stop(timedelta(0))
                raise
        return cls(program, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.returncode is None

    async def wait(self) -> int:
        """Its exit code, negative for the signal that ended it; then nothing of it is left."""
        code = await self._process.wait()
        kill_session(self.pid)
        return code

    async def stop(self, grace: timedelta) -> None:
        """Ask it to end, and after ``grace`` end it, with all its descendants."""
        self._signal(self.program.stop_signal)
        try:
            async with asyncio.timeout(grace.total_seconds()):
                await self._process.wait()
        except TimeoutError:
            self._signal(signal.SIGKILL)
        await self.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.is_running:
            with suppress(ProcessLookupError):  # it ended this moment
                self._process.send_signal(number)
