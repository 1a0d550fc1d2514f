"""Objects that no record names: what a worker made that died, or lost its job meanwhile.

No age is guessed (rule R3). A name is given with the attempt that the record counts, before
the object is made; so an object of an attempt that is over, and that the record does not name,
is an orphan for good. The listing is read before the record: what came into being in between
is not in the listing.
"""

import structlog

from gas.domain.errors import GasError
from gas.domain.job import Job
from gas.domain.states import ARCHIVING, RESTORING, RUNNING
from gas.ports import JobStore, ObjectStore

log = structlog.get_logger()


class OrphanSweep:
    """Goes through one bucket, a page at a time, round and round."""

    def __init__(self, bucket: ObjectStore, jobs: JobStore) -> None:
        self._bucket = bucket
        self._jobs = jobs
        self._cursor: str | None = None

    async def look_at_a_page(self) -> int:
        """Delete the orphans of the next page; gives how many there were."""
        page = await self._bucket.list_page("", cursor=self._cursor)
        self._cursor = page.cursor
        records: dict[tuple[str, str], Job | None] = {}
        orphans = 0
        for key in page.items:
            parts = key.split("/")
            if len(parts) < 3:
                continue  # not named by us, so not ours to delete
            owner = (parts[0], parts[1])
            if owner not in records:
                records[owner] = await self._jobs.get(*owner)
            if is_orphan(key, records[owner]):
                orphans += 1
                await self._delete(key)
        return orphans

    async def _delete(self, key: str) -> None:
        try:
            await self._bucket.delete(key)
        except GasError as error:
            log.warning("orphan stays", key=key, reason=error.message)
        else:
            log.info("orphan deleted", key=key)


def is_orphan(key: str, job: Job | None) -> bool:
    """Whether an object of ours is of no use to anybody, now and for ever.

    Keys are ``user_id/job_id/input`` and ``user_id/job_id/attempt/name``. A record is there
    before any object of its job, so no record means that the job was erased.
    """
    if job is None:
        return True
    if key == job.input.key:
        return False
    named = {file.key for file in job.files} | {file.archive_id for file in job.files}
    if key in named:
        return False
    at_work = job.state in {RUNNING, ARCHIVING, RESTORING}
    return not (at_work and key.startswith(f"{job.prefix}{job.attempt}/"))
