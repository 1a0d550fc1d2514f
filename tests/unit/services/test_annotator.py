"""What the annotator makes of the ways in which an annotation can end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

import pytest

from gas.annotation import ChildDiedError
from gas.domain import transitions
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.domain.job import Job, Progress, ResultFile
from gas.domain.states import JobStatus
from gas.messages import JobFailed, JobRequested
from gas.runtime.leases import Leases
from services.annotator.handlers import Annotator
from services.annotator.workshop import Workshop
from tests.support.world import LEASE, RETENTION, World

Work = Callable[[Job], Awaitable[tuple[ResultFile, ...]]]


class Bench:
    def __init__(self, job: Job, work: Work) -> None:
        self._job = job
        self._work = work
        self.uploaded = [job.object_key("annotated.vcf.gz")]
        self.discarded = False

    def progress(self) -> Progress | None:
        return None

    async def work(self) -> tuple[ResultFile, ...]:
        return await self._work(self._job)

    async def discard(self) -> None:
        self.discarded = True


class Shop:
    free_retention = RETENTION

    def __init__(self, work: Work) -> None:
        self._work = work
        self.benches: list[Bench] = []

    def bench(self, job: Job) -> Bench:
        self.benches.append(Bench(job, self._work))
        return self.benches[-1]


def annotator(world: World, shop: Shop, max_attempts: int = 5) -> Annotator:
    return Annotator(
        jobs=world.ports.jobs,
        records=world.records,
        leases=Leases(world.ports.jobs, LEASE, world.clock),
        workshop=cast("Workshop", shop),
        max_attempts=max_attempts,
        clock=world.clock,
    )


async def requested(world: World) -> JobRequested:
    job = await world.submit()
    return JobRequested(user_id=job.user_id, job_id=job.job_id, correlation_id="c")


def dying(error: Exception) -> Work:
    async def work(job: Job) -> tuple[ResultFile, ...]:
        raise error

    return work


async def the_job(world: World) -> Job:
    [job] = await world.jobs()
    return job


async def test_bad_input_fails_the_job_with_its_code_and_says_so() -> None:
    world = World()
    shop = Shop(dying(PermanentError(ErrorCode.NOT_A_VCF, "This is a picture.")))
    await annotator(world, shop).handle(await requested(world))
    job = await the_job(world)
    assert job.status is JobStatus.FAILED
    assert job.failure is not None
    assert (job.failure.code, job.failure.message) == (ErrorCode.NOT_A_VCF, "This is a picture.")
    assert [m for m in world.ports.publisher.published if isinstance(m, JobFailed)]


async def test_one_death_by_signal_is_tried_again_and_the_second_is_poison() -> None:
    world = World()
    service = annotator(world, Shop(dying(ChildDiedError(11))))
    request = await requested(world)
    with pytest.raises(TransientError):
        await service.handle(request)
    assert (await the_job(world)).status is JobStatus.SUBMITTED
    await service.handle(request)
    job = await the_job(world)
    assert job.failure is not None
    assert job.failure.code is ErrorCode.POISON_INPUT


async def test_an_unknown_error_leaves_the_job_free_for_the_next_try() -> None:
    world = World()
    service = annotator(world, Shop(dying(RuntimeError("a bug"))))
    with pytest.raises(RuntimeError):
        await service.handle(await requested(world))
    assert not transitions.holds_lease(await the_job(world), world.now)


async def test_a_job_that_never_comes_to_an_end_is_given_up() -> None:
    world = World()
    service = annotator(world, Shop(dying(RuntimeError("a bug"))), max_attempts=2)
    request = await requested(world)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            await service.handle(request)
    await service.handle(request)
    job = await the_job(world)
    assert job.failure is not None
    assert job.failure.code is ErrorCode.TOO_MANY_ATTEMPTS


async def test_attempts_that_aws_cut_short_are_not_held_against_the_job() -> None:
    world = World()
    away = TransientError(ErrorCode.SERVICE_UNAVAILABLE, "S3 is away")
    request = await requested(world)
    for _ in range(7):
        with pytest.raises(TransientError):
            await annotator(world, Shop(dying(away)), max_attempts=2).handle(request)
        assert (await the_job(world)).status is JobStatus.SUBMITTED
    job = await the_job(world)
    assert (job.attempt, job.excused) == (7, 7)


async def test_an_attempt_of_a_worker_that_has_to_stop_is_not_held_against_the_job() -> None:
    world = World()
    at_work = asyncio.Event()

    async def for_ever(_: Job) -> tuple[ResultFile, ...]:
        at_work.set()
        await asyncio.Event().wait()
        return ()

    working = asyncio.create_task(annotator(world, Shop(for_ever)).handle(await requested(world)))
    await at_work.wait()
    working.cancel()
    with pytest.raises(asyncio.CancelledError):
        await working
    job = await the_job(world)
    assert (job.status, job.attempt, job.excused) == (JobStatus.SUBMITTED, 1, 1)
    assert job.lease_until is None


async def test_a_dead_letter_fails_its_job_but_not_one_that_is_being_worked_on() -> None:
    world = World()
    service = annotator(world, Shop(dying(RuntimeError("a bug"))))
    request = await requested(world)
    held = await world.records.commit(transitions.claim(await the_job(world), LEASE, world.now))
    await service.settle(request, RuntimeError("a bug"))
    assert (await the_job(world)).status is JobStatus.RUNNING
    world.now += LEASE + timedelta(seconds=1)
    await service.settle(request, RuntimeError("a bug"))
    job = await the_job(world)
    assert job.status is JobStatus.FAILED
    assert job.attempt == held.attempt


async def test_what_was_made_for_a_job_that_is_no_longer_ours_is_discarded() -> None:
    world = World()

    async def cancelled_meanwhile(job: Job) -> tuple[ResultFile, ...]:
        await world.records.commit(transitions.cancel(job, world.now))
        return ()

    shop = Shop(cancelled_meanwhile)
    await annotator(world, shop).handle(await requested(world))
    assert (await the_job(world)).status is JobStatus.CANCELLED
    assert shop.benches[0].discarded


async def test_a_result_that_was_recorded_though_the_answer_said_otherwise_is_kept() -> None:
    """Whoever lost a race looks at the record before deleting anything."""
    world = World()

    async def recorded_by_another_hand(job: Job) -> tuple[ResultFile, ...]:
        file = ResultFile(
            name="annotated.vcf.gz", size=1, sha256="00", key=job.object_key("annotated.vcf.gz")
        )
        await world.records.commit(transitions.complete(job, (file,), RETENTION, world.now))
        return (file,)

    shop = Shop(recorded_by_another_hand)
    await annotator(world, shop).handle(await requested(world))
    assert (await the_job(world)).status is JobStatus.COMPLETED
    assert not shop.benches[0].discarded
