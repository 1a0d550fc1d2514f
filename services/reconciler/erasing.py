"""Erasing a deleted job: all its objects first, its record last."""

import structlog

from gas.domain.job import Job
from gas.ports import JobStore, MultipartUploads, ObjectStore, ResultArchive

log = structlog.get_logger()


class Erasing:
    """While anything of a job is left, its record says so, and the erasing goes on."""

    def __init__(
        self,
        *,
        jobs: JobStore,
        inputs: ObjectStore,
        uploads: MultipartUploads,
        results: ObjectStore,
        archive: ResultArchive,
    ) -> None:
        self._jobs = jobs
        self._inputs = inputs
        self._uploads = uploads
        self._results = results
        self._archive = archive

    async def erase(self, job: Job) -> None:
        archived = {file.archive_id for file in job.files if file.archive_id}
        for archive_id in archived | set(job.leftover_archives):
            await self._archive.delete(archive_id)
        await self._uploads.abort_all(job.input.key)
        for bucket in (self._inputs, self._results):
            await _empty(bucket, job.prefix)
        await self._jobs.erase(job)
        log.info("job erased", job_id=job.job_id)


async def _empty(bucket: ObjectStore, prefix: str) -> None:
    cursor: str | None = None
    while True:
        page = await bucket.list_page(prefix, cursor=cursor)
        for key in page.items:
            await bucket.delete(key)
        if page.cursor is None:
            return
        cursor = page.cursor
