"""The annotator: every submitted job ends, with a result or with the reason why there is none."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from gas.annotation import SUMMARY
from gas.domain.errors import ErrorCode
from gas.domain.states import AVAILABLE, CANCELLED, FAILED, RUNNING
from gas.messages import JobRequested, new_id, serialise
from gas.runtime.topology import Queue
from tests.support.inputs import large_vcf, malformed_vcf
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import User

UNREADABLE = f"not a message {new_id()}"


@pytest.fixture(scope="module", autouse=True)
async def unreadable_message(journey: Journey) -> None:
    """Sent before all else: five receives take half a minute, in which other tests go on."""
    await journey.ports.queue(Queue.ANNOTATE).send(UNREADABLE)


async def test_submitted_job_gets_a_result(premium: User, tmp_path: Path) -> None:
    job = await premium.completed()
    files = await premium.download(job, tmp_path)
    assert b'"genome": "rCRS"' in files[SUMMARY].read_bytes()


async def test_progress_grows_while_it_runs(premium: User) -> None:
    job = await premium.submit(large_vcf(copies=20))
    seen: list[float] = []
    while not (job := await premium.client.show(job.id)).ended:
        if job.progress:
            seen.append(job.progress.fraction)
        await asyncio.sleep(0.1)
    assert job.state == str(AVAILABLE)
    assert all(earlier <= later for earlier, later in pairwise(seen))
    assert len(set(seen)) > 2, seen


async def test_malformed_input_fails_with_the_reason(journey: Journey, user: User) -> None:
    job = await user.submit(malformed_vcf(), "broken.vcf")
    job = await user.until(job.id, FAILED)
    assert job.failure is not None
    assert job.failure.code == ErrorCode.MALFORMED_VCF
    assert "6" in job.failure.message  # the line
    mail = await journey.until_mailed(job.id, "GAS could not annotate broken.vcf")
    assert mail.to == user.email
    assert job.failure.message in " ".join(mail.text.split())
    assert await journey.results(user, job.id) == []


async def test_cancelled_job_stops_and_leaves_nothing(journey: Journey, user: User) -> None:
    job = await user.submit(large_vcf(5_000))
    engine = await journey.stack.engine()
    async with engine.frozen():
        await user.until(job.id, RUNNING)
        await user.client.cancel(job.id)
        await engine.until_dead()
    assert (await user.client.show(job.id)).state == str(CANCELLED)
    assert await journey.results(user, job.id) == []


async def test_job_cancelled_while_it_waits_is_never_begun(journey: Journey, user: User) -> None:
    async with journey.stack.frozen("annotator"):
        cancelled = await user.submit()
        await user.client.cancel(cancelled.id)
        after_it = await user.submit()
    await user.until(after_it.id, AVAILABLE)
    cancelled = await user.client.show(cancelled.id)
    assert (cancelled.state, cancelled.started_at) == (str(CANCELLED), None)


async def test_annotator_killed_at_work_begins_anew(journey: Journey, premium: User) -> None:
    job = await premium.submit(large_vcf(5_000))
    engine = await journey.stack.engine()
    async with engine.frozen():
        await premium.until(job.id, RUNNING)
        await journey.stack.kill("annotator")
    await engine.until_dead()
    job = await premium.until(job.id, AVAILABLE)
    record = await journey.record(premium, job.id)
    assert record is not None
    assert (record.attempt, record.crashes) == (2, 0)
    await until(
        lambda: journey.results(premium, job.id),
        lambda stored: {one.key for one in stored} == {file.key for file in record.files},
        what="the objects of the second attempt, and no others",
    )


async def test_input_that_kills_the_parser_once_gets_a_second_try(
    journey: Journey, premium: User
) -> None:
    job = await premium.submit(large_vcf(5_000))
    await (await journey.stack.engine()).crash()
    await premium.until(job.id, AVAILABLE)


async def test_input_that_kills_the_parser_twice_is_poison(journey: Journey, user: User) -> None:
    job = await user.submit(large_vcf(5_000))
    first = await journey.stack.engine()
    await first.crash()
    await (await journey.stack.engine(other_than=first)).crash()
    job = await user.until(job.id, FAILED)
    assert job.failure is not None
    assert job.failure.code == ErrorCode.POISON_INPUT
    await journey.until_mailed(job.id, "GAS could not annotate")
    assert await journey.results(user, job.id) == []


async def test_unreadable_message_becomes_a_dead_letter(journey: Journey) -> None:
    """It was sent when this module began; the next test empties the queue that it waited in."""
    await journey.until_dead_letter(Queue.ANNOTATE, UNREADABLE)


async def test_job_whose_request_is_a_dead_letter_fails(journey: Journey, user: User) -> None:
    async with journey.stack.stopped("annotator"):
        job = await user.submit()
        await journey.lose_messages(Queue.ANNOTATE)
        request = JobRequested(user_id=user.user_id, job_id=job.id, correlation_id=job.id)
        await journey.ports.dead_letters(Queue.ANNOTATE).send(serialise(request))
        job = await user.until(job.id, FAILED)
    assert job.failure is not None
    assert job.failure.code == ErrorCode.TOO_MANY_ATTEMPTS
    await journey.until_mailed(job.id, "GAS could not annotate")
    await journey.until_dead_letter(Queue.ANNOTATE, job.id)  # the operator can still look at it
