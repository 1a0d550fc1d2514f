"""The archiver: what the plan of the day does not keep at hand goes to the archive, and no more."""

import asyncio

from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, ARCHIVING, AVAILABLE
from gas.messages import ArchiveRequested
from gas.runtime.topology import Queue
from tests.support.journey import RETENTION, Journey
from tests.support.patience import until
from tests.support.services import HeldArchive, archiver
from tests.support.users import Archived, User, archived_files


async def test_result_of_a_free_user_is_archived_when_its_time_has_come(
    journey: Journey, archived: Archived
) -> None:
    user, job = archived.user, archived.job
    assert job.completed_at
    assert job.archived_at
    assert job.archived_at - job.completed_at >= RETENTION
    record = await journey.record(user, job.id)
    assert record is not None
    away = {file.archive_id for file in record.files if file.archive_id}
    assert {file.name for file in record.files if file.archive_id} == {
        file.name for file in archived_files(job)
    }
    await until(
        lambda: journey.results(user, job.id),
        lambda stored: (
            {one.key for one in stored if one.storage_class == "GLACIER"} == away
            and len(stored) == len(record.files)
        ),
        what="one copy of each archived file, in the archive",
    )


async def test_result_of_a_premium_user_stays(journey: Journey, premium: User) -> None:
    job = await premium.completed()
    await journey.until_kept(premium, job.id)
    assert (await premium.client.show(job.id)).state == str(AVAILABLE)


async def test_downgrade_sends_a_kept_result_to_the_archive(
    journey: Journey, premium: User
) -> None:
    job = await premium.completed()
    await journey.until_kept(premium, job.id)
    await premium.client.change_plan(Plan.FREE)
    assert (await premium.until(job.id, ARCHIVED)).archived_at


async def test_upgrade_while_archiving_keeps_the_result(journey: Journey, user: User) -> None:
    archive = HeldArchive(journey)
    held = archiver(journey, archive, ahead=RETENTION)
    async with journey.stack.frozen("archiver"):
        job = await user.completed()
        due = ArchiveRequested(user_id=user.user_id, job_id=job.id, correlation_id=job.id)
        archiving = asyncio.create_task(held.handle(due))
        await user.until(job.id, ARCHIVING)
        await user.client.change_plan(Plan.PREMIUM)
        archive.go_on.set()
        await archiving
    await user.until(job.id, AVAILABLE)
    await journey.until_kept(user, job.id)
    await only_the_originals(journey, user, job.id)


async def test_upgrading_twice_archives_nothing(journey: Journey, user: User) -> None:
    job = await user.completed()
    for plan in (Plan.PREMIUM, Plan.FREE, Plan.PREMIUM):
        await user.client.change_plan(plan)
    await asyncio.gather(journey.until_idle(Queue.RESTORE), journey.until_idle(Queue.ARCHIVE))
    await journey.until_kept(user, job.id)
    await only_the_originals(journey, user, job.id)


async def test_job_deleted_while_archived_is_erased(journey: Journey, archived: Archived) -> None:
    """With its input, its result, its archive, and every old version of them."""
    user, job = archived.user, archived.job
    assert await journey.inputs(user, job.id)
    assert await journey.results(user, job.id)
    await user.client.delete(job.id)
    assert (await user.ask("GET", f"/jobs/{job.id}")).status_code == 404
    await journey.until_erased(user, job.id)


async def only_the_originals(journey: Journey, user: User, job_id: str) -> None:
    """The result is where it was made, and of a copy made meanwhile nothing is left."""
    record = await journey.record(user, job_id)
    assert record is not None
    assert record.archived_at is None
    await until(
        lambda: journey.results(user, job_id),
        lambda stored: (
            sorted((one.key, one.storage_class) for one in stored)
            == sorted((str(file.key), "STANDARD") for file in record.files)
        ),
        what="the originals alone",
    )
    assert await journey.news(job_id) == ["Your annotated VCF is ready: sample.vcf"]
