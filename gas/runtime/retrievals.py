"""Asking the archive for a result, and noting how fast it will come."""

import structlog

from gas.domain import transitions
from gas.domain.job import Job
from gas.ports import ResultArchive, RetrievalTier
from gas.runtime.records import Clock, Records, utc_now

log = structlog.get_logger()


class Retrievals:
    """Begins retrievals. Asking again for one that is on its way changes nothing."""

    def __init__(self, archive: ResultArchive, records: Records, clock: Clock = utc_now) -> None:
        self._archive = archive
        self._records = records
        self._clock = clock

    async def begin(self, job: Job) -> Job:
        """Ask for all archived files of a RESTORING job; its tier is that of the slowest.

        A file that the archive does not know is noted as lost, and the others are asked for. Asked
        again, an archive may not say how fast it is at work: what is noted as Standard stays so.
        """
        tiers: set[str] = {job.retrieval_tier} if job.retrieval_tier else set()
        lost: set[str] = set()
        for name, archive_id in job.resting.items():
            try:
                tiers.add(await self._archive.begin_retrieval(archive_id))
            except FileNotFoundError:
                lost.add(name)
        slowest = (
            RetrievalTier.STANDARD if RetrievalTier.STANDARD in tiers else RetrievalTier.EXPEDITED
        )
        if lost:
            log.error("archived files are lost", files=sorted(lost))
        log.info("retrieval begun", tier=slowest)
        if job.retrieval_tier == slowest and not lost:
            return job
        noted = transitions.note_retrieval(job, slowest, self._clock(), lost=lost)
        return await self._records.commit(noted)
