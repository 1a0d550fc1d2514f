"""The worker's loop over a queue in memory, in real time but short."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from gas.adapters.memory import MemoryPorts, memory_ports
from gas.domain.errors import ErrorCode, NotYetError, PermanentError, TransientError
from gas.messages import AnyMessage, JobRequested, serialise
from gas.runtime import decisions
from gas.runtime import worker as worker_module
from gas.runtime.topology import Queue
from gas.runtime.worker import Worker, WorkerOptions

OPTIONS = WorkerOptions(
    concurrency=4, visibility=timedelta(seconds=60), drain=timedelta(seconds=0.2)
)
REQUEST = JobRequested(user_id="u", job_id="j", correlation_id="c")


async def run_until(
    worker: Worker, condition: Callable[[], Awaitable[bool]], seconds: float = 5
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    try:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.01)
    finally:
        stop.set()
        await asyncio.wait_for(running, 5)


def left(ports: MemoryPorts, queue: Queue = Queue.ANNOTATE) -> int:
    """Messages in the queue, hidden ones included."""
    return len(ports.queue(queue)._messages)


async def test_a_handled_message_is_deleted() -> None:
    ports, seen = memory_ports(), []

    async def handle(message: AnyMessage) -> None:
        seen.append(message)

    await ports.publisher.publish(REQUEST)

    async def empty() -> bool:
        return left(ports) == 0

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, OPTIONS), empty)
    assert seen == [REQUEST]


async def test_s3s_test_event_is_accepted_and_dropped() -> None:
    ports = memory_ports()

    async def handle(message: AnyMessage) -> None:
        raise AssertionError(message)

    await ports.queue(Queue.THAW).send('{"Service": "Amazon S3", "Event": "s3:TestEvent"}')

    async def empty() -> bool:
        return left(ports, Queue.THAW) == 0

    await run_until(Worker(ports.queue(Queue.THAW), handle, OPTIONS), empty)


async def test_work_is_bounded() -> None:
    ports = memory_ports()
    now, most, done = 0, 0, 0

    async def handle(message: AnyMessage) -> None:
        nonlocal now, most, done
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        done += 1

    for number in range(20):
        request = REQUEST.model_copy(update={"job_id": str(number)})
        await ports.queue(Queue.ANNOTATE).send(serialise(request))

    async def all_done() -> bool:
        return done == 20

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, OPTIONS), all_done)
    assert most == OPTIONS.concurrency


async def test_an_unknown_error_is_buried_at_the_fifth_receive_and_settled_once() -> None:
    """R7: the message ends among the dead letters, and settle() can fail its job."""
    ports = memory_ports()
    receives, settled = 0, []

    async def handle(message: AnyMessage) -> None:
        nonlocal receives
        receives += 1
        raise RuntimeError("a bug")

    async def settle(message: AnyMessage, error: BaseException) -> None:
        settled.append((message, str(error)))

    queue = ports.queue(Queue.ANNOTATE)
    worker = Worker(queue, handle, OPTIONS, settle=settle)
    await ports.publisher.publish(REQUEST)
    for _ in range(5):
        [delivery] = await queue.receive(
            limit=1, wait=timedelta(0), visibility=timedelta(minutes=1)
        )
        await worker._process(delivery)
        for message in queue._messages:
            message.visible_at = ports.queue(Queue.ANNOTATE)._clock()
    assert not await queue.receive(limit=1, wait=timedelta(0), visibility=timedelta(minutes=1))
    assert receives == 5
    assert settled == [(REQUEST, "a bug")]
    assert left(ports) == 0
    assert await ports.dead_letters(Queue.ANNOTATE).depth() == 1


async def test_waiting_sends_the_message_anew_so_its_receives_do_not_add_up() -> None:
    ports = memory_ports()
    tries = 0

    async def handle(message: AnyMessage) -> None:
        nonlocal tries
        tries += 1
        if tries < 8:
            raise NotYetError("early", timedelta(milliseconds=5))

    await ports.publisher.publish(REQUEST)

    async def empty() -> bool:
        return left(ports) == 0

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, OPTIONS), empty)
    assert tries == 8
    assert await ports.dead_letters(Queue.ANNOTATE).depth() == 0


async def test_a_permanent_error_is_not_tried_again() -> None:
    ports = memory_ports()

    async def handle(message: AnyMessage) -> None:
        raise PermanentError(ErrorCode.NOT_A_VCF, "no VCF")

    await ports.publisher.publish(REQUEST)

    async def empty() -> bool:
        return left(ports) == 0

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, OPTIONS), empty)


async def test_stopping_lets_short_work_end_and_hands_long_work_back_at_once() -> None:
    ports = memory_ports()
    ended: list[str] = []
    begun = 0

    async def handle(message: AnyMessage) -> None:
        nonlocal begun
        begun += 1
        assert isinstance(message, JobRequested)
        await asyncio.sleep(0.05 if message.job_id == "short" else 60)
        ended.append(message.job_id)

    for name in ("short", "long"):
        request = REQUEST.model_copy(update={"job_id": name})
        await ports.publisher.publish(request)

    async def both_begun() -> bool:
        return begun == 2

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, OPTIONS), both_begun)
    assert ended == ["short"]
    [back] = await ports.queue(Queue.ANNOTATE).receive(
        limit=10, wait=timedelta(0), visibility=timedelta(seconds=1)
    )
    assert '"job_id":"long"' in back.body


async def test_a_queue_that_fails_is_asked_again() -> None:
    ports = memory_ports()
    queue = ports.queue(Queue.ANNOTATE)
    failures, seen = 0, []
    receive = queue.receive

    async def failing_once(*args: object, **kwargs: object) -> object:
        nonlocal failures
        if failures == 0:
            failures += 1
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, "SQS is away")
        return await receive(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given

    queue.receive = failing_once  # type: ignore[method-assign,assignment]  # a fault, injected

    async def handle(message: AnyMessage) -> None:
        seen.append(message)

    await ports.publisher.publish(REQUEST)

    async def one_seen() -> bool:
        return bool(seen)

    await run_until(Worker(queue, handle, OPTIONS), one_seen)
    assert failures == 1


async def test_the_heartbeat_keeps_a_message_hidden_while_work_goes_on() -> None:
    ports = memory_ports()
    handled = 0

    async def handle(message: AnyMessage) -> None:
        nonlocal handled
        handled += 1
        await asyncio.sleep(0.5)

    options = WorkerOptions(concurrency=2, visibility=timedelta(seconds=0.15), drain=OPTIONS.drain)
    await ports.publisher.publish(REQUEST)

    async def empty() -> bool:
        return left(ports) == 0

    await run_until(Worker(ports.queue(Queue.ANNOTATE), handle, options), empty)
    assert handled == 1


async def test_a_queue_that_is_missing_for_a_while_ends_no_worker_and_stops_no_heart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the error: to end would be to be started again, and to fail again."""
    monkeypatch.setattr(decisions, "_FIRST_BACKOFF", timedelta(milliseconds=10))
    monkeypatch.setattr(decisions, "_LONGEST_PATIENCE", timedelta(milliseconds=20))
    ports = memory_ports()
    queue = ports.queue(Queue.ANNOTATE)
    receive, polls, beats, seen = queue.receive, 0, 0, []
    errors: list[Exception] = [
        TransientError(ErrorCode.SERVICE_UNAVAILABLE, "There is no such queue"),
        PermissionError("an operator took our rights"),
    ]

    async def missing(*args: object, **kwargs: object) -> object:
        nonlocal polls
        polls += 1
        if polls <= 6:
            raise errors[polls % 2]
        return await receive(*args, **kwargs)  # type: ignore[arg-type]  # passed through as given

    queue.receive = missing  # type: ignore[method-assign,assignment]  # a fault, injected

    def beat() -> None:
        nonlocal beats
        beats += 1

    async def handle(message: AnyMessage) -> None:
        seen.append(message)

    await ports.publisher.publish(REQUEST)

    async def one_seen() -> bool:
        return bool(seen)

    await run_until(Worker(queue, handle, OPTIONS, beat=beat), one_seen)
    assert polls >= 7
    assert beats >= 7


async def test_the_heart_beats_while_a_pause_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_LONG_POLL", timedelta(seconds=0.2))
    queue = memory_ports().queue(Queue.ANNOTATE)
    polls, beats = 0, 0

    async def missing(**_: object) -> object:
        nonlocal polls
        polls += 1
        raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, "There is no such queue")

    queue.receive = missing  # type: ignore[method-assign,assignment]  # a fault, injected

    def beat() -> None:
        nonlocal beats
        beats += 1

    async def handle(message: AnyMessage) -> None:
        raise AssertionError(message)

    async def five_beats() -> bool:
        return beats >= 5

    await run_until(Worker(queue, handle, OPTIONS, beat=beat), five_beats)
    assert polls == 1, "the pause after a failure is a second at least"
