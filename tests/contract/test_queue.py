"""The contract of Queue."""

import asyncio
from datetime import timedelta

import pytest

from gas.messages import new_id
from gas.ports import Delivery
from gas.ports import Queue as QueuePort
from gas.runtime.topology import Queue
from tests.support.ports import Ports

AT_ONCE = timedelta(0)
SECOND = timedelta(seconds=1)
LONG = timedelta(seconds=60)


@pytest.fixture
async def queue(ports: Ports) -> QueuePort:
    """A queue without what other tests left in it."""
    queue = ports.queue(Queue.ANNOTATE)
    while waiting := await queue.receive(limit=10, wait=AT_ONCE, visibility=LONG):
        for delivery in waiting:
            await queue.delete(delivery)
    return queue


async def receive_one(
    queue: QueuePort, *, wait: timedelta = 5 * SECOND, visibility: timedelta = LONG
) -> Delivery:
    (delivery,) = await queue.receive(limit=1, wait=wait, visibility=visibility)
    return delivery


async def test_hands_out_what_was_sent(queue: QueuePort) -> None:
    body = f'{{"text": "é <&> {new_id()}"}}'
    await queue.send(body)
    delivery = await receive_one(queue)
    assert (delivery.body, delivery.receive_count) == (body, 1)
    await queue.delete(delivery)


async def test_hides_what_it_handed_out_and_shows_it_again(queue: QueuePort) -> None:
    await queue.send(new_id())
    first = await receive_one(queue, visibility=SECOND)
    assert await queue.receive(limit=10, wait=AT_ONCE, visibility=LONG) == []
    second = await receive_one(queue)
    assert second.message_id == first.message_id
    assert second.receive_count == 2
    await queue.delete(second)


async def test_forgets_what_is_deleted(queue: QueuePort) -> None:
    await queue.send(new_id())
    delivery = await receive_one(queue, visibility=SECOND)
    await queue.delete(delivery)
    await queue.delete(delivery)
    assert await queue.receive(limit=10, wait=2 * SECOND, visibility=LONG) == []


async def test_hides_longer_and_hands_back_at_once(queue: QueuePort) -> None:
    await queue.send(new_id())
    delivery = await receive_one(queue, visibility=SECOND)
    await queue.hide(delivery, LONG)
    await asyncio.sleep(1.2)
    assert await queue.receive(limit=10, wait=AT_ONCE, visibility=LONG) == []
    await queue.hide(delivery, AT_ONCE)
    again = await receive_one(queue)
    assert again.message_id == delivery.message_id
    await queue.delete(again)


async def test_hiding_what_is_deleted_does_nothing(queue: QueuePort) -> None:
    await queue.send(new_id())
    delivery = await receive_one(queue)
    await queue.delete(delivery)
    await queue.hide(delivery, AT_ONCE)
    assert await queue.receive(limit=10, wait=AT_ONCE, visibility=LONG) == []


async def test_holds_a_message_back(queue: QueuePort) -> None:
    body = new_id()
    await queue.send(body, delay=timedelta(seconds=1.5))
    assert await queue.receive(limit=10, wait=SECOND, visibility=LONG) == []
    delivery = await receive_one(queue)
    assert delivery.body == body
    await queue.delete(delivery)


async def test_refuses_a_delay_that_sqs_does_not_take(queue: QueuePort) -> None:
    with pytest.raises(ValueError, match="900"):
        await queue.send("late", delay=timedelta(seconds=901))
    await queue.send("late", delay=timedelta(seconds=900))
    assert await queue.receive(limit=10, wait=AT_ONCE, visibility=LONG) == []


async def test_waits_for_a_message(queue: QueuePort) -> None:
    receiving = asyncio.create_task(receive_one(queue, wait=20 * SECOND))
    await asyncio.sleep(0.3)
    body = new_id()
    await queue.send(body)
    async with asyncio.timeout(5):
        delivery = await receiving
    assert delivery.body == body
    await queue.delete(delivery)


async def test_hands_out_no_more_than_asked_and_counts_the_rest(queue: QueuePort) -> None:
    for _ in range(4):
        await queue.send(new_id())
    some = await queue.receive(limit=3, wait=SECOND, visibility=LONG)
    assert 1 <= len(some) <= 3
    assert await queue.depth() == 4 - len(some)
    rest = await queue.receive(limit=10, wait=SECOND, visibility=LONG)
    for delivery in [*some, *rest]:
        await queue.delete(delivery)
    assert await queue.depth() == 0


async def test_gives_up_on_a_message_after_five_receives(ports: Ports, queue: QueuePort) -> None:
    body = new_id()
    await queue.send(body)
    for count in range(1, 6):
        delivery = await receive_one(queue, visibility=LONG)
        assert delivery.receive_count == count
        await queue.hide(delivery, AT_ONCE)
    assert await queue.receive(limit=10, wait=SECOND, visibility=LONG) == []
    dead = await receive_one(ports.dead_letters(Queue.ANNOTATE))
    assert dead.body == body
    await ports.dead_letters(Queue.ANNOTATE).delete(dead)


def test_has_the_name_of_the_topology(ports: Ports) -> None:
    assert ports.queue(Queue.THAW).name.endswith("-thaw")
    assert ports.dead_letters(Queue.THAW).name.endswith("-thaw-dead")
