"""A plan changed: bring the results of its owner in line, one message a job."""

from datetime import timedelta

import structlog

from gas.domain import transitions
from gas.domain.errors import NotYetError
from gas.domain.job import Job
from gas.domain.plan import Account
from gas.domain.states import ARCHIVED, ARCHIVING, AVAILABLE, RESTORING
from gas.messages import AnyMessage, PlanChanged, RestoreRequested
from gas.ports import AccountStore, JobStore, Publisher
from gas.runtime.records import Clock, Records, utc_now
from gas.runtime.retrievals import Retrievals

log = structlog.get_logger()

_PLAN_UNKNOWN_DELAY = timedelta(minutes=1)
_ARCHIVING_DELAY = timedelta(seconds=5)


class Restorer:
    """Fans a change of plan out over a user's jobs, and begins retrievals."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        retrievals: Retrievals,
        publisher: Publisher,
        records: Records,
        free_retention: timedelta,
        page_size: int,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._accounts = accounts
        self._retrievals = retrievals
        self._publisher = publisher
        self._records = records
        self._free_retention = free_retention
        self._page_size = page_size
        self._clock = clock

    async def handle(self, message: AnyMessage) -> None:
        match message:
            case PlanChanged():
                await self._sweep(message)
            case RestoreRequested():
                await self._restore(message)
            case _:
                return

    async def _sweep(self, message: PlanChanged) -> None:
        """Go through all jobs of a user; doing it twice is harmless.

        The change stays pending, and the reconciler brings it up again, until a sweep finds
        every job in line: so none of the messages sent here has to arrive.
        """
        account = await self._account(message.user_id)
        pending = await self._accounts.pending_change(message.user_id)
        in_line = True
        cursor: str | None = None
        while True:
            page = await self._jobs.list_page(message.user_id, limit=self._page_size, cursor=cursor)
            for job in page.items:
                in_line = await self._bring_in_line(job, account) and in_line
            if page.cursor is None:
                break
            cursor = page.cursor
        if in_line and pending is not None and pending.plan_version == account.plan_version:
            await self._accounts.finish_change(pending)
        await self._look_again(account, message)

    async def _bring_in_line(self, job: Job, account: Account) -> bool:
        """Gives whether the storage of the job is what the plan wants, or on its way there."""
        if account.keeps_results:
            if job.state not in {ARCHIVED, ARCHIVING}:
                return True
            await self._publisher.publish(transitions.restore_request(job))
            return False
        if job.state == AVAILABLE and job.archive_due_at is None:
            await self._records.commit(
                transitions.schedule_archive(job, self._free_retention, self._clock())
            )
        return True

    async def _look_again(self, account: Account, message: PlanChanged) -> None:
        """A second change may have come while we went through the jobs (rule R5)."""
        latest = await self._account(account.user_id)
        if latest.plan_version != account.plan_version:
            await self._publisher.publish(
                PlanChanged(user_id=account.user_id, correlation_id=message.correlation_id)
            )

    async def _restore(self, message: RestoreRequested) -> None:
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None:
            return
        if job.state == RESTORING:
            if job.retrieval_tier is None:  # begun before, perhaps by a restorer that died
                await self._retrievals.begin(job)
            return
        if not (await self._account(job.user_id)).keeps_results:
            return
        if job.state == ARCHIVING:
            raise NotYetError("the archiver is still at it", _ARCHIVING_DELAY)
        if job.state == ARCHIVED:
            begun = transitions.begin_restore(job, self._clock())
            await self._retrievals.begin(await self._records.commit(begun))

    async def _account(self, user_id: str) -> Account:
        account = await self._accounts.get(user_id)
        if account is None:
            raise NotYetError("the plan of the user is unknown", _PLAN_UNKNOWN_DELAY)
        return account
