"""A burst: fifty jobs at once, and none of them lost, done twice, or left half done."""

import asyncio
from collections import Counter
from datetime import timedelta
from pathlib import PurePosixPath

from gas.cli.views import JobView
from gas.domain.states import AVAILABLE
from gas.runtime.topology import Queue
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import User

JOBS = 50


async def test_fifty_jobs_at_once_all_get_one_result(journey: Journey, premium: User) -> None:
    submitted = await asyncio.gather(
        *(premium.submit(file_name=f"{number}.vcf") for number in range(JOBS))
    )
    names = {job.id: job.file_name for job in submitted}
    assert len(names) == JOBS

    jobs = await until(
        lambda: all_jobs(premium),
        lambda jobs: all(job.ended for job in jobs),
        what=f"{JOBS} jobs ended",
        told=lambda jobs: str(Counter(job.state for job in jobs)),
        within=timedelta(minutes=2),
        every=timedelta(seconds=1),
    )
    assert {job.id: job.file_name for job in jobs} == names
    assert Counter(job.state for job in jobs) == {str(AVAILABLE): JOBS}
    await journey.until_idle(Queue.ANNOTATE)

    for job in jobs:
        stored = [PurePosixPath(one.key) for one in await journey.results(premium, job.id)]
        assert sorted(key.name for key in stored) == sorted(file.name for file in job.files)
        assert len({key.parent for key in stored}) == 1, "of more than one attempt"
        await journey.until_mailed(job.id, f"Your annotated VCF is ready: {job.file_name}")


async def all_jobs(user: User) -> list[JobView]:
    return [job async for job in user.client.jobs()]
