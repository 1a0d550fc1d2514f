"""Jobs to try things with."""

from datetime import UTC, datetime, timedelta

from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.job import InputFile, Job, ResultFile, input_key
from gas.messages import new_id
from gas.ports import JobStore

LEASE = timedelta(minutes=2)


def now() -> datetime:
    return datetime.now(UTC)


def draft(user_id: str, job_id: str | None = None) -> Change:
    job_id = job_id or new_id()
    upload = InputFile(key=input_key(user_id, job_id), file_name="Ada's é.vcf")
    return transitions.create(user_id, job_id, "mt", upload, new_id(), now())


async def submitted(jobs: JobStore, user_id: str) -> Job:
    """A job in the store that waits for an annotator, with an unsent event."""
    change = draft(user_id)
    await jobs.commit(change)
    change = transitions.submit(change.after, change.after.input, now())
    await jobs.commit(change)
    return change.after


async def running(jobs: JobStore, user_id: str) -> Job:
    change = transitions.claim(await submitted(jobs, user_id), LEASE, now())
    await jobs.commit(change)
    return change.after


async def completed(jobs: JobStore, user_id: str) -> Job:
    job = await running(jobs, user_id)
    file = ResultFile(name="a.vcf.gz", size=1, sha256="0" * 64, key=job.object_key("a.vcf.gz"))
    change = transitions.complete(job, (file,), timedelta(minutes=5), now())
    await jobs.commit(change)
    return change.after
