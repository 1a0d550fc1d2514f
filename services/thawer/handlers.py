"""From a retrieved archive to a result at hand.

The order of effects: bring back, verify size and SHA-256, record AVAILABLE, and only then
delete the archive.
"""

import contextlib
from datetime import timedelta

import structlog

from gas.domain import transitions
from gas.domain.errors import ErrorCode, NotYetError, PermanentError
from gas.domain.job import Job
from gas.domain.states import RESTORING
from gas.messages import AnyMessage, RetrievalCompleted, RetrievalStarted
from gas.ports import JobStore, ObjectStore, ResultArchive, RetrievalStatus
from gas.runtime.leases import Leases, require_unheld
from gas.runtime.records import Clock, Records, utc_now
from gas.runtime.retrievals import Retrievals
from gas.runtime.tidying import Tidying

log = structlog.get_logger()


class Thawer:
    """Wakes when the archive says that something is ready, and looks for itself meanwhile."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        results: ObjectStore,
        archive: ResultArchive,
        retrievals: Retrievals,
        records: Records,
        leases: Leases,
        tidying: Tidying,
        free_retention: timedelta,
        poll: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._results = results
        self._archive = archive
        self._retrievals = retrievals
        self._records = records
        self._leases = leases
        self._tidying = tidying
        self._free_retention = free_retention
        self._poll = poll
        self._clock = clock

    async def handle(self, message: AnyMessage) -> None:
        if not isinstance(message, RetrievalStarted | RetrievalCompleted):
            return
        job = await self._jobs.get(message.user_id, message.job_id)
        if job is None or job.state != RESTORING:
            return
        if not await self._is_ready(job):
            if isinstance(message, RetrievalStarted):
                raise NotYetError("the retrieval is in progress", self._poll)
            return  # one file of several: the others will be heard of, or looked at
        require_unheld(job, self._clock())
        await self._thaw(job)

    async def _is_ready(self, job: Job) -> bool:
        """Whether all files can be read; a retrieval that was never begun, or ran out, begins.

        For a file that is gone nobody has to wait: the thaw will find out.
        """
        statuses: set[RetrievalStatus] = set()
        for archive_id in job.resting.values():
            with contextlib.suppress(FileNotFoundError):
                statuses.add(await self._archive.retrieval_status(archive_id))
        if RetrievalStatus.NOT_REQUESTED in statuses:
            await self._retrievals.begin(job)
        return statuses <= {RetrievalStatus.READY}

    async def _thaw(self, job: Job) -> None:
        job = await self._records.commit(
            transitions.begin_thaw(job, self._leases.duration, self._clock())
        )
        keys, lost = await self._leases.hold(job, self._bring_back_all(job))
        if lost:
            log.error("archived files are lost", files=sorted(lost))
        job = await self._records.commit(
            transitions.restore(job, keys, self._free_retention, self._clock(), lost=lost)
        )
        log.info("result restored")
        await self._tidying.tidy(job)

    async def _bring_back_all(self, job: Job) -> tuple[dict[str, str], set[str]]:
        """The keys by name, and the names of the files that are gone."""
        keys: dict[str, str] = {}
        lost: set[str] = set()
        for name, archive_id in job.resting.items():
            key = job.object_key(name)
            try:
                await self._archive.bring_back(archive_id, key)
            except FileNotFoundError:
                if not await self._is_gone(archive_id):
                    raise
                lost.add(name)
            else:
                keys[name] = await self._verified(job, name, key)
        return keys, lost

    async def _is_gone(self, archive_id: str) -> bool:
        try:
            await self._archive.retrieval_status(archive_id)
        except FileNotFoundError:
            return True
        return False

    async def _verified(self, job: Job, name: str, key: str) -> str:
        """The key, if what is there now is what went to the archive."""
        size, sha256 = await self._results.sha256(key)
        file = job.file(name)
        if file is None or (size, sha256) != (file.size, file.sha256):
            raise PermanentError(
                ErrorCode.RESULT_CORRUPT,
                f"{name} came back from the archive as {size} bytes with SHA-256 {sha256}, "
                f"which is not as it went there.",
            )
        return key
