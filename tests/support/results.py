"""What the store must hold of a job that ended well, however it got there."""

from gas.domain.job import Job
from tests.support.journey import Journey
from tests.support.patience import until
from tests.support.users import User


async def until_one_result(journey: Journey, user: User, job_id: str) -> Job:
    """One object for each file of the result, and none of another attempt; gives the record."""
    job = await journey.record(user, job_id)
    assert job is not None
    assert job.files
    named = sorted(file.key or file.archive_id or "" for file in job.files)
    await until(
        lambda: journey.results(user, job_id),
        lambda stored: sorted(one.key for one in stored) == named,
        what=f"one object for each file of {job_id}",
    )
    return job
