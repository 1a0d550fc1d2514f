"""Any service may die at any moment: it starts again, and no job is the worse for it."""

import pytest

from gas.domain.states import ARCHIVED, AVAILABLE, RUNNING
from gas.embedded.options import SERVICES
from tests.support.inputs import large_vcf
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import User


@pytest.mark.parametrize("service", SERVICES)
async def test_job_outlives_a_service_killed_at_its_annotate_step(
    service: str, journey: Journey, user: User
) -> None:
    job = await user.submit(large_vcf(5_000))
    engine = await journey.stack.engine()
    async with engine.frozen():
        await user.until(job.id, RUNNING)
        await journey.stack.kill(service)
    await user.until(job.id, AVAILABLE)
    await user.until(job.id, ARCHIVED)
    await journey.until_mailed(job.id, "Your result was archived")
    record = await journey.record(user, job.id)
    assert record is not None
    await until(
        lambda: journey.results(user, job.id),
        lambda stored: (
            {one.key for one in stored} == {file.key or file.archive_id for file in record.files}
        ),
        what="one object for each file of the result",
    )
