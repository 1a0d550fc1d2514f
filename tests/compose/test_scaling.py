"""Any number of annotators and replicas of the api, none of them for a while, and one that goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
import pytest

from gas.cli.views import JobView
from gas.compose import ComposeProject, Container
from gas.compose.docker import docker
from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE, RUNNING, SUBMITTED
from tests.support.containers import ids
from tests.support.engines import Engine
from tests.support.inputs import large_vcf
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.results import until_one_result
from tests.support.users import User

TAKEN_OVER_WITHIN = timedelta(seconds=4)
"""Less than what is left of a message's 8 s when it was hidden again a third of them ago."""


@dataclass(frozen=True)
class Queued:
    """Jobs that were submitted while there was no annotator, as they were then."""

    user: User
    jobs: list[JobView]


@pytest.fixture(scope="module")
async def queued(project: ComposeProject, journey: Journey) -> AsyncIterator[Queued]:
    """From no annotator to three of them, and three replicas of the api."""
    user = await journey.user(Plan.PREMIUM)
    await project.up("annotator", scale={"annotator": 0})
    try:
        submitted = await asyncio.gather(*(user.submit() for _ in range(9)))
        jobs = [await user.client.show(job.id) for job in submitted]
        await project.up("api", "annotator", scale={"api": 3, "annotator": 3})
        yield Queued(user, jobs)
    finally:
        await project.up("api", "annotator", scale={"api": 2, "annotator": 1})


async def test_jobs_wait_for_annotators_and_are_done_once(queued: Queued, journey: Journey) -> None:
    assert {job.state for job in queued.jobs} == {str(SUBMITTED)}
    for job in queued.jobs:
        await queued.user.until(job.id, AVAILABLE)
        record = await until_one_result(journey, queued.user, job.id)
        assert record.attempt == 1


async def test_all_replicas_of_the_api_answer(
    queued: Queued, project: ComposeProject, nobody: httpx.AsyncClient
) -> None:
    async def answering() -> set[str]:
        answers = [await nobody.get("/health/live") for _ in range(12)]
        return {answer.headers["X-Gas-Instance"] for answer in answers}

    replicas = {container[:12] for container in await ids(project, "api")}
    assert len(replicas) == 3
    await until(answering, lambda seen: seen == replicas, what="all three replicas answer")


async def test_annotator_that_is_stopped_ends_what_it_has_in_hand(
    queued: Queued, project: ComposeProject, journey: Journey
) -> None:
    user = queued.user
    job = await user.submit(large_vcf(5_000))
    engine = await journey.stack.engine()
    async with engine.frozen():
        worker = await worker_of(engine, project)
        stopping = asyncio.create_task(docker("stop", worker.id))
        await until_logged(worker, "draining")
    await stopping
    async with started_again(worker):
        assert await exit_code(worker, project) == 0
        await user.until(job.id, AVAILABLE)
        record = await until_one_result(journey, user, job.id)
        assert record.attempt == 1


async def test_annotator_that_cannot_end_in_time_hands_its_job_on(
    queued: Queued, project: ComposeProject, journey: Journey
) -> None:
    """Another has it at once, and does not wait until the message shows again by itself."""
    user = queued.user
    job = await user.submit(large_vcf(5_000))
    engine = await journey.stack.engine()
    async with engine.frozen():
        await user.until(job.id, RUNNING)
        worker = await worker_of(engine, project)
        await docker("stop", worker.id)
        async with started_again(worker):
            assert await exit_code(worker, project) == 0
            assert "message handed back" in await docker("logs", worker.id, with_errors=True)
            await user.until(job.id, AVAILABLE, within=TAKEN_OVER_WITHIN)
    record = await until_one_result(journey, user, job.id)
    assert record.attempt == 2


async def worker_of(engine: Engine, project: ComposeProject) -> Container:
    for container in await project.containers("annotator"):
        if str(engine.pid) in (await docker("top", container.id, "-e", "-o", "pid")).split():
            return container
    raise AssertionError(f"no annotator has process {engine.pid}")


async def until_logged(container: Container, event: str) -> None:
    await until(
        lambda: docker("logs", container.id, with_errors=True),
        lambda log: f'"event": "{event}"' in log,
        what=f"{event!r} in the log of the {container.service}",
    )


async def exit_code(container: Container, project: ComposeProject) -> int:
    """137 where the engine had to kill it."""
    found = await project.containers(container.service)
    return next(one.exit_code for one in found if one.id == container.id)


@asynccontextmanager
async def started_again(container: Container) -> AsyncIterator[None]:
    """At the end; within, it is away."""
    try:
        yield
    finally:
        await docker("start", container.id)
