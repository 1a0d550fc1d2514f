"""Jobs over REST: the list, its pages, and what a job tells."""

from typing import Any

import pytest

from gas.domain import transitions
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure
from gas.domain.plan import Plan
from tests.unit.api.world import User


async def test_nobody_sees_jobs_of_others_in_the_list(ada: User, ben: User) -> None:
    await ada.submitted()

    assert (await ben.call("GET", "/jobs")).json()["jobs"] == []


async def test_the_list_is_paged_newest_first(ada: User) -> None:
    made = [(await ada.draft())["job"]["id"] for _ in range(5)]

    seen: list[str] = []
    cursor: dict[str, Any] = {}
    while True:
        page = (await ada.call("GET", "/jobs", params={"limit": 2, **cursor})).json()
        seen += [job["id"] for job in page["jobs"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert seen == made[::-1]


@pytest.mark.parametrize("cursor", ["tampered", "SU5WQUxJRA", "%%%", "Sk9CIyc"])
async def test_a_cursor_that_is_not_ours_is_refused(ada: User, cursor: str) -> None:
    response = await ada.call("GET", "/jobs", params={"cursor": cursor})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_cursor")


async def test_a_cursor_of_somebody_else_leads_only_to_ones_own_jobs(ada: User, ben: User) -> None:
    for _ in range(2):
        await ada.draft()
    older = (await ben.draft())["job"]["id"]
    await ada.draft()
    hers = (await ada.call("GET", "/jobs", params={"limit": 1})).json()["next_cursor"]

    page = (await ben.call("GET", "/jobs", params={"cursor": hers})).json()

    assert [job["id"] for job in page["jobs"]] == [older]


@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_the_size_of_a_page_has_limits(ada: User, limit: str) -> None:
    response = await ada.call("GET", "/jobs", params={"limit": limit})

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_failed_job_says_why(ada: User) -> None:
    job_id = await ada.submitted()
    failure = Failure(code=ErrorCode.NOT_A_VCF, message="This is no VCF.")
    await ada.change(job_id, lambda job: transitions.fail(job, failure, ada.now))

    job = (await ada.call("GET", f"/jobs/{job_id}")).json()

    assert job["status"] == "FAILED"
    assert job["failure"] == {"code": "not_a_vcf", "message": "This is no VCF."}


async def test_only_on_the_free_plan_a_result_has_a_date_for_the_archive(ada: User) -> None:
    job_id = await ada.completed()

    free = (await ada.call("GET", f"/jobs/{job_id}")).json()
    await ada.call("PUT", "/account/plan", json={"plan": Plan.PREMIUM})
    premium = (await ada.call("GET", f"/jobs/{job_id}")).json()

    assert free["archive_due_at"] is not None
    assert premium["archive_due_at"] is None
