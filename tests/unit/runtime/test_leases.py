"""Holding a job while working on it."""

import asyncio
from datetime import timedelta

import pytest

from gas.domain import transitions
from gas.domain.errors import LostRaceError
from gas.domain.job import Job, Progress
from gas.runtime.leases import Leases
from tests.support.world import LEASE, World


async def claimed(world: World) -> Job:
    await world.submit()
    [job] = await world.jobs()
    return await world.records.commit(transitions.claim(job, LEASE, world.now))


async def test_progress_is_written_while_the_work_goes_on() -> None:
    world = World()
    job = await claimed(world)
    leases = Leases(world.ports.jobs, timedelta(seconds=0.3), world.clock)

    async def work() -> str:
        await asyncio.sleep(0.4)
        return "done"

    half = Progress(stage="annotating", fraction=0.5, records=10)
    assert await leases.hold(job, work(), lambda: half) == "done"
    [latest] = await world.jobs()
    assert latest.progress == half


async def test_a_cancelled_job_stops_its_work() -> None:
    world = World()
    job = await claimed(world)
    leases = Leases(world.ports.jobs, timedelta(seconds=0.3), world.clock)
    stopped = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    holding = asyncio.create_task(leases.hold(job, work()))
    await asyncio.sleep(0.01)
    [running] = await world.jobs()
    await world.records.commit(transitions.cancel(running, world.now))
    with pytest.raises(LostRaceError):
        await asyncio.wait_for(holding, 5)
    assert stopped.is_set()


async def test_failed_work_ends_the_lease_so_that_nobody_waits_for_it() -> None:
    world = World()
    job = await claimed(world)
    leases = Leases(world.ports.jobs, LEASE, world.clock)

    async def work() -> None:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        await leases.hold(job, work())
    [latest] = await world.jobs()
    assert latest.lease_until == world.now
