"""Services whose power can fail at any call that they make."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import ContextVar
from enum import StrEnum
from typing import Any


class PowerCut(BaseException):
    """The process is gone: nothing after this has any effect."""


class Fate(StrEnum):
    """What happens to a service at a call of its: its process dies, or is away for a while."""

    CUT = "cut"
    STALL = "stall"


class Line:
    """The power line of one run of a service: something happens at its n-th call of a port."""

    def __init__(
        self, calls: int | None = None, fate: Fate = Fate.CUT, *, after: bool = False
    ) -> None:
        self._calls_left = calls
        self._fate = fate
        self._after = after
        self._dead = False
        self.stalled = asyncio.Event()
        self.resumed = asyncio.Event()

    @property
    def happened(self) -> bool:
        return self._dead or self.stalled.is_set()

    async def call(self, effect: Callable[[], Awaitable[Any]]) -> Any:
        if self._dead:
            raise PowerCut
        if self._calls_left is None:
            return await effect()
        self._calls_left -= 1
        if self._calls_left >= 0:
            return await effect()
        self._calls_left = None
        if self._fate is Fate.STALL:
            result = await effect() if self._after else None
            self.stalled.set()
            await self.resumed.wait()
            return result if self._after else await effect()
        self._dead = True
        if self._after:
            await effect()
        raise PowerCut


_line: ContextVar[Line | None] = ContextVar("line", default=None)


class Powered:
    """A port whose every call goes through the line of the service that makes it."""

    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._port, name)
        if not callable(attribute):
            return attribute

        async def call(*args: Any, **kwargs: Any) -> Any:
            line = _line.get()
            if line is None:
                return await attribute(*args, **kwargs)
            return await line.call(lambda: attribute(*args, **kwargs))

        return call


async def powered_by(line: Line, work: Coroutine[Any, Any, None]) -> None:
    """Do work whose calls of ports go through this line."""
    _line.set(line)
    await work
