"""The thawer: a retrieved result is at hand again, byte for byte, before its archive goes."""

from pathlib import Path

from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE, RESTORING
from gas.ports import RetrievalStatus
from gas.runtime.topology import Queue
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import Archived, User


async def test_retrieved_result_is_at_hand_again(
    journey: Journey, archived: Archived, tmp_path: Path
) -> None:
    user, job = archived.user, archived.job
    # who would clear up after it, if it did not do so itself
    async with journey.stack.frozen("archiver", "reconciler"):
        await user.client.change_plan(Plan.PREMIUM)
        back = await user.until(job.id, AVAILABLE)
        await only_what_the_record_names(journey, user, job.id)
    assert [(f.name, f.size, f.sha256) for f in back.files] == [
        (f.name, f.size, f.sha256) for f in job.files
    ]
    assert set(await user.download(back, tmp_path)) == {file.name for file in job.files}
    assert back.restored_at


async def test_retrieval_that_nobody_hears_of_is_found(
    journey: Journey, archived: Archived
) -> None:
    """S3's word and ours are lost, as is the thawer's own reminder."""
    user, job = archived.user, archived.job
    async with journey.stack.stopped("thawer"):
        await user.client.change_plan(Plan.PREMIUM)
        await user.until(job.id, RESTORING)
        await until(
            lambda: retrievals(journey, user, job.id),
            lambda found: found == {RetrievalStatus.READY},
            what="S3 has all files ready",
        )
        await journey.lose_messages(Queue.THAW)
    await user.until(job.id, AVAILABLE)


async def test_job_deleted_while_restoring_is_erased(journey: Journey, archived: Archived) -> None:
    user, job = archived.user, archived.job
    async with journey.stack.frozen("thawer"):
        await user.client.change_plan(Plan.PREMIUM)
        await user.until(job.id, RESTORING)
        await user.client.delete(job.id)
    await journey.until_idle(Queue.THAW)
    await journey.until_erased(user, job.id)


async def retrievals(journey: Journey, user: User, job_id: str) -> set[RetrievalStatus]:
    record = await journey.record(user, job_id)
    assert record is not None
    return {
        await journey.ports.archive.retrieval_status(file.archive_id)
        for file in record.files
        if file.archive_id
    }


async def only_what_the_record_names(journey: Journey, user: User, job_id: str) -> None:
    record = await journey.record(user, job_id)
    assert record is not None
    await until(
        lambda: journey.results(user, job_id),
        lambda stored: (
            sorted((one.key, one.storage_class) for one in stored)
            == sorted((str(file.key), "STANDARD") for file in record.files)
        ),
        what="one object for each file of the result, and no archive",
    )
