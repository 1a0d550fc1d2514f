"""The restorer: who becomes Premium gets every archived result back, at whatever speed there is."""

import asyncio

from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE, RESTORING
from gas.messages import PlanChanged, RestoreRequested
from gas.ports import RetrievalTier
from gas.runtime.topology import Queue
from tests.support.faults import expedited_refused
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.services import restorer
from tests.support.users import Archived, User, archived_files


async def test_upgrade_brings_every_archived_result_back(journey: Journey, user: User) -> None:
    """More results than the restorer reads at a time."""
    jobs = await asyncio.gather(*(user.submit() for _ in range(journey_page_size(journey) + 1)))
    await asyncio.gather(*(user.until(job.id, ARCHIVED) for job in jobs))
    await journey.until_idle(Queue.ARCHIVE)  # else the archiver may see the upgrade first
    await user.client.change_plan(Plan.PREMIUM)
    back = await asyncio.gather(*(user.until(job.id, AVAILABLE) for job in jobs))
    assert {job.retrieval_tier for job in back} == {RetrievalTier.EXPEDITED}
    await until(
        lambda: journey.ports.accounts.pending_change(user.user_id),
        lambda change: change is None,
        what="the change of plan is settled",
    )


async def test_upgrading_twice_brings_an_archived_result_back(
    journey: Journey, archived: Archived
) -> None:
    user, job = archived.user, archived.job
    for plan in (Plan.PREMIUM, Plan.FREE, Plan.PREMIUM):
        await user.client.change_plan(plan)
    job = await user.until(job.id, AVAILABLE)
    assert archived_files(job) == []
    await journey.until_kept(user, job.id)
    assert (await user.client.show(job.id)).state == str(AVAILABLE)


async def test_downgrade_while_restoring_archives_the_result_anew(
    journey: Journey, archived: Archived
) -> None:
    user, job = archived.user, archived.job
    before = await archive_ids(journey, user, job.id)
    async with journey.stack.frozen("thawer"):
        await user.client.change_plan(Plan.PREMIUM)
        await user.until(job.id, RESTORING)
        await user.client.change_plan(Plan.FREE)
    restored = await user.until(job.id, AVAILABLE)
    assert restored.archive_due_at is not None
    again = await user.until(job.id, ARCHIVED)
    assert restored.restored_at
    assert again.archived_at
    assert restored.restored_at < again.archived_at
    after = await archive_ids(journey, user, job.id)
    assert len(after) == len(before)
    assert after.isdisjoint(before)


async def test_refused_expedited_retrieval_falls_back_to_standard(
    journey: Journey, archived: Archived
) -> None:
    """No emulator is ever short of capacity, so a restorer in this process is told that S3 is."""
    user, job = archived.user, archived.job
    ours = restorer(journey)
    async with journey.stack.frozen("restorer", "thawer"):
        await user.client.change_plan(Plan.PREMIUM)
        with expedited_refused(journey.s3) as asked:
            await ours.handle(PlanChanged(user_id=user.user_id, correlation_id=job.id))
            await ours.handle(
                RestoreRequested(user_id=user.user_id, job_id=job.id, correlation_id=job.id)
            )
        restoring = await user.client.show(job.id)
    assert asked == ["Expedited", "Standard"] * len(archived_files(job))
    assert restoring.state == str(RESTORING)
    assert restoring.retrieval_tier == RetrievalTier.STANDARD
    restored = await user.until(job.id, AVAILABLE)
    assert restored.retrieval_tier == RetrievalTier.STANDARD


async def archive_ids(journey: Journey, user: User, job_id: str) -> set[str]:
    record = await journey.record(user, job_id)
    assert record is not None
    return {file.archive_id for file in record.files if file.archive_id}


def journey_page_size(journey: Journey) -> int:
    return int(journey.stack.environment()["GAS_PAGE_SIZE"])
