"""Asking the archive for a result, once and again."""

from gas.domain.job import Job
from gas.domain.states import Storage
from gas.ports import RetrievalTier
from gas.runtime.retrievals import Retrievals
from tests.support.world import Stage, World


async def the_job(world: World) -> Job:
    [job] = await world.jobs()
    return job


async def test_what_was_asked_for_as_standard_stays_so_when_asked_again() -> None:
    """S3 takes a second request of either tier while the first is under way, and is no faster."""
    world = World()
    await world.reach(Stage.UPGRADED)
    world.ports.archive.expedited_refused = True
    await world.go_on(1)
    assert (await the_job(world)).retrieval_tier == RetrievalTier.STANDARD

    world.ports.archive.expedited_refused = False
    again = await Retrievals(world.ports.archive, world.records).begin(await the_job(world))
    assert again.storage is Storage.RESTORING
    assert again.retrieval_tier == RetrievalTier.STANDARD
    assert (await the_job(world)).retrieval_tier == RetrievalTier.STANDARD
