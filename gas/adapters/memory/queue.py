"""A queue in memory: visibility, delays and redrive as in SQS."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gas.messages import new_id
from gas.ports import Delivery
from gas.runtime.decisions import LONGEST_DELAY, MAX_RECEIVES
from gas.runtime.records import Clock

_POLL = timedelta(milliseconds=10)


@dataclass
class _Waiting:
    message_id: str
    body: str
    visible_at: datetime
    receive_count: int = 0
    receipt: str = ""


class MemoryQueue:
    """A Queue. ``delay`` is what every message is held back for, unless its sender says else."""

    def __init__(
        self,
        name: str,
        clock: Clock,
        *,
        dead_letters: "MemoryQueue | None" = None,
        delay: timedelta = timedelta(0),
    ) -> None:
        self._name = name
        self._clock = clock
        self._dead_letters = dead_letters
        self._delay = delay
        self._messages: list[_Waiting] = []

    @property
    def name(self) -> str:
        return self._name

    async def receive(
        self, *, limit: int, wait: timedelta, visibility: timedelta
    ) -> Sequence[Delivery]:
        """Waiting is in real time; what is visible by then, the clock says."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait.total_seconds()
        while True:
            deliveries = self._take(limit, visibility)
            if deliveries or loop.time() >= deadline:
                return deliveries
            await asyncio.sleep(_POLL.total_seconds())

    async def delete(self, delivery: Delivery) -> None:
        self._messages = [m for m in self._messages if m.receipt != delivery.receipt]

    async def hide(self, delivery: Delivery, visibility: timedelta) -> None:
        for message in self._messages:
            if message.receipt == delivery.receipt:
                message.visible_at = self._clock() + visibility

    async def send(self, body: str, *, delay: timedelta = timedelta(0)) -> None:
        if delay > LONGEST_DELAY:
            raise ValueError(f"a delay of {delay} is more than the 900 s that SQS takes")
        self.put(body, self._clock() + (delay or self._delay))

    async def depth(self) -> int:
        return sum(message.visible_at <= self._clock() for message in self._messages)

    def put(self, body: str, visible_at: datetime) -> None:
        """Put a message that shows at a moment of its own, however far away."""
        self._messages.append(_Waiting(new_id(), body, visible_at))

    def _take(self, limit: int, visibility: timedelta) -> list[Delivery]:
        now = self._clock()
        self._redrive(now)
        taken = [message for message in self._messages if message.visible_at <= now][:limit]
        for message in taken:
            message.visible_at = now + visibility
            message.receive_count += 1
            message.receipt = new_id()
        return [Delivery(m.message_id, m.receipt, m.body, m.receive_count) for m in taken]

    def _redrive(self, now: datetime) -> None:
        """What was received often enough goes to the dead letters instead of once more."""
        if self._dead_letters is None:
            return
        for message in list(self._messages):
            if message.visible_at <= now and message.receive_count >= MAX_RECEIVES:
                self._messages.remove(message)
                self._dead_letters.put(message.body, now)
