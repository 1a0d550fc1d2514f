"""Dead letters about jobs that still seem to wait: such a job ends FAILED (rule R7)."""

from datetime import timedelta

import structlog

from gas.domain import transitions
from gas.domain.errors import ErrorCode, GasError
from gas.domain.job import Failure
from gas.domain.states import RUNNING, SUBMITTED
from gas.messages import JobRequested, UnreadableMessageError, parse
from gas.ports import Delivery, JobStore, Queue
from gas.runtime.records import Clock, Records, utc_now

log = structlog.get_logger()

_AT_MOST = 100
_HIDDEN = timedelta(seconds=30)


class DeadLetters:
    """Reads the annotator's dead letters, and leaves them where they are for the operator."""

    def __init__(
        self, letters: Queue, jobs: JobStore, records: Records, clock: Clock = utc_now
    ) -> None:
        self._letters = letters
        self._jobs = jobs
        self._records = records
        self._clock = clock

    async def look(self) -> None:
        seen: list[Delivery] = []
        try:
            while len(seen) < _AT_MOST:
                batch = await self._letters.receive(limit=10, wait=timedelta(0), visibility=_HIDDEN)
                if not batch:
                    break
                seen.extend(batch)
                for letter in batch:
                    await self._settle(letter)
        finally:
            for letter in seen:
                await self._letters.hide(letter, timedelta(0))

    async def _settle(self, letter: Delivery) -> None:
        try:
            messages = parse(letter.body)
        except UnreadableMessageError:
            return
        for message in messages:
            if isinstance(message, JobRequested):
                try:
                    await self._fail(message)
                except GasError as error:
                    log.info("job left for the next look", reason=error.message)

    async def _fail(self, message: JobRequested) -> None:
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.state not in {SUBMITTED, RUNNING}:
            return
        if transitions.holds_lease(job, self._clock()):
            return  # somebody works on it after all
        failure = Failure(
            code=ErrorCode.TOO_MANY_ATTEMPTS,
            message="The annotation was tried several times and never came to an end.",
        )
        await self._records.commit(transitions.fail(job, failure, self._clock()))
        log.warning("job of a dead letter failed", job_id=job.job_id)
