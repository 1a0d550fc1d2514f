"""From a submitted job to a result, or to a failure with a code."""

import asyncio

import structlog

from gas.annotation import ChildDiedError
from gas.domain import transitions
from gas.domain.errors import (
    ErrorCode,
    GasError,
    LostRaceError,
    PermanentError,
    TransientError,
)
from gas.domain.job import Failure, Job, Progress
from gas.domain.states import RUNNING, SUBMITTED
from gas.messages import AnyMessage, JobRequested
from gas.ports import JobStore
from gas.runtime.leases import Leases, require_unheld
from gas.runtime.records import Clock, Records, utc_now
from services.annotator.workshop import Bench, Workshop

log = structlog.get_logger()

_DEATHS_OF_A_POISON = 2


class Annotator:
    """Claims jobs, has them annotated in the workshop, and records how it ended."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        records: Records,
        leases: Leases,
        workshop: Workshop,
        max_attempts: int,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._records = records
        self._leases = leases
        self._workshop = workshop
        self._max_attempts = max_attempts
        self._clock = clock

    async def handle(self, message: AnyMessage) -> None:
        if not isinstance(message, JobRequested):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.state not in {SUBMITTED, RUNNING}:
            return
        require_unheld(job, self._clock())
        in_vain = job.attempt - job.excused
        if in_vain >= self._max_attempts:
            await self._fail(
                job,
                ErrorCode.TOO_MANY_ATTEMPTS,
                f"The annotation was begun {in_vain} times and never came to an end.",
            )
            return
        job = await self._records.commit(
            transitions.claim(job, self._leases.duration, self._clock())
        )
        await self._annotate(job)

    async def _annotate(self, job: Job) -> None:
        bench = self._workshop.bench(job)
        try:
            files = await self._leases.hold(job, bench.work(), bench.progress)
            await self._records.commit(
                transitions.complete(job, files, self._workshop.free_retention, self._clock())
            )
        except LostRaceError:
            await self._discard(job, bench)
        except PermanentError as error:
            await self._fail(job, error.code, error.message, bench.progress())
        except ChildDiedError as death:
            await self._count_death(job, death)
        except (TransientError, asyncio.CancelledError):
            await asyncio.shield(self._excuse(job))
            raise

    async def _excuse(self, job: Job) -> None:
        """AWS is away, or we are to stop: the job waits, and the attempt does not count."""
        try:
            await self._records.commit(transitions.release(job, self._clock(), excused=True))
        except GasError as error:
            log.info("attempt counted after all", job_id=job.job_id, reason=error.message)

    async def _discard(self, job: Job, bench: Bench) -> None:
        """The job is no longer ours: what we made goes, unless the record has it after all."""
        latest = await self._jobs.get(job.user_id, job.job_id)
        recorded = {file.key for file in latest.files} if latest else set()
        if recorded.isdisjoint(bench.uploaded):
            log.info("the job is no longer ours")
            await bench.discard()

    async def _count_death(self, job: Job, death: ChildDiedError) -> None:
        """An input that kills the parser twice is poison; once may have been bad luck."""
        if job.crashes + 1 >= _DEATHS_OF_A_POISON:
            await self._fail(
                job,
                ErrorCode.POISON_INPUT,
                "The file makes the annotation tool crash, so it cannot be annotated.",
            )
            return
        await self._records.commit(transitions.release(job, self._clock(), crashed=True))
        raise TransientError(
            ErrorCode.INTERNAL_ERROR, f"The annotation process died: {death}"
        ) from death

    async def settle(self, message: AnyMessage, error: BaseException) -> None:
        """The message goes to the dead letters: its job must not wait for ever (rule R7)."""
        if not isinstance(message, JobRequested):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.state not in {SUBMITTED, RUNNING}:
            return
        if transitions.holds_lease(job, self._clock()):
            return
        log.error("job given up", job_id=job.job_id, error=repr(error))
        await self._fail(
            job, ErrorCode.INTERNAL_ERROR, "Something unexpected went wrong, several times over."
        )

    async def _fail(
        self, job: Job, code: ErrorCode, sentence: str, progress: Progress | None = None
    ) -> None:
        failure = Failure(code=code, message=sentence)
        failed = transitions.fail(job, failure, self._clock(), progress=progress)
        await self._records.commit(failed)
        log.info("job failed", code=code)
