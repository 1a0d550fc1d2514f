"""Deleting what a record names as left over: only after the record says so, never before."""

from gas.domain import transitions
from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.ports import ObjectStore, ResultArchive
from gas.runtime.records import Records


class Tidying:
    """Deletes leftovers.

    Each is one generation's name, never used again (rule R3), so a delete that comes late, or
    twice, cannot hit anything that is needed.
    """

    def __init__(self, results: ObjectStore, archive: ResultArchive, records: Records) -> None:
        self._results = results
        self._archive = archive
        self._records = records

    async def tidy(self, job: Job) -> Job:
        """Delete the leftovers, then note it. Raises LostRaceError if the job moved on.

        A job that is being deleted is left to the reconciler, which erases all there is.
        """
        objects, archives = job.leftover_objects, job.leftover_archives
        if job.status is JobStatus.DELETING or not (objects or archives):
            return job
        for key in objects:
            await self._results.delete(key)
        for archive_id in archives:
            await self._archive.delete(archive_id)
        return await self._records.commit(transitions.tidy(job, objects, archives))
