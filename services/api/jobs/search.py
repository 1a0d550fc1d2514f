"""Finding some among the jobs of a user."""

from dataclasses import dataclass, field
from http import HTTPStatus

from gas.domain.job import Job
from gas.domain.states import ALL_STATES, State
from gas.ports import JobStore, Page
from services.api.problems import ApiCode, Problem

_READ_AT_ONCE = 100
_READS = 10
"""A call reads a thousand jobs at most: who has more goes on with the cursor."""


@dataclass(frozen=True)
class JobFilter:
    """Which jobs are wanted.

    ``text`` is somewhere in the name of the job or of its file, in whatever case; ``sha256`` (hex)
    is that of the upload.
    """

    text: str | None = None
    states: frozenset[State] = field(default=ALL_STATES)
    sha256: str | None = None

    def matches(self, job: Job) -> bool:
        """A job that is gone for its owner matches nothing."""
        if job.is_gone or job.state not in self.states:
            return False
        if self.sha256 and job.input.sha256 != self.sha256.lower():
            return False
        wanted = (self.text or "").strip().casefold()
        names = (job.title, job.input.file_name)
        return any(wanted in name.casefold() for name in names)


async def search(
    jobs: JobStore, user_id: str, wanted: JobFilter, limit: int, cursor: str | None
) -> Page[Job]:
    """Newest first. A page may be short of ``limit``, or empty, though more follow.

    Raises Problem for a cursor that is not ours.
    """
    found: list[Job] = []
    size = max(limit, _READ_AT_ONCE)
    for _ in range(_READS):
        page = await _read(jobs, user_id, size, cursor)
        places = [n for n, job in enumerate(page.items) if wanted.matches(job)]
        missing = limit - len(found)
        if len(places) > missing:
            # Read up to the last one wanted again: the cursor of that page goes on after it.
            size = places[missing - 1] + 1
            page = await _read(jobs, user_id, size, cursor)
            places = [n for n, job in enumerate(page.items) if wanted.matches(job)]
        found += [page.items[n] for n in places]
        cursor = page.cursor
        if cursor is None or len(found) >= limit:
            break
    return Page(found, cursor)


async def _read(jobs: JobStore, user_id: str, limit: int, cursor: str | None) -> Page[Job]:
    try:
        return await jobs.list_page(user_id, limit=limit, cursor=cursor)
    except ValueError as error:
        sentence = "This cursor is not from an earlier page."
        raise Problem(HTTPStatus.BAD_REQUEST, ApiCode.INVALID_CURSOR, sentence) from error
