"""How much somebody has in GAS."""

from dataclasses import dataclass, replace

from gas.domain.job import Job
from gas.domain.states import JobStatus, Storage
from gas.ports import JobStore

_PAGE = 100
_JOBS_COUNTED = 5_000
_ACTIVE = frozenset({JobStatus.SUBMITTED, JobStatus.RUNNING})
_AWAY = frozenset({Storage.ARCHIVED, Storage.RESTORING})


@dataclass(frozen=True)
class Usage:
    """Numbers of jobs, and bytes of uploads and results together, wherever they rest.

    ``is_whole`` False: there is more than was counted.
    """

    jobs: int = 0
    active: int = 0
    at_hand: int = 0
    archived: int = 0
    bytes: int = 0
    is_whole: bool = True

    def with_job(self, job: Job) -> "Usage":
        is_away = job.storage in _AWAY
        return replace(
            self,
            jobs=self.jobs + 1,
            active=self.active + (job.status in _ACTIVE),
            at_hand=self.at_hand + (job.storage is not None and not is_away),
            archived=self.archived + is_away,
            bytes=self.bytes + (job.input.size or 0) + sum(file.size for file in job.files),
        )


async def usage_of(user_id: str, jobs: JobStore) -> Usage:
    """Counted from the records themselves, since a counter beside them could differ."""
    usage = Usage()
    cursor: str | None = None
    while True:
        page = await jobs.list_page(user_id, limit=_PAGE, cursor=cursor)
        for job in page.items:
            if not job.is_gone:
                usage = usage.with_job(job)
        cursor = page.cursor
        if cursor is None:
            return usage
        if usage.jobs >= _JOBS_COUNTED:
            return replace(usage, is_whole=False)
