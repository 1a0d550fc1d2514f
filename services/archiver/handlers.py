"""From a result at hand to a result in the archive.

The order of effects is what keeps results safe: record ARCHIVING, archive, verify, record
ARCHIVED, and only then delete the original.
"""

from datetime import timedelta

import structlog

from gas.domain import transitions
from gas.domain.errors import NotYetError
from gas.domain.job import Job
from gas.domain.plan import Account
from gas.domain.states import ARCHIVED, ARCHIVING, AVAILABLE
from gas.messages import AnyMessage, ArchiveRequested, JobCompleted
from gas.ports import AccountStore, JobStore, ObjectStore, ResultArchive
from gas.runtime.decisions import LONGEST_DELAY
from gas.runtime.leases import Leases, require_unheld
from gas.runtime.records import Clock, Records, utc_now
from gas.runtime.tidying import Tidying

log = structlog.get_logger()

_PLAN_UNKNOWN_DELAY = timedelta(minutes=1)


class Archiver:
    """Archives what the plan of the day does not keep at hand."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        accounts: AccountStore,
        results: ObjectStore,
        archive: ResultArchive,
        records: Records,
        leases: Leases,
        tidying: Tidying,
        free_retention: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._accounts = accounts
        self._results = results
        self._archive = archive
        self._records = records
        self._leases = leases
        self._tidying = tidying
        self._free_retention = free_retention
        self._clock = clock

    async def handle(self, message: AnyMessage) -> None:
        if not isinstance(message, JobCompleted | ArchiveRequested):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None:
            return
        if job.state in {AVAILABLE, ARCHIVING}:
            account = await self._account(job)
            if account.keeps_results:
                await self._keep(job)
            elif self._is_due(job):
                await self._move(job)
        latest = await self._look_again(job)
        if latest is not None:
            await self._tidying.tidy(latest)

    async def _account(self, job: Job) -> Account:
        """An unknown plan is no Free plan: without one nothing is archived (rule R7)."""
        account = await self._accounts.get(job.user_id)
        if account is None:
            raise NotYetError("the plan of the owner is unknown", _PLAN_UNKNOWN_DELAY)
        return account

    async def _keep(self, job: Job) -> None:
        if job.state == ARCHIVING:
            require_unheld(job, self._clock())
            await self._records.commit(transitions.abandon_archive(job, self._clock()))
        elif job.archive_due_at is not None:
            await self._records.commit(transitions.keep(job, self._clock()))

    def _is_due(self, job: Job) -> bool:
        """Raises NotYetError when a message can wait for it; longer waits are the reconciler's."""
        if job.state == ARCHIVING:
            return True
        if job.archive_due_at is None:
            return False
        remaining = job.archive_due_at - self._clock()
        if remaining > LONGEST_DELAY:
            return False
        if remaining > timedelta(0):
            raise NotYetError("the result is still to stay at hand", remaining)
        return True

    async def _move(self, job: Job) -> None:
        require_unheld(job, self._clock())
        job = await self._records.commit(
            transitions.begin_archive(job, self._leases.duration, self._clock())
        )
        archive_ids, lost = await self._leases.hold(job, self._store_all(job))
        if lost:
            log.error("result files are lost", files=sorted(lost))
        if (await self._account(job)).keeps_results:
            change = transitions.abandon_archive(job, self._clock())
        else:
            change = transitions.archive(job, archive_ids, self._clock(), lost=lost)
        job = await self._records.commit(change)
        log.info("archiving ended", storage=job.storage)

    async def _store_all(self, job: Job) -> tuple[dict[str, str], set[str]]:
        """The archive ids by name, and the names of the files that are gone."""
        archive_ids: dict[str, str] = {}
        lost: set[str] = set()
        for file in job.archivable:
            if file.key is None:
                continue
            try:
                archive_ids[file.name] = await self._archive.store(
                    file.key, job.object_key(file.name), size=file.size, sha256=file.sha256
                )
            except FileNotFoundError:
                # Of the original, or of the copy just made? Only the first is a loss.
                if await self._results.head(file.key) is not None:
                    raise
                lost.add(file.name)
        return archive_ids, lost

    async def _look_again(self, job: Job) -> Job | None:
        """The plan may have changed while we worked: put right what no longer fits (rule R5).

        Only then come the leftovers: until they are gone the record stays due, so that the
        reconciler looks again should we die here.
        """
        latest = await self._jobs.get(job.user_id, job.job_id)
        account = await self._accounts.get(job.user_id)
        if latest is None or account is None:
            return latest
        if latest.state == ARCHIVED and account.keeps_results:
            return await self._records.commit(transitions.begin_restore(latest, self._clock()))
        unscheduled = latest.state == AVAILABLE and latest.archive_due_at is None
        if unscheduled and not account.keeps_results:
            return await self._records.commit(
                transitions.schedule_archive(latest, self._free_retention, self._clock())
            )
        return latest
