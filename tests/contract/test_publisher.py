"""The contract of Publisher: every message reaches the queues that listen, and no other."""

from datetime import timedelta

import pytest

from gas.messages import (
    AnyMessage,
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    JobMessage,
    JobRequested,
    PlanChanged,
    RestoreRequested,
    ResultArchived,
    ResultRestored,
    RetrievalCompleted,
    RetrievalStarted,
    new_id,
    parse,
)
from gas.runtime.routing import listeners_of
from gas.runtime.topology import Queue
from tests.support.ports import Ports

ABOUT_JOBS: list[type[JobMessage]] = [
    JobRequested,
    JobCompleted,
    JobFailed,
    ArchiveRequested,
    ResultArchived,
    RestoreRequested,
    RetrievalStarted,
    RetrievalCompleted,
    ResultRestored,
]


async def heard(
    ports: Ports, queue: Queue, user_id: str, *, wait: timedelta = timedelta(0)
) -> list[AnyMessage]:
    """What a queue heard about a user; what it heard about others is thrown away."""
    found: list[AnyMessage] = []
    while waiting := await ports.queue(queue).receive(
        limit=10, wait=timedelta(0) if found else wait, visibility=timedelta(seconds=60)
    ):
        for delivery in waiting:
            await ports.queue(queue).delete(delivery)
            found += [m for m in parse(delivery.body) if m.user_id == user_id]
    return found


@pytest.mark.parametrize("kind", [*ABOUT_JOBS, PlanChanged], ids=lambda kind: kind.__name__)
async def test_reaches_those_who_listen(
    ports: Ports, user_id: str, kind: type[JobMessage | PlanChanged]
) -> None:
    job_id = new_id()
    said = kind.model_validate({"user_id": user_id, "correlation_id": job_id, "job_id": job_id})
    (message,) = parse(said.model_dump_json())
    for queue in Queue:
        await heard(ports, queue, new_id())

    await ports.publisher.publish(message)

    for queue in listeners_of(message):
        assert await heard(ports, queue, user_id, wait=timedelta(seconds=5)) == [message]
    for queue in Queue:
        assert await heard(ports, queue, user_id) == []
