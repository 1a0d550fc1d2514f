"""Waiting for what must come: look again and again, until a deadline, and tell what was seen."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

Seen = TypeVar("Seen")

PATIENCE = timedelta(seconds=45)
"""Far more than anything takes here, even on a busy machine."""

_LOOK_EVERY = timedelta(seconds=0.1)


async def until(
    look: Callable[[], Awaitable[Seen]],
    wanted: Callable[[Seen], bool],
    *,
    what: str,
    told: Callable[[Seen], str] = str,
    within: timedelta = PATIENCE,
    every: timedelta = _LOOK_EVERY,
) -> Seen:
    """What ``look`` gives once it is as ``wanted``.

    Raises AssertionError with ``what`` was waited for and, as ``told``, all that came instead.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + within.total_seconds()
    history: list[str] = []
    while True:
        found = await look()
        if wanted(found):
            return found
        if history[-1:] != [told(found)]:
            history.append(told(found))
        if clock() > deadline:
            seconds = within.total_seconds()
            raise AssertionError(f"{what}: not within {seconds:g} s; seen: {', '.join(history)}")
        await asyncio.sleep(every.total_seconds())
