"""Why a job waits: its place, and when it may start."""

from datetime import timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.change import Change
from gas.domain.job import Job, Progress
from gas.messages import new_id
from services.api.jobs.queue import QueueView, Running, estimate_start
from tests.support.jobs import LEASE, draft
from tests.unit.api.world import User, World

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("position", "running", "expected"),
    [
        (1, [], None),
        (1, [Running(MINUTE, 0.0)], None),
        (1, [Running(MINUTE, 0.25)], 3 * MINUTE),
        (2, [Running(MINUTE, 0.25)], 7 * MINUTE),
        (1, [Running(MINUTE, 0.25), Running(3 * MINUTE, 0.75)], MINUTE),
        (3, [Running(MINUTE, 0.25), Running(3 * MINUTE, 0.75)], 5 * MINUTE),
        (1, [Running(MINUTE, 0.25), Running(4 * MINUTE, 0.0)], timedelta(0)),
        (1, [Running(5 * MINUTE, 1.0)], timedelta(0)),
    ],
)
def test_the_start_is_estimated_from_what_runs(
    position: int, running: list[Running], expected: timedelta | None
) -> None:
    assert estimate_start(position, running) == expected


async def submit(world: World, user_id: str) -> Job:
    """A job that was submitted a second after the one before."""
    world.clock.advance(timedelta(seconds=1))
    job = draft(user_id).after
    await world.ports.jobs.commit(Change(None, job))
    change = transitions.submit(job, job.input, world.clock())
    await world.ports.jobs.commit(change)
    return change.after


async def start(world: World, job: Job, fraction: float) -> Job:
    change = transitions.claim(job, LEASE, world.clock())
    await world.ports.jobs.commit(change)
    until = world.clock() + LEASE
    progress = Progress(stage="annotate", fraction=fraction)
    await world.ports.jobs.renew_lease(change.after, until, progress)
    return change.after


async def test_a_place_counts_those_before_and_which_of_them_are_ones_own(world: World) -> None:
    ada, ben = new_id(), new_id()
    await start(world, await submit(world, ben), 0.5)
    await submit(world, ben)
    await submit(world, ada)
    mine = await submit(world, ada)
    await submit(world, ben)
    world.clock.advance(MINUTE)

    view = QueueView(world.ports.jobs, world.clock)
    place = await view.place_of(mine)

    assert place is not None
    assert (place.position, place.ahead_yours, place.at_least) == (3, 1, False)
    assert place.starts_in is not None
    assert place.starts_in > 4 * MINUTE
    assert (await view.active_jobs(ada), await view.active_jobs(ben)) == (2, 3)


async def test_what_does_not_wait_has_no_place_and_a_discarded_job_takes_none(
    world: World,
) -> None:
    ada = new_id()
    first, second = await submit(world, ada), await submit(world, ada)
    await world.ports.jobs.commit(owner_steps.discard(first, MINUTE, world.clock()))
    running = await start(world, await submit(world, ada), 0.1)

    view = QueueView(world.ports.jobs, world.clock)

    assert await view.place_of(running) is None
    place = await view.place_of(second)
    assert place is not None
    assert (place.position, place.ahead_yours) == (1, 0)
    assert await view.active_jobs(ada) == 2


async def test_the_queue_is_read_once_for_all_who_look_in_the_same_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await submit(world, new_id())
    reads = []
    queue = world.ports.jobs.queue

    async def counted() -> object:
        reads.append(1)
        return await queue()

    monkeypatch.setattr(world.ports.jobs, "queue", counted)
    view = QueueView(world.ports.jobs, world.clock)
    await view.place_of(job)
    await view.place_of(job)
    assert len(reads) == 1
    world.clock.advance(timedelta(seconds=1))
    await view.place_of(job)
    assert len(reads) == 2


async def test_the_place_is_told_over_rest(ada: User, ben: User) -> None:
    first = await ben.submitted()
    ada.world.clock.advance(timedelta(seconds=1))
    second = await ada.submitted()

    waiting = (await ada.call("GET", f"/jobs/{second}/queue")).json()
    ended = (await ada.call("GET", f"/jobs/{await ada.completed()}/queue")).json()

    assert waiting == {
        "place": {
            "position": 2,
            "at_least": False,
            "ahead_yours": 0,
            "starts_in_seconds": None,
        }
    }
    assert ended == {"place": None}
    assert (await ben.call("GET", f"/jobs/{first}/queue")).json()["place"]["position"] == 1
