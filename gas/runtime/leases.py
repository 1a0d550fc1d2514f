"""Working on a job under a lease that is kept alive, and stopping when it is lost."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from gas.domain.errors import GasError, LostRaceError, NotYetError, TransientError
from gas.domain.job import Job, Progress
from gas.ports import JobStore
from gas.runtime.records import Clock, utc_now

log = structlog.get_logger()

Result = TypeVar("Result")

_TICK = timedelta(seconds=1)


def require_unheld(job: Job, now: datetime) -> None:
    """Raises NotYetError, until the lease runs out, when a worker has the job."""
    if job.lease_until is not None and job.lease_until > now:
        raise NotYetError("another worker has the job", job.lease_until - now)


class Leases:
    """Keeps claims on jobs alive while work on them goes on."""

    def __init__(self, jobs: JobStore, lease: timedelta, clock: Clock = utc_now) -> None:
        self._jobs = jobs
        self._clock = clock
        self.duration = lease

    async def hold(
        self,
        job: Job,
        work: Coroutine[Any, Any, Result],
        progress: Callable[[], Progress | None] = lambda: None,
    ) -> Result:
        """Do ``work`` while renewing the lease; new progress is written with the renewal.

        Raises LostRaceError, with the work cancelled, as soon as a renewal finds that the job is
        no longer ours: cancelled by its owner, deleted, or claimed by another worker. When the
        work fails, or is cancelled, the lease ends at once, so that the next claim need not wait.
        """
        try:
            return await self._work_and_renew(job, work, progress)
        except LostRaceError:
            raise
        except BaseException:
            await asyncio.shield(self._end(job))
            raise

    async def _work_and_renew(
        self,
        job: Job,
        work: Coroutine[Any, Any, Result],
        progress: Callable[[], Progress | None],
    ) -> Result:
        """Both have stopped when this returns, so that the lease never ends before the work."""
        working = asyncio.create_task(work)
        renewing = asyncio.create_task(self._renew(job, progress))
        try:
            await asyncio.wait({working, renewing}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                renewing.result()
            return await working
        finally:
            for task in (working, renewing):
                task.cancel()
            await asyncio.gather(working, renewing, return_exceptions=True)

    async def _renew(self, job: Job, progress: Callable[[], Progress | None]) -> None:
        """Returns never; raises LostRaceError when the lease is lost."""
        noted: Progress | None = None
        renewed = time.monotonic()
        while True:
            await asyncio.sleep(min(_TICK, self.duration / 3).total_seconds())
            latest = progress()
            if latest == noted and time.monotonic() - renewed < self._renew_after:
                continue
            try:
                await self._jobs.renew_lease(job, self._clock() + self.duration, latest)
            except TransientError as error:
                # If the lease runs out, the fencing token keeps our late writes out.
                log.warning("lease not renewed", job_id=job.job_id, reason=str(error))
            else:
                noted, renewed = latest, time.monotonic()

    async def _end(self, job: Job) -> None:
        try:
            await self._jobs.renew_lease(job, self._clock())
        except GasError as error:
            log.info("lease left to run out", job_id=job.job_id, reason=str(error))

    @property
    def _renew_after(self) -> float:
        """Seconds: often enough for the lease, and to notice a cancelled job soon."""
        return min(self.duration.total_seconds() / 3, 2.0)
