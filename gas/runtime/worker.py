"""The one loop of all workers: receive, handle under a heartbeat, settle, drain."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from structlog.contextvars import bound_contextvars

from gas.domain.errors import (
    InvalidTransitionError,
    LostRaceError,
    NotYetError,
    PermanentError,
    TransientError,
)
from gas.messages import AnyMessage, JobMessage, UnreadableMessageError, parse
from gas.ports import Delivery, Queue
from gas.runtime.decisions import Bury, Decision, Done, Hide, Repeat, decide, patience
from gas.runtime.metrics import HANDLED, HANDLING_SECONDS, IN_HAND

log = structlog.get_logger()

Handle = Callable[[AnyMessage], Awaitable[None]]
Settle = Callable[[AnyMessage, BaseException], Awaitable[None]]
Beat = Callable[[], None]

_LONG_POLL = timedelta(seconds=20)
_BATCH = 10  # the most that SQS gives at a time


@dataclass(frozen=True)
class WorkerOptions:
    """``visibility`` hides a message while a live worker has it; ``drain`` is SIGTERM's grace."""

    concurrency: int
    visibility: timedelta
    drain: timedelta


async def nothing_to_settle(message: AnyMessage, error: BaseException) -> None:
    """For services whose jobs stay as they are when a message dies: the reconciler goes on."""


