"""What is due: says again what was not heard, and does what nobody else does."""

from datetime import datetime

import structlog

from gas.domain import transitions
from gas.domain.announcing import announce_archive, is_to_be_announced
from gas.domain.errors import GasError, LostRaceError
from gas.domain.job import Job
from gas.domain.schedule import Timings
from gas.domain.states import (
    ARCHIVED,
    ARCHIVING,
    AVAILABLE,
    DELETING,
    DRAFT,
    RESTORING,
    RUNNING,
    SUBMITTED,
    State,
)
from gas.messages import (
    AnyMessage,
    ArchiveRequested,
    JobRequested,
    RetrievalStarted,
)
from gas.ports import AccountStore, DueEntry, JobStore, Publisher
from gas.runtime.records import Clock, Records, utc_now
from gas.runtime.tidying import Tidying
from services.reconciler.erasing import Erasing

log = structlog.get_logger()

_PAGE = 100

_REMINDERS: dict[State, type[JobRequested | ArchiveRequested | RetrievalStarted]] = {
    SUBMITTED: JobRequested,
    RUNNING: JobRequested,
    AVAILABLE: ArchiveRequested,
    ARCHIVING: ArchiveRequested,
    RESTORING: RetrievalStarted,
}


class DueWork:
    """Goes over the due index."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        publisher: Publisher,
        records: Records,
        tidying: Tidying,
        erasing: Erasing,
        timings: Timings,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._accounts = accounts
        self._publisher = publisher
        self._records = records
        self._tidying = tidying
        self._erasing = erasing
        self._timings = timings
        self._clock = clock

    async def look(self, shard: int) -> int:
        """Deal with all that is due in a shard; gives how much that was.

        One entry that cannot be dealt with does not keep the others waiting: it stays due.
        """
        seen = 0
        cursor: str | None = None
        while True:
            page = await self._jobs.due_page(shard, self._clock(), limit=_PAGE, cursor=cursor)
            for entry in page.items:
                seen += 1
                await self._try(entry)
            if page.cursor is None:
                return seen
            cursor = page.cursor

    async def _try(self, entry: DueEntry) -> None:
        try:
            await self._deal_with(entry)
        except LostRaceError:
            log.info("somebody else was at it", job_id=entry.job_id)
        except GasError as error:
            log.warning("stays due", job_id=entry.job_id, code=error.code, reason=error.message)
        except Exception:
            log.exception("stays due", user_id=entry.user_id, job_id=entry.job_id)

    async def _deal_with(self, entry: DueEntry) -> None:
        now = self._clock()
        if entry.job_id is None:
            await self._repeat_plan_change(entry.user_id, now)
            return
        job = await self._jobs.get(entry.user_id, entry.job_id)
        if job is None or job.due_at is None or job.due_at > now:
            return  # the index is a little behind the table
        if job.state == DELETING:
            await self._erasing.erase(job)
            return
        if job.erase_at is not None and job.erase_at <= now:
            await self._records.commit(transitions.delete(job))
            return
        if job.outbox:
            job = await self._records.relay(job)
        if job.state == ARCHIVED and await self._is_to_be_at_hand(job):
            job = await self._records.commit(transitions.begin_restore(job, now))
        job = await self._tidying.tidy(job)
        if job.state == DRAFT:
            if job.created_at + self._timings.draft_lifetime <= now:
                await self._records.commit(transitions.delete(job))
            return
        if is_to_be_announced(job, self._timings.archive_notice, now):
            await self._announce(job, now)
        else:
            await self._remind(job, now)

    async def _is_to_be_at_hand(self, job: Job) -> bool:
        """Whether its archiver died before it could look at the plan again (rule R5)."""
        account = await self._accounts.get(job.user_id)
        return account is not None and account.keeps_results

    async def _announce(self, job: Job, now: datetime) -> None:
        """Tell the owner that the result will be archived, unless it will not or nobody knows."""
        account = await self._accounts.get(job.user_id)
        if account is None or account.keeps_results:
            await self._jobs.postpone(job, job.archive_due_at)
        else:
            await self._records.commit(announce_archive(job, now))
            log.info("archiving announced", job_id=job.job_id)

    async def _remind(self, job: Job, now: datetime) -> None:
        """Say again what somebody should have acted on; a message too many does no harm."""
        reminder = _REMINDERS.get(job.state)
        if reminder is None or transitions.holds_lease(job, now):
            return
        if job.state == AVAILABLE and (job.archive_due_at is None or job.archive_due_at > now):
            return
        message: AnyMessage = reminder(
            user_id=job.user_id, job_id=job.job_id, correlation_id=job.correlation_id
        )
        await self._publisher.publish(message)
        await self._jobs.postpone(job, now + self._timings.unheard)
        log.info("reminded", type=message.type, job_id=job.job_id, state=str(job.state))

    async def _repeat_plan_change(self, user_id: str, now: datetime) -> None:
        change = await self._accounts.pending_change(user_id)
        if change is None or change.due_at > now:
            return
        await self._publisher.publish(change.event)
        await self._accounts.postpone_change(change, now + self._timings.unheard)
        log.info("reminded", type=change.event.type, user_id=user_id)
