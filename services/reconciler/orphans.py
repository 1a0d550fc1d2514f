"""Objects and archives that no record names: made by a worker that died, or lost its job meanwhile.

No age is guessed (rule R3). A name is given with the attempt that the record counts, before
the object is made; so an object of an attempt that is over, and that the record does not name,
is an orphan for good. The listing is read before the record: what came into being in between
is not in the listing.

A record that cannot be found proves nothing: the table may be the wrong one, or restored from
before. Only what is known to be erased lets go of its objects.
"""

from collections.abc import Sequence
from typing import Protocol

import structlog

from gas.domain.errors import GasError
from gas.domain.job import Job
from gas.domain.states import ARCHIVING, RESTORING, RUNNING
from gas.ports import JobStore, Page

log = structlog.get_logger()


class Listed(Protocol):
    """Where things lie under names of ours: a bucket, or the inventory of a vault."""

    async def list_page(self, prefix: str, *, cursor: str | None = None) -> Page[str]: ...
    async def delete(self, key: str) -> None: ...


class OrphanSweep:
    """Goes through one of them, a page at a time, round and round."""

    def __init__(self, place: Listed, jobs: JobStore) -> None:
        self._place = place
        self._jobs = jobs
        self._cursor: str | None = None

    async def look_at_a_page(self) -> int:
        """Delete the orphans of the next page; gives how many there were."""
        page = await self._place.list_page("", cursor=self._cursor)
        self._cursor = page.cursor
        orphans = 0
        for (user_id, job_id), keys in _by_job(page.items).items():
            job = await self._jobs.get(user_id, job_id)
            if job is None and not await self._jobs.was_erased(user_id, job_id):
                log.warning("objects without a record stay", user_id=user_id, job_id=job_id)
                continue
            for key in keys:
                if job is None or is_orphan(key, job):
                    orphans += 1
                    await self._delete(key)
        return orphans

    async def _delete(self, key: str) -> None:
        try:
            await self._place.delete(key)
        except GasError as error:
            log.warning("orphan stays", key=key, reason=error.message)
        else:
            log.info("orphan deleted", key=key)


def _by_job(keys: Sequence[str]) -> dict[tuple[str, str], list[str]]:
    """Keys are ``user_id/job_id/…``; others were not named by us, so they are not ours."""
    jobs: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        user_id, _, rest = key.partition("/")
        job_id, _, name = rest.partition("/")
        if name:
            jobs.setdefault((user_id, job_id), []).append(key)
    return jobs


def is_orphan(key: str, job: Job) -> bool:
    """Whether an object of a job is of no use to anybody, now and for ever.

    Keys are ``user_id/job_id/input`` and ``user_id/job_id/attempt/name``, which an archive id may
    go on after. What the record names as left over is not ours to delete: a leftover archive may
    be known only by what lies under that name.
    """
    if key == job.input.key:
        return False
    named = {file.key for file in job.files} | {file.archive_id for file in job.files}
    if key in named or key in job.leftover_objects or key in job.leftover_archives:
        return False
    at_work = job.state in {RUNNING, ARCHIVING, RESTORING}
    return not (at_work and key.startswith(f"{job.prefix}{job.attempt}/"))
