"""Keeps the services running: whoever dies is started again, after a while that grows."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta

from gas.embedded.process import Process, Program

FIRST_PAUSE = timedelta(seconds=0.5)
LONGEST_PAUSE = timedelta(seconds=30)
STEADY_AFTER = timedelta(seconds=30)
"""Having run this long, a service that dies is again started after the first pause."""


class Supervisor:
    """Starts and watches programs, each by its name.

    ``announce`` is told when one dies; ``grace`` is what each gets to end in order.
    """

    def __init__(
        self,
        programs: Mapping[str, Program],
        *,
        grace: timedelta,
        announce: Callable[[str], None],
    ) -> None:
        self._programs = programs
        self._grace = grace
        self._announce = announce
        self._running: dict[str, Process] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}
        self.deaths: dict[str, int] = dict.fromkeys(programs, 0)

    def process(self, name: str) -> Process | None:
        """The process behind a name, or None when it is stopped or about to be started anew."""
        process = self._running.get(name)
        return process if process and process.is_running else None

    async def start(self, name: str) -> None:
        """Start a program that is stopped; nothing happens when it is not."""
        if name in self._watches:
            return
        process = await self._launch(name)
        self._watches[name] = asyncio.create_task(self._watch(name, process), name=f"watch {name}")

    async def stop(self, name: str) -> None:
        """Stop a program and leave it so."""
        watch = self._watches.pop(name, None)
        if watch is None:
            return
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        process = self._running.pop(name, None)
        if process:
            await process.stop(self._grace)

    async def restart(self, name: str) -> None:
        await self.stop(name)
        await self.start(name)

    async def stop_all(self) -> None:
        """Stop all at once, so that the slowest decides how long it takes."""
        await asyncio.gather(*(self.stop(name) for name in list(self._watches)))

    async def _launch(self, name: str) -> Process:
        process = self._running[name] = await Process.start(self._programs[name])
        return process

    async def _watch(self, name: str, process: Process) -> None:
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            began = loop.time()
            code = await process.wait()
            self.deaths[name] += 1
            if loop.time() - began > STEADY_AFTER.total_seconds():
                pause = FIRST_PAUSE
            self._announce(
                f"{name} ended ({_how(code)}), starts again in {pause.total_seconds():g} s; "
                f"see {self._programs[name].log}"
            )
            await asyncio.sleep(pause.total_seconds())
            pause = min(pause * 2, LONGEST_PAUSE)
            process = await self._launch(name)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
