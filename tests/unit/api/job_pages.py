"""What tests of a job's page look at."""

import re
from collections.abc import Callable
from datetime import timedelta

from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.job import Job
from gas.domain.plan import Plan
from tests.unit.api.world import User

HTMX = {"HX-Request": "true"}
LEASE = timedelta(minutes=2)
XSS = "<img src=x onerror=alert(1)>"


async def page(user: User, job_id: str) -> str:
    response = await user.http.get(f"/jobs/{job_id}")
    assert response.status_code == 200, response.text
    return response.text


def poll_of(text: str) -> int | None:
    """In so many seconds the page asks again; None if it does not."""
    found = re.search(r'hx-trigger="(?:every (\d+)s, )?gas:visible from:body"', text)
    assert found
    return int(found[1]) if found[1] else None


async def premium(user: User) -> None:
    await user.world.context.accounts.change_plan(user.account.user_id, Plan.PREMIUM, "test")


def running(user: User) -> Callable[[Job], Change]:
    return lambda job: transitions.claim(job, LEASE, user.now)
