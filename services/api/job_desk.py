"""What a user can do with jobs."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from gas.domain import transitions
from gas.domain.errors import ErrorCode, InvalidTransitionError, LostRaceError
from gas.domain.job import InputFile, Job, input_key
from gas.domain.plan import Plan, upload_limit
from gas.domain.states import JobStatus
from gas.domain.transitions import Change
from gas.messages import time_of_id
from gas.ports import JobStore, ObjectStore, Page
from gas.runtime.records import Clock, Records, utc_now
from services.api.problems import ApiCode, Problem, refusal

_TRIES = 4
_PAUSE = timedelta(milliseconds=50)

Decide = Callable[[Job], Awaitable[Change | None]]
LossOfJobs = Callable[[], Awaitable[datetime | None]]


class JobDesk:
    """Every call is about the jobs of one user: those of others do not exist (404)."""

    def __init__(
        self,
        jobs: JobStore,
        inputs: ObjectStore,
        records: Records,
        jobs_lost_before: LossOfJobs,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._inputs = inputs
        self._records = records
        self._jobs_lost_before = jobs_lost_before
        self._clock = clock

    async def draft(
        self, user_id: str, job_id: str, genome: str, file_name: str, correlation_id: str
    ) -> Job:
        """A new draft; one that is there already under this id is given as it is."""
        upload = InputFile(key=input_key(user_id, job_id), file_name=file_name)
        change = transitions.create(user_id, job_id, genome, upload, correlation_id, self._clock())
        try:
            return await self._records.commit(change)
        except LostRaceError:
            return await self.find(user_id, job_id)

    async def find(self, user_id: str, job_id: str) -> Job:
        """Raises a 404 that looks the same whether a job is another's, deleted or unknown.

        So does what it says of ids from before the job store was replaced.
        """
        job = await self._jobs.get(user_id, job_id)
        if job is None or job.status is JobStatus.DELETING:
            raise _not_found(job_id, await self._jobs_lost_before())
        return job

    async def page(self, user_id: str, limit: int, cursor: str | None) -> Page[Job]:
        """Newest first. A page may be short of ``limit`` though more follow."""
        try:
            page = await self._jobs.list_page(user_id, limit=limit, cursor=cursor)
        except ValueError as error:
            sentence = "This cursor is not from an earlier page."
            raise Problem(HTTPStatus.BAD_REQUEST, ApiCode.INVALID_CURSOR, sentence) from error
        there = [job for job in page.items if job.status is not JobStatus.DELETING]
        return Page(there, page.cursor)

    async def submit(self, user_id: str, job_id: str, plan: Plan) -> Job:
        """Queue a draft whose file is uploaded; a job that is under way or ended stays as it is."""

        async def decide(job: Job) -> Change | None:
            if job.status is JobStatus.CANCELLED:
                raise refusal(ErrorCode.CONFLICTING_STATE, "This job was cancelled.")
            if job.status is not JobStatus.DRAFT:
                return None
            return transitions.submit(job, await self._uploaded(job, plan), self._clock())

        return await self._change(user_id, job_id, decide)

    async def upload_of(self, user_id: str, job_id: str, plan: Plan) -> tuple[Job, InputFile]:
        """A job with its upload: the submitted version, of a draft the one that is there now."""
        job = await self.find(user_id, job_id)
        is_draft = job.status is JobStatus.DRAFT
        upload = await self._uploaded(job, plan) if is_draft else job.input
        if upload.size is None:
            raise _nothing_uploaded()
        return job, upload

    async def cancel(self, user_id: str, job_id: str) -> Job:
        async def decide(job: Job) -> Change | None:
            if job.status is JobStatus.CANCELLED:
                return None
            return transitions.cancel(job, self._clock())

        return await self._change(user_id, job_id, decide)

    async def delete(self, user_id: str, job_id: str) -> bool:
        """From now on the job is gone for its owner. False when that was so before."""
        job = await self._jobs.get(user_id, job_id)
        if job is not None and job.status is JobStatus.DELETING:
            return False

        async def decide(job: Job) -> Change:
            return transitions.delete(job)

        await self._change(user_id, job_id, decide)
        return True

    async def _uploaded(self, job: Job, plan: Plan) -> InputFile:
        """The version that is there now: this one will be read, whatever is uploaded later."""
        info = await self._inputs.head(job.input.key)
        if info is None:
            raise _nothing_uploaded()
        limit = upload_limit(plan)
        if info.size > limit:
            sentence = (
                f"The upload has {info.size:,} bytes; the {plan} plan allows {limit:,} bytes."
            )
            raise refusal(ErrorCode.UPLOAD_TOO_LARGE, sentence)
        return job.input.model_copy(
            update={"size": info.size, "etag": info.etag, "version_id": info.version_id}
        )

    async def _change(self, user_id: str, job_id: str, decide: Decide) -> Job:
        """Read, decide, write; when somebody was faster, all over again (rule R2)."""
        for _ in range(_TRIES):
            job = await self.find(user_id, job_id)
            try:
                change = await decide(job)
                return await self._records.commit(change) if change else job
            except InvalidTransitionError as error:
                raise refusal(error.code, error.message) from error
            except LostRaceError:
                pause = _PAUSE * (1 + random.random())  # noqa: S311 - jitter, not a secret
                await asyncio.sleep(pause.total_seconds())
        raise refusal(ErrorCode.CONFLICTING_WRITE, "The job is changing; please try again.")


def _nothing_uploaded() -> Problem:
    return refusal(ErrorCode.UPLOAD_MISSING, "Nothing was uploaded for this job yet.")


def _not_found(job_id: str, lost_before: datetime | None) -> Problem:
    sentence = "There is no such job."
    made_at = time_of_id(job_id)
    if lost_before and made_at and made_at < lost_before:
        when = lost_before.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        sentence += f" Jobs from before {when} were lost when the job store was replaced."
    return refusal(ErrorCode.JOB_NOT_FOUND, sentence)
