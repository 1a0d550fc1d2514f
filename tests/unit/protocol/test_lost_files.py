"""Objects that vanish though records name them: a mistake, or an emulator that came up empty.

The job must come to rest with the lost files named, the others must be there byte for byte, and
nobody may go round in circles about it, wherever the services are interrupted meanwhile.
"""

import asyncio
from collections.abc import Collection

import pytest

from gas.domain.job import Job
from gas.domain.plan import Plan
from gas.domain.states import Storage
from gas.messages import ResultArchived, ResultRestored
from gas.runtime.topology import Queue
from tests.support.checks import check_results, check_settled
from tests.support.power import Fate, Line
from tests.support.stub_engine import Outputs
from tests.support.world import Stage, World

OUTPUTS: Outputs = (("annotated.vcf.gz", True), ("variants.parquet", True), ("summary.json", False))
ONE = {"annotated.vcf.gz"}
ALL = {"annotated.vcf.gz", "variants.parquet"}
STAGES = [Stage.COMPLETED, Stage.DUE, Stage.ARCHIVED, Stage.UPGRADED, Stage.RETRIEVED]


async def the_job(world: World) -> Job:
    [job] = await world.jobs()
    return job


async def vanish(world: World, names: Collection[str]) -> None:
    for file in (await the_job(world)).files:
        if file.name in names:
            world.bucket.delete(file.key or file.archive_id or "")


def lost_of(job: Job) -> set[str]:
    return {file.name for file in job.files if file.lost}


async def check_came_to_rest(world: World, gone: Collection[str]) -> None:
    await world.settle_down()
    await check_settled(world, gone=gone)
    for queue in Queue:
        assert not world.ports.dead_letters(queue)._messages


@pytest.mark.parametrize("gone", [ONE, ALL], ids=["one", "all"])
@pytest.mark.parametrize("stage", STAGES)
def test_what_vanished_is_named_and_the_rest_goes_its_way(stage: Stage, gone: set[str]) -> None:
    for fate in Fate:
        call = 0
        while asyncio.run(_went_on_after(stage, gone, Line(call, fate))):
            call += 1
        assert call > 0, "the round made no call at all, so nothing was tried"


async def _went_on_after(stage: Stage, gone: set[str], line: Line) -> bool:
    """Try one history; gives whether its round was long enough to be interrupted."""
    world = World(OUTPUTS)
    await world.reach(stage)
    await vanish(world, gone)
    if stage is Stage.COMPLETED:  # nothing happens to the result before it is due
        await world.go_on(301)
    if stage is Stage.ARCHIVED:  # nobody looks into the archive before an upgrade
        await world.set_plan(Plan.PREMIUM)
    world.line = line
    await world.go_on(1)
    happened = line.happened
    await check_results(world, gone)
    await check_came_to_rest(world, gone)
    assert lost_of(await the_job(world)) == gone
    return happened


@pytest.mark.parametrize("stage", STAGES)
def test_files_that_vanish_while_somebody_works_on_them(stage: Stage) -> None:
    """Whether they are lost depends on the moment; what is not lost must be there."""
    for fate in Fate:
        call = 0
        while asyncio.run(_vanished_meanwhile(stage, Line(call, fate))):
            call += 1


async def _vanished_meanwhile(stage: Stage, line: Line) -> bool:
    world = World(OUTPUTS)
    await world.reach(stage)
    world.line = line
    await world.go_on(1)
    happened = line.happened
    await vanish(world, ONE)
    for plan in (Plan.FREE, Plan.PREMIUM, Plan.FREE):  # so that everything is looked at
        await world.set_plan(plan)
        await check_came_to_rest(world, ONE)
    lost = lost_of(await the_job(world))
    assert lost <= ONE
    await check_settled(world, gone=lost)  # a copy that was just made may have saved the file
    return happened


async def test_a_lost_file_stays_lost_and_the_others_go_on_moving() -> None:
    world = World(OUTPUTS)
    await world.reach(Stage.DUE)
    await vanish(world, ONE)
    await check_came_to_rest(world, ONE)
    job = await the_job(world)
    assert (job.storage, lost_of(job)) == (Storage.ARCHIVED, ONE)
    for plan, storage in ((Plan.PREMIUM, Storage.AVAILABLE), (Plan.FREE, Storage.ARCHIVED)):
        await world.set_plan(plan)
        await check_came_to_rest(world, ONE)
        job = await the_job(world)
        assert (job.storage, lost_of(job)) == (storage, ONE)


async def test_nobody_is_told_of_a_move_when_there_was_nothing_left_to_move() -> None:
    world = World(OUTPUTS)
    await world.reach(Stage.DUE)
    await vanish(world, ALL)
    await check_came_to_rest(world, ALL)
    await world.set_plan(Plan.PREMIUM)
    await check_came_to_rest(world, ALL)
    told = world.ports.publisher.published
    assert not [event for event in told if isinstance(event, ResultArchived | ResultRestored)]
    assert (await the_job(world)).storage is Storage.AVAILABLE
