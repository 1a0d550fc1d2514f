"""A file is lost only where it was itself looked for in vain."""

import pytest

from gas.domain.job import Job
from gas.domain.states import Storage
from gas.messages import ArchiveRequested, RetrievalCompleted
from tests.support.world import Stage, World


async def the_job(world: World) -> Job:
    [job] = await world.jobs()
    return job


async def test_a_copy_that_vanished_is_no_loss_while_the_original_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    await world.reach(Stage.DUE)
    before = await the_job(world)

    async def copy_gone(*_: object, **__: object) -> str:
        raise FileNotFoundError("the copy")

    message = ArchiveRequested(user_id=world.user_id, job_id=before.job_id, correlation_id="c")
    with monkeypatch.context() as patch:
        patch.setattr(world.ports.archive, "store", copy_gone)
        with pytest.raises(FileNotFoundError):
            await world.archiver.handle(message)
    job = await the_job(world)
    assert job.storage is Storage.ARCHIVING
    assert job.files == before.files
    await world.settle_down()
    job = await the_job(world)
    assert job.storage is Storage.ARCHIVED
    assert not any(file.lost for file in job.files)


async def test_what_cannot_be_brought_back_is_no_loss_while_it_is_in_the_archive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World()
    await world.reach(Stage.RETRIEVED)
    before = await the_job(world)

    async def target_gone(*_: object) -> None:
        raise FileNotFoundError("the bucket's side of it")

    message = RetrievalCompleted(user_id=world.user_id, job_id=before.job_id, correlation_id="c")
    with monkeypatch.context() as patch:
        patch.setattr(world.ports.archive, "bring_back", target_gone)
        with pytest.raises(FileNotFoundError):
            await world.thawer.handle(message)
    job = await the_job(world)
    assert job.storage is Storage.RESTORING
    assert job.files == before.files
    await world.settle_down()
    job = await the_job(world)
    assert job.storage is Storage.AVAILABLE
    assert not any(file.lost for file in job.files)


async def test_a_retrieval_that_finds_nothing_is_noted_at_once() -> None:
    """So that nobody goes on asking for it, and the owner sees it before the rest is back."""
    world = World()
    await world.reach(Stage.UPGRADED)
    [archived] = [file for file in (await the_job(world)).files if file.archive_id]
    world.bucket.delete(archived.archive_id or "")
    await world.go_on(1)
    job = await the_job(world)
    assert [file.name for file in job.files if file.lost] == [archived.name]
    assert job.retrieval_tier is not None
    await world.settle_down()
    assert (await the_job(world)).storage is Storage.AVAILABLE