class Worker:
    """Handles the messages of one queue, several at a time, until told to stop.

    ``handle`` raises to say what went wrong; see ``gas.runtime.decisions``. ``settle`` is called
    once for a message that goes to the dead letters. ``beat`` is called while the loop turns.
    """

    def __init__(
        self,
        queue: Queue,
        handle: Handle,
        options: WorkerOptions,
        *,
        settle: Settle = nothing_to_settle,
        beat: Beat = lambda: None,
    ) -> None:
        self._queue = queue
        self._handle = handle
        self._settle = settle
        self._options = options
        self._beat = beat
        self._in_hand: set[asyncio.Task[None]] = set()
        self._failed_polls = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; then drain, and hand back what does not end in time."""
        stopping = asyncio.create_task(stop.wait())
        polling: asyncio.Task[Sequence[Delivery]] | None = None
        try:
            while not stop.is_set():
                self._beat()
                free = self._options.concurrency - len(self._in_hand)
                if free and polling is None:
                    polling = asyncio.create_task(self._receive(min(free, _BATCH)))
                waiting = {stopping, *self._in_hand} | ({polling} if polling else set())
                await asyncio.wait(
                    waiting,
                    timeout=_LONG_POLL.total_seconds() / 4,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if polling and polling.done():
                    for delivery in polling.result():
                        self._take_in_hand(delivery)
                    polling = None
        finally:
            stopping.cancel()
            await self._drain(polling)

    async def _receive(self, limit: int) -> Sequence[Delivery]:
        try:
            deliveries = await self._queue.receive(
                limit=limit, wait=_LONG_POLL, visibility=self._options.visibility
            )
        except Exception as error:  # noqa: BLE001 - to end would be to be started and fail again
            await self._pause_polling(error)
            return []
        self._failed_polls = 0
        return deliveries

    async def _pause_polling(self, error: Exception) -> None:
        """Meanwhile the loop turns and its heart beats: starting anew would not help the queue."""
        self._failed_polls += 1
        pause = patience(self._failed_polls, random.random())  # noqa: S311 - no secret
        unforeseen = None if isinstance(error, TransientError) else error
        log.warning(
            "cannot receive", reason=str(error), pause=pause.total_seconds(), exc_info=unforeseen
        )
        await asyncio.sleep(pause.total_seconds())

    def _take_in_hand(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._process(delivery))
        self._in_hand.add(task)
        IN_HAND.set(len(self._in_hand))
        task.add_done_callback(self._let_go)

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        IN_HAND.set(len(self._in_hand))

    async def _process(self, delivery: Delivery) -> None:
        """Handle one delivery and settle it. Never raises, not even when cancelled."""
        started = time.monotonic()
        messages: list[AnyMessage] = []
        error: BaseException | None = None
        heartbeat = asyncio.create_task(self._keep_hidden(delivery))
        try:
            messages = parse(delivery.body)
            for message in messages:
                with bound_contextvars(**_context(message)):
                    await self._handle(message)
        except asyncio.CancelledError as cancelled:
            error = cancelled
        except Exception as raised:  # noqa: BLE001 - the boundary: decide() tells errors apart
            error = raised
        finally:
            heartbeat.cancel()
        HANDLING_SECONDS.observe(time.monotonic() - started)
        # The last word about a message is not cut short by a cancellation.
        conclusion = asyncio.create_task(self._conclude(delivery, messages, error))
        try:
            await asyncio.shield(conclusion)
        except asyncio.CancelledError:
            await conclusion

    async def _conclude(
        self, delivery: Delivery, messages: list[AnyMessage], error: BaseException | None
    ) -> None:
        decision: Decision
        if isinstance(error, asyncio.CancelledError):
            decision = Hide(timedelta(0))
        else:
            decision = decide(error, delivery.receive_count, random.random())  # noqa: S311
        self._report(delivery, messages, error, decision)
        try:
            await self._carry_out(decision, delivery, messages, error)
        except Exception as failed:  # noqa: BLE001 - the message stays hidden, then comes back
            log.warning("message not settled, it will come back", reason=repr(failed))

    async def _carry_out(
        self,
        decision: Decision,
        delivery: Delivery,
        messages: list[AnyMessage],
        error: BaseException | None,
    ) -> None:
        match decision:
            case Done():
                await self._queue.delete(delivery)
            case Hide(delay):
                await self._queue.hide(delivery, delay)
            case Repeat(delay):
                await self._queue.send(delivery.body, delay=delay)
                await self._queue.delete(delivery)
            case Bury():
                for message in messages:
                    await self._settle(message, error or RuntimeError("unknown"))
                await self._queue.hide(delivery, timedelta(0))

    async def _keep_hidden(self, delivery: Delivery) -> None:
        """The heartbeat: as long as work goes on, nobody else gets the message."""
        while True:
            await asyncio.sleep(self._options.visibility.total_seconds() / 3)
            try:
                await self._queue.hide(delivery, self._options.visibility)
            except Exception as error:  # noqa: BLE001 - the work goes on, and so must its heart
                log.warning("heartbeat missed", reason=repr(error))

    async def _drain(self, polling: asyncio.Task[Sequence[Delivery]] | None) -> None:
        """Let short work end, hand back the rest, and what a last poll still brings."""
        if self._in_hand:
            log.info("draining", in_hand=len(self._in_hand))
            await asyncio.wait(self._in_hand, timeout=self._options.drain.total_seconds())
        for task in list(self._in_hand):
            task.cancel("the service stops")
        if self._in_hand:
            await asyncio.wait(self._in_hand)
        if polling is None:
            return
        if not polling.done():
            polling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            for delivery in await polling:
                await self._conclude(delivery, [], asyncio.CancelledError())

    def _report(
        self,
        delivery: Delivery,
        messages: list[AnyMessage],
        error: BaseException | None,
        decision: Decision,
    ) -> None:
        outcome = type(decision).__name__.lower()
        HANDLED.labels(queue=self._queue.name, outcome=outcome).inc()
        context = _context(messages[0]) if messages else {"message_id": delivery.message_id}
        entry = log.bind(**context, outcome=outcome, receive_count=delivery.receive_count)
        match error:
            case None:
                entry.info("message handled")
            case asyncio.CancelledError():
                entry.info("message handed back")
            case NotYetError():
                entry.info("not yet", reason=error.reason, delay=error.delay.total_seconds())
            case TransientError() | PermanentError():
                entry.warning("message refused", code=error.code, reason=error.message)
            case LostRaceError() | InvalidTransitionError():
                entry.info("overtaken", reason=error.message)
            case UnreadableMessageError():
                entry.error("message unreadable", reason=str(error))
            case _:
                entry.error("handling failed", exc_info=error)


def _context(message: AnyMessage) -> dict[str, str]:
    """What every log line about a message says."""
    context = {
        "type": message.type,
        "event_id": message.event_id,
        "correlation_id": message.correlation_id,
        "user_id": message.user_id,
    }
    if isinstance(message, JobMessage):
        context["job_id"] = message.job_id
    return context
