"""What the pages do to jobs: cancel, run again, delete and undo, rename; one or some at a time.

A form of the list says by ``view`` (its address) which list it is on, and gets that one back: as a
page, or with htmx as a fragment. A form of a job's own page has no ``view``, and leads to that page.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from gas.domain.errors import ErrorCode, TransientError
from gas.domain.plan import Account
from gas.domain.wording import one_line
from services.api.context import Context
from services.api.dependencies import ContextOf, CorrelationId, require_same_site
from services.api.fields import MAX_NAME
from services.api.problems import ApiCode, Problem
from services.api.web.access import PageAccount, is_htmx, see_other
from services.api.web.job_notices import REASONS, Action, Outcome
from services.api.web.jobs import show_outcome
from services.api.web.list_query import PATH, ListQuery

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_same_site)])

_MOST_JOBS = 100

View = Annotated[str | None, Form(max_length=2_000)]


@dataclass(frozen=True)
class Caller:
    """Who does it, from which request."""

    request: Request
    context: Context
    account: Account
    correlation_id: str


async def _caller(
    request: Request, context: ContextOf, account: PageAccount, correlation_id: CorrelationId
) -> Caller:
    return Caller(request, context, account, correlation_id)


CallerOf = Annotated[Caller, Depends(_caller)]


@router.post("/jobs/bulk")
async def change_jobs(
    caller: CallerOf,
    action: Annotated[Action, Form()],
    job: Annotated[tuple[str, ...], Form(max_length=_MOST_JOBS)] = (),
    view: Annotated[str, Form(max_length=2_000)] = PATH,
) -> Response:
    """One after the other: what one of them refuses does not keep the others from it."""
    if action not in _STEPS:
        sentence = "This can be done to one job at a time only."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, ApiCode.INVALID_REQUEST, sentence)
    return await _list(caller, view, await _some(caller, action, job))


@router.post("/jobs/{job_id}/cancel")
async def cancel_job(job_id: str, caller: CallerOf, view: View = None) -> Response:
    return await _one(caller, Action.CANCEL, job_id, view)


@router.post("/jobs/{job_id}/rerun")
async def rerun_job(job_id: str, caller: CallerOf, view: View = None) -> Response:
    """A new job of the same file. The first one stays."""
    return await _one(caller, Action.RERUN, job_id, view)


@router.post("/jobs/{job_id}/delete")
async def delete_job(job_id: str, caller: CallerOf, view: View = None) -> Response:
    """Out of sight at once; erased when the time to undo it is over."""
    return await _one(caller, Action.DELETE, job_id, view)


@router.post("/jobs/{job_id}/undelete")
async def undelete_job(job_id: str, caller: CallerOf, view: View = None) -> Response:
    return await _one(caller, Action.UNDELETE, job_id, view)


@router.post("/jobs/{job_id}/rename")
async def rename_job(
    job_id: str, caller: CallerOf, name: Annotated[str, Form()] = "", view: View = None
) -> Response:
    """Without a name the job goes by that of its file again."""

    async def rename(caller: Caller, job_id: str) -> str:
        seen = "".join(filter(str.isprintable, one_line(name, MAX_NAME)))
        await caller.context.desk.rename(caller.account.user_id, job_id, seen or None)
        return job_id

    return await _one(caller, Action.RENAME, job_id, view, rename)


Step = Callable[[Caller, str], Awaitable[str]]
"""Does it to the job of this id, and gives the id of the job that it is about then."""


async def _cancel(caller: Caller, job_id: str) -> str:
    await caller.context.desk.cancel(caller.account.user_id, job_id)
    return job_id


async def _rerun(caller: Caller, job_id: str) -> str:
    account = caller.account
    job = await caller.context.desk.rerun(
        account.user_id, job_id, account.plan, caller.correlation_id
    )
    return job.job_id


async def _delete(caller: Caller, job_id: str) -> str:
    context, user_id = caller.context, caller.account.user_id
    await context.desk.discard(user_id, job_id)
    await context.audit.job_deleted(user_id, job_id, caller.correlation_id)
    return job_id


async def _undelete(caller: Caller, job_id: str) -> str:
    await caller.context.desk.undiscard(caller.account.user_id, job_id)
    return job_id


_STEPS: dict[Action, Step] = {
    Action.CANCEL: _cancel,
    Action.RERUN: _rerun,
    Action.DELETE: _delete,
    Action.UNDELETE: _undelete,
}


async def _one(
    caller: Caller, action: Action, job_id: str, view: str | None, step: Step | None = None
) -> Response:
    """Raises Problem when there is no such job, and on a job's own page also when it refuses.

    A list that htmx refreshes says either itself: the job may just have gone in another tab.
    """
    try:
        about = await (step or _STEPS[action])(caller, job_id)
    except Problem as problem:
        is_gone = problem.code is ErrorCode.JOB_NOT_FOUND and not is_htmx(caller.request)
        if view is None or is_gone or problem.code not in REASONS:
            raise
        return await _list(caller, view, Outcome(action, (), (ErrorCode(problem.code),)))
    outcome = Outcome(action, (about,))
    if view is not None:
        return await _list(caller, view, outcome)
    gone = action is Action.DELETE
    return see_other(ListQuery().address(**outcome.params) if gone else f"{PATH}/{about}")


async def _some(caller: Caller, action: Action, job_ids: Sequence[str]) -> Outcome:
    done, refused = [], []
    for job_id in job_ids:
        try:
            done.append(await _STEPS[action](caller, job_id))
        except (Problem, TransientError) as error:
            refused.append(ErrorCode(error.code))
    return Outcome(action, tuple(done), tuple(refused))


async def _list(caller: Caller, view: str, outcome: Outcome) -> Response:
    query = ListQuery.from_query(view.partition("?")[2])
    if is_htmx(caller.request):
        return await show_outcome(caller.request, caller.context, caller.account, query, outcome)
    return see_other(query.address(**outcome.params))
