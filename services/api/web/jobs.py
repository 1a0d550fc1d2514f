"""The page of one's jobs."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from gas.annotation.demo import DEMO_GENOME
from gas.domain.plan import Account
from gas.domain.states import JobStatus
from services.api.context import Context
from services.api.dependencies import ContextOf
from services.api.jobs.search import JobFilter
from services.api.web.access import PageAccount, is_htmx, pages_of
from services.api.web.job_notices import Notice, Outcome, notice_of
from services.api.web.job_rows import JobRow, fingerprint, next_look
from services.api.web.list_query import ListQuery, Tab

router = APIRouter(include_in_schema=False)

_PAGE_SIZE = 25


@dataclass(frozen=True)
class JobList:
    """What one address shows at one moment."""

    query: ListQuery
    rows: tuple[JobRow, ...]
    older: str | None
    seen: str
    lost_before: datetime | None
    poll_seconds: int | None
    offers_example: bool
    now: datetime

    @property
    def running(self) -> int:
        return sum(row.is_under_way for row in self.rows)

    @property
    def is_first_visit(self) -> bool:
        """There is nothing to show, and nothing was looked for."""
        return not self.rows and self.older is None and self.query.is_everything

    @property
    def older_address(self) -> str | None:
        return self.query.older(self.older).address() if self.older else None


@router.get("/jobs")
async def show_jobs(
    request: Request, context: ContextOf, account: PageAccount, seen: str = ""
) -> Response:
    """All of it to a browser; to its htmx the list, or 204 while that is as it was ``seen``."""
    jobs = await list_jobs(context, account, ListQuery.from_query(request.url.query))
    if is_htmx(request):
        if seen == jobs.seen:
            return Response(status_code=HTTPStatus.NO_CONTENT)
        part = _show(request, "jobs/jobs_fragment.html", account, jobs)
        if not seen:  # something was searched for: the address tells what
            part.headers["HX-Replace-Url"] = jobs.query.address()
        return part
    outcome = Outcome.from_query(request.url.query)
    notice = await _notice(context, account, outcome) if outcome else None
    return _show(request, "jobs/jobs.html", account, jobs, notice=notice)


async def list_jobs(context: Context, account: Account, query: ListQuery) -> JobList:
    """Raises Problem for a cursor that is not ours, TransientError when a store is away."""
    wanted = JobFilter(text=query.text or None, states=query.tab.states)
    page = await context.desk.search(account.user_id, wanted, _PAGE_SIZE, query.cursor)
    rows = []
    for job in page.items:
        waits = job.status is JobStatus.SUBMITTED
        place = await context.queue_view.place_of(job) if waits else None
        rows.append(JobRow.of(job, account.plan, place))
    lost_before = await context.store_watch.jobs_lost_before(account.user_id)
    now = context.clock()
    poll_seconds = next_look(rows, now)
    return JobList(
        query=query,
        rows=tuple(rows),
        older=page.cursor,
        seen=fingerprint(rows, query, page.cursor, poll_seconds),
        lost_before=lost_before,
        poll_seconds=poll_seconds,
        offers_example=DEMO_GENOME in context.settings.genomes,
        now=now,
    )


async def show_outcome(
    request: Request, context: Context, account: Account, query: ListQuery, outcome: Outcome
) -> Response:
    """The list after an action, with what is said of it; for htmx."""
    jobs = await list_jobs(context, account, query)
    notice = await _notice(context, account, outcome)
    return _show(request, "jobs/jobs_fragment.html", account, jobs, notice=notice)


async def _notice(context: Context, account: Account, outcome: Outcome) -> Notice | None:
    return await notice_of(outcome, account.user_id, context.ports.jobs, context.clock())


def _show(
    request: Request, template: str, account: Account, jobs: JobList, **more: Any
) -> Response:
    """With ``notice`` (which may be None), also what takes the place of the notice that is shown."""
    return pages_of(request).show(request, template, account=account, jobs=jobs, tabs=Tab, **more)
