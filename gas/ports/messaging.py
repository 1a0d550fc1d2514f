"""Queues and topics."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from gas.messages import AnyMessage


@dataclass(frozen=True)
class Delivery:
    """A message as received: ``receive_count`` is 1 the first time."""

    message_id: str
    receipt: str
    body: str
    receive_count: int


class Queue(Protocol):
    """One queue. Errors: TransientError when it cannot answer."""

    @property
    def name(self) -> str: ...

    async def receive(
        self, *, limit: int, wait: timedelta, visibility: timedelta
    ) -> Sequence[Delivery]:
        """At most ``limit`` (1 to 10) messages, hidden for ``visibility``; waits up to 20 s."""
        ...

    async def delete(self, delivery: Delivery) -> None: ...

    async def hide(self, delivery: Delivery, visibility: timedelta) -> None:
        """Show the message again only after ``visibility`` from now (zero: at once)."""
        ...

    async def send(self, body: str, *, delay: timedelta = timedelta(0)) -> None:
        """Raises ValueError for a delay over 900 s, which SQS does not take."""
        ...

    async def depth(self) -> int:
        """About how many messages wait."""
        ...


class Publisher(Protocol):
    """The topics: each message type belongs to one. Errors: TransientError."""

    async def publish(self, message: AnyMessage) -> None: ...
