"""Telling a story in steps, each with a time limit; the first that fails ends it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import httpx
from rich.console import Console

from gas.cli.errors import ClientError
from gas.cli.views import JobView
from gas.domain.states import Storage

Result = TypeVar("Result")


class StepFailedError(Exception):
    """What did not happen, as a sentence."""


class StoryEndedError(Exception):
    """A step failed; all there is to say of it was said."""


@dataclass(frozen=True)
class EndOfLog:
    """The last ``lines`` of a log, and ``where`` all of it can be read."""

    where: str
    lines: Sequence[str]


class Story:
    """Tells on ``console``; ``end_of_log`` gives that of a service by its name."""

    def __init__(self, console: Console, end_of_log: Callable[[str], Awaitable[EndOfLog]]) -> None:
        self.console = console
        self._end_of_log = end_of_log
        self._number = 0
        self._last_state = ""

    def say(self, line: str) -> None:
        self.console.print(f"    {line}")

    def say_state(self, job: JobView) -> None:
        """Show the state that the server gives a job, when it is another than the last."""
        restoring = job.storage is Storage.RESTORING and job.retrieval_tier
        state = f"{job.state} ({job.retrieval_tier})" if restoring else job.state
        if self._last_state != state:
            self._last_state = state
            self.say(f"state: {state}")

    async def step(
        self,
        title: str,
        action: Coroutine[Any, Any, Result],
        services: Sequence[str],
        within: timedelta = timedelta(minutes=2),
    ) -> Result:
        """Do one step; gives what ``action`` gives.

        ``services`` are those whose logs may tell why it failed. Raises StoryEndedError then.
        """
        self._number += 1
        self.console.print(f"\n{self._number}. {title}", style="bold")
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(within.total_seconds()):
                result = await action
        except TimeoutError as error:
            reason = f"This did not happen within {within.total_seconds():g} s."
            raise await self._end(reason, services) from error
        except (StepFailedError, ClientError, httpx.HTTPError, OSError) as error:
            raise await self._end(str(error) or repr(error), services) from error
        self.console.print(f"    ({clock() - began:.1f} s)", style="dim")
        return result

    async def _end(self, reason: str, services: Sequence[str]) -> StoryEndedError:
        self.console.print(f"    FAILED: {reason}", style="bold red")
        for service in services:
            log = await self._end_of_log(service)
            self.say(f"the end of {log.where}:")
            for line in log.lines:
                self.say(f"  {line}")
        return StoryEndedError(reason)
