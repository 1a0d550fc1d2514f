"""The reconciler: whatever gets lost, forgotten or left behind, all comes right in the end."""

import asyncio
from datetime import timedelta

import pytest

from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure, job_prefix
from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE, FAILED
from gas.messages import new_id
from gas.runtime.records import utc_now
from gas.runtime.topology import Queue
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import Archived, User


@pytest.fixture(scope="module", autouse=True)
async def abandoned(journey: Journey) -> tuple[User, str]:
    """A draft with its upload, never submitted: made first, for its time is the longest."""
    user = await journey.user()
    return user, (await user.draft()).id


async def test_lost_messages_are_said_again(journey: Journey, archived: Archived) -> None:
    """A request, a result's due time, a change of plan: each lost on the way to its service."""
    waiting, due = await asyncio.gather(journey.user(), journey.user())
    job_due = await due.completed()
    async with journey.stack.stopped("annotator", "archiver", "restorer"):
        job_waiting = await waiting.submit()
        await archived.user.client.change_plan(Plan.PREMIUM)
        for queue in (Queue.ANNOTATE, Queue.ARCHIVE, Queue.RESTORE):
            await journey.lose_messages(queue)
    await asyncio.gather(
        waiting.until(job_waiting.id, AVAILABLE),
        due.until(job_due.id, ARCHIVED),
        archived.user.until(archived.job.id, AVAILABLE),
    )


async def test_event_that_was_never_sent_is_sent(journey: Journey, user: User) -> None:
    """As by an annotator that dies between its write and the publication."""
    async with journey.stack.frozen("annotator"):
        job = await user.submit()
        record = await journey.record(user, job.id)
        assert record is not None
        failure = Failure(code=ErrorCode.NO_VARIANTS, message="There is nothing in it.")
        await write(journey, transitions.fail(record, failure, utc_now()))
    await user.until(job.id, FAILED)
    mail = await journey.until_mailed(job.id, "GAS could not annotate")
    assert failure.message in mail.text


async def test_job_of_a_worker_that_vanished_is_annotated(journey: Journey, premium: User) -> None:
    """Claimed, and then neither a lease renewed nor a message left: only the record knows."""
    async with journey.stack.stopped("annotator"):
        job = await premium.submit()
        await journey.lose_messages(Queue.ANNOTATE)
        record = await journey.record(premium, job.id)
        assert record is not None
        await write(journey, transitions.claim(record, timedelta(seconds=1), utc_now()))
    await premium.until(job.id, AVAILABLE)
    annotated = await journey.record(premium, job.id)
    assert annotated is not None
    assert annotated.attempt == 2


async def test_orphans_are_collected_and_nothing_else(journey: Journey, premium: User) -> None:
    kept, deleted = await asyncio.gather(premium.completed(), premium.completed())
    await premium.client.delete(deleted.id)
    await journey.until_erased(premium, deleted.id)
    record = await journey.record(premium, kept.id)
    assert record is not None
    results, inputs = journey.settings.results_bucket, journey.settings.inputs_bucket
    gone = job_prefix(premium.user_id, deleted.id)
    unknown = (results, f"{job_prefix(premium.user_id, new_id())}1/annotated.vcf.gz")
    orphans = [
        (results, f"{record.prefix}0/annotated.vcf.gz"),  # of an attempt that is over
        (results, f"{record.prefix}{record.attempt}/stray"),  # of no file of the result
        (results, f"{gone}1/annotated.vcf.gz"),  # as by an annotator that was away for long
        (inputs, f"{gone}input"),  # as by a late upload
    ]
    for bucket, key in [unknown, *orphans]:
        await journey.s3.put_object(Bucket=bucket, Key=key, Body=b"left behind")

    async def left() -> set[tuple[str, str]]:
        return {(bucket, key) for bucket, key in orphans if await journey.versions(bucket, key)}

    await until(left, lambda found: not found, what="the orphans collected")
    assert {one.key for one in await journey.results(premium, kept.id)} == {
        file.key for file in record.files
    }
    assert len(await journey.inputs(premium, kept.id)) == 1
    assert await journey.versions(*unknown), "nothing says that its job was erased"


async def test_abandoned_draft_is_erased(journey: Journey, abandoned: tuple[User, str]) -> None:
    await journey.until_erased(*abandoned)


async def write(journey: Journey, change: Change) -> None:
    """Write a change, due at once, and say nothing about it."""
    after = change.after.model_copy(update={"due_at": utc_now()})
    await journey.ports.jobs.commit(Change(change.before, after))
