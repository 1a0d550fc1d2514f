"""What GAS stands on goes away while jobs are under way, and comes back: nothing is lost."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

import httpx

from gas.cli.demo_user import sign_in
from gas.compose import ComposeProject
from gas.compose.docker import docker
from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE
from gas.messages import new_id
from tests.support.containers import WORKERS, ids, restarts, until_well
from tests.support.inputs import large_vcf
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.results import until_one_result
from tests.support.users import User

OUTAGE = timedelta(seconds=30)
HEALED_WITHIN = timedelta(seconds=90)
ANSWERED_WITHIN = timedelta(seconds=20)
"""Three tries of 5 s each, and pauses between them: services.api.__main__ has the figure."""


async def test_workers_restart_during_a_burst(
    project: ComposeProject, journey: Journey, user: User
) -> None:
    """First on the way to the archive, then on the way back."""
    jobs = await submit(user, 6)
    for service in ("annotator", "notifier", "archiver", "reconciler"):
        await docker("restart", *await ids(project, service))
    await until_archived(journey, user, jobs)
    await user.client.change_plan(Plan.PREMIUM)
    for service in ("restorer", "thawer"):
        await docker("restart", *await ids(project, service))
    await until_available(journey, user, jobs)
    for job in jobs:
        await journey.until_mailed(job, "Your annotated VCF is ready")
        await journey.until_mailed(job, "Your result was archived")
        await journey.until_mailed(job, "Your result is back")
    await until_well(project, *WORKERS)


async def test_aws_does_not_answer(
    project: ComposeProject, journey: Journey, user: User, premium: User
) -> None:
    """Connections stay open, and nothing comes: the api says so in time, and workers wait."""
    before = await restarts(project)
    jobs, kept = await submit(user, 3), await submit(premium, 3)
    answers: list[httpx.Response] = []
    async with journey.stack.frozen("localstack"):
        frozen = time.monotonic()
        while time.monotonic() - frozen < OUTAGE.total_seconds():
            asked = time.monotonic()
            answers += await asyncio.gather(
                user.ask("GET", "/jobs"),
                user.ask("GET", f"/jobs/{jobs[0]}"),
                user.ask("POST", "/jobs", json={"file_name": "a.vcf"}),
                premium.ask("POST", f"/jobs/{kept[0]}/cancel"),
            )
            assert time.monotonic() - asked < ANSWERED_WITHIN.total_seconds()
    told = {(answer.status_code, answer.headers["Content-Type"]) for answer in answers}
    assert told == {(503, "application/problem+json")}
    assert {answer.json()["code"] for answer in answers} == {"service_unavailable"}
    await until_archived(journey, user, jobs)
    await until_available(journey, premium, kept)
    await until_well(project)
    assert await restarts(project) == before


async def test_database_restarts(
    project: ComposeProject, journey: Journey, premium: User, nobody: httpx.AsyncClient
) -> None:
    """Jobs go on without it; whoever submits one meanwhile is told, and need not sign in again."""
    before = await restarts(project)
    await sign_in(nobody, journey.stack.api_url, f"{new_id()}@example.org")
    somebody = nobody
    jobs = await submit(premium, 2)
    draft = await premium.draft()

    async def submit_draft() -> httpx.Response:
        return await premium.ask("POST", f"/jobs/{draft.id}/submit")

    async with journey.stack.stopped("postgres"):
        refused = await submit_draft()
        assert (refused.status_code, refused.json()["code"]) == (503, "service_unavailable")
    await until(
        submit_draft,
        lambda answer: answer.is_success,
        what="submitted",
        told=lambda answer: str(answer.status_code),
    )
    assert (await somebody.get("/api/v1/account")).status_code == 200
    await until_available(journey, premium, [*jobs, draft.id])
    await until_well(project)
    assert await restarts(project) == before


async def submit(user: User, count: int) -> Sequence[str]:
    jobs = await asyncio.gather(*(user.submit(large_vcf(5_000)) for _ in range(count)))
    return [job.id for job in jobs]


async def until_archived(journey: Journey, user: User, jobs: Sequence[str]) -> None:
    for job in jobs:
        await user.until(job, ARCHIVED, within=HEALED_WITHIN)
        await until_one_result(journey, user, job)


async def until_available(journey: Journey, user: User, jobs: Sequence[str]) -> None:
    for job in jobs:
        await user.until(job, AVAILABLE, within=HEALED_WITHIN)
        await until_one_result(journey, user, job)
