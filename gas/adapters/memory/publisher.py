"""The topics in memory: they hand a message to every queue that listens."""

from collections.abc import Mapping

from gas.adapters.memory.queue import MemoryQueue
from gas.messages import AnyMessage, serialise
from gas.runtime.routing import listeners_of
from gas.runtime.topology import Queue


class MemoryPublisher:
    """A Publisher; ``published`` keeps all that was said, in order."""

    def __init__(self, queues: Mapping[Queue, MemoryQueue]) -> None:
        self._queues = queues
        self.published: list[AnyMessage] = []

    async def publish(self, message: AnyMessage) -> None:
        self.published.append(message)
        for queue in listeners_of(message):
            await self._queues[queue].send(serialise(message))
