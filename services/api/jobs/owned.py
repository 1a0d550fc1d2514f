"""The records of jobs as their owner sees and changes them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from gas.domain.change import Change
from gas.domain.errors import ErrorCode, InvalidTransitionError, LostRaceError
from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.messages import time_of_id
from gas.ports import JobStore
from gas.runtime.records import Records
from services.api.problems import Problem, refusal

_TRIES = 4
_PAUSE = timedelta(milliseconds=50)

Decide = Callable[[Job], Awaitable[Change | None]]
"""What to write about a job as it was just read; None for nothing."""

LossOfJobs = Callable[[], Awaitable[datetime | None]]


class OwnedJobs:
    """Every call is about the jobs of one user: those of others do not exist (404)."""

    def __init__(self, jobs: JobStore, records: Records, jobs_lost_before: LossOfJobs) -> None:
        self._jobs = jobs
        self._records = records
        self._jobs_lost_before = jobs_lost_before

    async def find(self, user_id: str, job_id: str, *, discarded: bool = False) -> Job:
        """Raises a 404 that looks the same whether a job is another's, deleted or unknown.

        So does what it says of ids from before the job store was replaced. One that its owner
        discarded is found only where ``discarded`` says so.
        """
        job = await self._jobs.get(user_id, job_id)
        gone = job is None or (job.status is JobStatus.DELETING if discarded else job.is_gone)
        if job is None or gone:
            raise await self.not_found(job_id)
        return job

    async def is_deleted(self, user_id: str, job_id: str) -> bool:
        """Whether its record is there, and says that it is being erased."""
        job = await self._jobs.get(user_id, job_id)
        return job is not None and job.status is JobStatus.DELETING

    async def create(self, change: Change) -> Job:
        """A new job; one that is there already under this id is given as it is."""
        try:
            return await self._records.commit(change)
        except LostRaceError:
            return await self.find(change.after.user_id, change.after.job_id)

    async def change(
        self, user_id: str, job_id: str, decide: Decide, *, discarded: bool = False
    ) -> Job:
        """Read, decide, write; when somebody was faster, all over again (rule R2)."""
        for _ in range(_TRIES):
            job = await self.find(user_id, job_id, discarded=discarded)
            try:
                change = await decide(job)
                return await self._records.commit(change) if change else job
            except InvalidTransitionError as error:
                raise refusal(error.code, error.message) from error
            except LostRaceError:
                pause = _PAUSE * (1 + random.random())  # noqa: S311 - jitter, not a secret
                await asyncio.sleep(pause.total_seconds())
        raise refusal(ErrorCode.CONFLICTING_WRITE, "The job is changing; please try again.")

    async def not_found(self, job_id: str) -> Problem:
        lost_before = await self._jobs_lost_before()
        sentence = "There is no such job."
        made_at = time_of_id(job_id)
        if lost_before and made_at and made_at < lost_before:
            when = lost_before.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
            sentence += f" Jobs from before {when} were lost when the job store was replaced."
        return refusal(ErrorCode.JOB_NOT_FOUND, sentence)
