"""What a user can do with jobs."""

from gas.domain import owner_steps, transitions
from gas.domain.change import Change
from gas.domain.errors import ErrorCode
from gas.domain.job import InputFile, Job, input_key
from gas.domain.plan import Plan, upload_limit
from gas.domain.states import JobStatus
from gas.messages import new_id
from gas.ports import JobStore, ObjectStore, Page
from gas.runtime.records import Clock, Records, utc_now
from services.api.jobs.owned import LossOfJobs, OwnedJobs
from services.api.jobs.queue import QueueView
from services.api.jobs.search import JobFilter, search
from services.api.problems import Problem, refusal
from services.api.settings import ApiSettings


class JobDesk:
    """Every call is about the jobs of one user: those of others do not exist (404)."""

    def __init__(
        self,
        jobs: JobStore,
        inputs: ObjectStore,
        records: Records,
        jobs_lost_before: LossOfJobs,
        queue_view: QueueView,
        settings: ApiSettings,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._inputs = inputs
        self._owned = OwnedJobs(jobs, records, jobs_lost_before)
        self._queue_view = queue_view
        self._settings = settings
        self._clock = clock

    async def draft(
        self,
        user_id: str,
        job_id: str,
        genome: str,
        file_name: str,
        correlation_id: str,
        *,
        name: str | None = None,
        sha256: str | None = None,
    ) -> Job:
        """A new draft; one that is there already under this id is given as it is."""
        key = input_key(user_id, job_id)
        upload = InputFile(key=key, file_name=file_name, sha256=sha256)
        return await self._owned.create(
            transitions.create(
                user_id, job_id, genome, upload, correlation_id, self._clock(), name=name
            )
        )

    async def find(self, user_id: str, job_id: str) -> Job:
        """Raises a 404 that looks the same whether a job is another's, deleted or unknown."""
        return await self._owned.find(user_id, job_id)

    async def page(self, user_id: str, limit: int, cursor: str | None) -> Page[Job]:
        """All jobs, newest first. A page may be short of ``limit`` though more follow."""
        return await self.search(user_id, JobFilter(), limit, cursor)

    async def search(
        self, user_id: str, wanted: JobFilter, limit: int, cursor: str | None
    ) -> Page[Job]:
        """Newest first. A page may be short of ``limit``, or empty, though more follow."""
        return await search(self._jobs, user_id, wanted, limit, cursor)

    async def choose_genome(self, user_id: str, job_id: str, genome: str) -> Job:
        """By which genome a draft is to be annotated."""

        async def decide(job: Job) -> Change | None:
            if job.genome == genome:
                return None
            return owner_steps.choose_genome(job, genome, self._clock())

        return await self._owned.change(user_id, job_id, decide)

    async def submit(self, user_id: str, job_id: str, plan: Plan) -> Job:
        """Queue a draft whose file is uploaded; a job that is under way or ended stays as it is."""

        async def decide(job: Job) -> Change | None:
            if job.status is JobStatus.CANCELLED:
                raise refusal(ErrorCode.CONFLICTING_STATE, "This job was cancelled.")
            if job.status is not JobStatus.DRAFT:
                return None
            uploaded = await self._uploaded(job, plan)
            await self._require_room(user_id, plan)
            return transitions.submit(job, uploaded, self._clock())

        return await self._owned.change(user_id, job_id, decide)

    async def rerun(
        self,
        user_id: str,
        job_id: str,
        plan: Plan,
        correlation_id: str,
        new_job_id: str | None = None,
    ) -> Job:
        """Submit the very file of a job once more, as a new job (``new_job_id``, or any).

        Should we die in between, a draft is left, which the reconciler erases in time; called
        again with its id, we go on with it.
        """
        first = await self.find(user_id, job_id)
        if first.status is JobStatus.DRAFT or first.input.size is None:
            raise _nothing_uploaded()
        _require_fitting(first.input.size, plan)
        new_job_id = new_job_id or new_id()
        made = await self._jobs.get(user_id, new_job_id)
        if made is not None and made.status is not JobStatus.DRAFT:
            return await self.find(user_id, new_job_id)
        await self._require_room(user_id, plan)
        upload = InputFile(
            key=input_key(user_id, new_job_id),
            file_name=first.input.file_name,
            sha256=first.input.sha256,
        )
        draft = await self._owned.create(
            transitions.create(
                user_id,
                new_job_id,
                first.genome,
                upload,
                correlation_id,
                self._clock(),
                name=first.name,
                rerun_of=job_id,
            )
        )
        await self._copy_input(first, draft)
        return await self.submit(user_id, new_job_id, plan)

    async def rename(self, user_id: str, job_id: str, name: str | None) -> Job:
        """With None the job goes by the name of its file."""

        async def decide(job: Job) -> Change | None:
            return None if job.name == name else owner_steps.rename(job, name, self._clock())

        return await self._owned.change(user_id, job_id, decide)

    async def discard(self, user_id: str, job_id: str) -> Job:
        """From now on the job is gone for its owner, who can take it back for a while."""

        async def decide(job: Job) -> Change:
            return owner_steps.discard(job, self._settings.undo, self._clock())

        return await self._owned.change(user_id, job_id, decide)

    async def undiscard(self, user_id: str, job_id: str) -> Job:
        """Take a discarded job back. Raises a 404 when the time for that is over."""

        async def decide(job: Job) -> Change | None:
            now = self._clock()
            if job.erase_at is None:
                return None
            if job.erase_at <= now:
                raise await self._owned.not_found(job_id)
            return owner_steps.undiscard(job, now)

        return await self._owned.change(user_id, job_id, decide, discarded=True)

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

        return await self._owned.change(user_id, job_id, decide)

    async def delete(self, user_id: str, job_id: str) -> bool:
        """From now on the job is gone for good. False when that was so before."""
        if await self._owned.is_deleted(user_id, job_id):
            return False

        async def decide(job: Job) -> Change:
            return transitions.delete(job)

        await self._owned.change(user_id, job_id, decide, discarded=True)
        return True

    async def _require_room(self, user_id: str, plan: Plan) -> None:
        """The index is some moments behind: who submits very many at once may get some more in."""
        limit = self._settings.active_jobs(plan)
        if await self._queue_view.active_jobs(user_id) >= limit:
            jobs = "job" if limit == 1 else "jobs"
            raise refusal(
                ErrorCode.TOO_MANY_JOBS,
                f"The {plan} plan allows {limit} {jobs} waiting or running at a time. "
                "Please submit this one when another has ended.",
            )

    async def _copy_input(self, first: Job, draft: Job) -> None:
        """A draft without a file, that nobody asked for, does not stay."""
        source = first.input
        try:
            await self._inputs.copy(source.key, source.version_id, draft.input.key)
        except FileNotFoundError as error:
            await self.delete(draft.user_id, draft.job_id)
            sentence = "The upload of this job is no longer there. Please upload the file again."
            raise refusal(ErrorCode.UPLOAD_MISSING, sentence) from error

    async def _uploaded(self, job: Job, plan: Plan) -> InputFile:
        """The version that is there now: this one will be read, whatever is uploaded later."""
        info = await self._inputs.head(job.input.key)
        if info is None:
            raise _nothing_uploaded()
        _require_fitting(info.size, plan)
        return job.input.model_copy(
            update={"size": info.size, "etag": info.etag, "version_id": info.version_id}
        )


def _require_fitting(size: int, plan: Plan) -> None:
    limit = upload_limit(plan)
    if size > limit:
        sentence = f"The upload has {size:,} bytes; the {plan} plan allows {limit:,} bytes."
        raise refusal(ErrorCode.UPLOAD_TOO_LARGE, sentence)


def _nothing_uploaded() -> Problem:
    return refusal(ErrorCode.UPLOAD_MISSING, "Nothing was uploaded for this job yet.")
