"""One interruption at every single call that any service makes, with something else meanwhile.

The services do one round of work from each stage of a job's life. At the n-th call of a port,
for every n there is, the service that makes it dies, or is away while the world changes and
goes on afterwards. Then all must settle with nothing lost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.errors import InvalidTransitionError
from gas.domain.plan import Plan
from tests.support.checks import check_results, check_settled
from tests.support.power import Fate, Line
from tests.support.world import Stage, World

UNDO = timedelta(seconds=30)


async def nothing(world: World) -> None:
    """Only the interruption itself."""


async def upgrade(world: World) -> None:
    await world.set_plan(Plan.PREMIUM)
    await world.go_on(1)


async def downgrade(world: World) -> None:
    await world.set_plan(Plan.FREE)
    await world.go_on(1)


async def there_and_back(world: World) -> None:
    await world.set_plan(Plan.PREMIUM)
    await world.go_on(1)
    await world.set_plan(Plan.FREE)


async def lose_all_messages(world: World) -> None:
    await world.lose_all_messages()


async def upgrade_unheard(world: World) -> None:
    await world.set_plan(Plan.PREMIUM)
    await world.go_on(1)
    await world.lose_all_messages()


async def others_take_over(world: World) -> None:
    """Long enough for leases and visibility to run out, and for others to do the work."""
    for _ in range(6):
        await world.go_on(61)


async def cancel(world: World) -> None:
    for job in await world.jobs():
        try:
            await world.records.commit(transitions.cancel(job, world.now))
        except InvalidTransitionError:
            return


async def delete(world: World) -> None:
    for job in await world.jobs():
        await world.records.commit(transitions.delete(job))
    await world.go_on(61)


async def rename(world: World) -> None:
    for job in await world.jobs():
        await world.records.commit(owner_steps.rename(job, "mine", world.now))


async def discard(world: World) -> None:
    for job in await world.jobs():
        await world.records.commit(owner_steps.discard(job, UNDO, world.now))
    await world.go_on(61)


async def discard_and_take_back(world: World) -> None:
    for job in await world.jobs():
        await world.records.commit(owner_steps.discard(job, UNDO, world.now))
    await world.go_on(1)
    for job in await world.jobs():
        await world.records.commit(owner_steps.undiscard(job, world.now))


MEANWHILE = [
    nothing,
    upgrade,
    downgrade,
    there_and_back,
    lose_all_messages,
    upgrade_unheard,
    others_take_over,
    cancel,
    delete,
    rename,
    discard,
    discard_and_take_back,
]


@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda it: it.__name__)
@pytest.mark.parametrize("stage", Stage)
def test_an_interruption_anywhere_loses_nothing(
    stage: Stage, meanwhile: Callable[[World], Awaitable[None]]
) -> None:
    for fate in Fate:
        call = 0
        while asyncio.run(interrupted(stage, Line(call, fate), meanwhile)):
            call += 1
        assert call > 0, "the round made no call at all, so nothing was tried"


async def interrupted(
    stage: Stage, line: Line, meanwhile: Callable[[World], Awaitable[None]]
) -> bool:
    """Try one history; gives whether its round was long enough to be interrupted."""
    world = World()
    await world.reach(stage)
    world.line = line
    await world.go_on(1)
    if not line.happened:
        await world.settle_down()
        return False
    await check_results(world)
    await meanwhile(world)
    world.now += timedelta(seconds=1)
    await check_results(world)
    await world.settle_down()
    await check_settled(world, world.job_ids if meanwhile in {delete, discard} else ())
    if meanwhile is rename:
        assert [job.name for job in await world.jobs()] == ["mine"]
    return True
