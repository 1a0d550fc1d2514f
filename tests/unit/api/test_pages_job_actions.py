"""What the pages do to jobs, with htmx and without: one at a time, some at once, and undone."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from gas.domain import transitions
from gas.domain.states import JobStatus
from services.api.store.tables import AuditRow
from tests.unit.api.pages import HTMX, text_of
from tests.unit.api.world import User, World


async def post(user: User, path: str, **fields: Any) -> httpx.Response:
    return await user.http.post(path, data={"view": "/jobs", **fields})


async def shown(user: User) -> list[str]:
    """The ids of the jobs in the list."""
    return re.findall(r'<tr id="job-([\w-]+)"', (await user.http.get("/jobs")).text)


async def test_cancelling_leads_back_to_the_list_and_says_so(ada: User) -> None:
    job_id = await ada.submitted()

    answer = await post(ada, f"/jobs/{job_id}/cancel", view="/jobs?state=active&q=ada")
    page = await ada.http.get(answer.headers["Location"])

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/jobs?state=active&q=ada&did=cancel&job=")
    assert "“ada.vcf” is cancelled." in text_of(page.text)
    assert (await ada.job(job_id)).status is JobStatus.CANCELLED


async def test_with_htmx_the_list_comes_at_once_with_its_notice(ada: User) -> None:
    job_id = await ada.submitted()

    answer = await ada.http.post(f"/jobs/{job_id}/cancel", data={"view": "/jobs"}, headers=HTMX)

    assert answer.status_code == 200
    assert re.search(r'<div id="notices"[^>]* hx-swap-oob="morph">', answer.text)
    assert "“ada.vcf” is cancelled." in text_of(answer.text)
    assert "<main" not in answer.text


async def test_a_refusal_is_told_on_the_list(ada: User) -> None:
    job_id = await ada.completed()

    answer = await post(ada, f"/jobs/{job_id}/cancel")
    page = await ada.http.get(answer.headers["Location"])

    assert "1 job was left as before: that is not possible" in text_of(page.text)
    assert (await ada.job(job_id)).status is JobStatus.COMPLETED


async def test_a_refusal_to_the_page_of_a_job_is_a_problem(ada: User) -> None:
    job_id = await ada.completed()

    answer = await ada.http.post(f"/jobs/{job_id}/cancel")

    assert (answer.status_code, answer.json()["code"]) == (409, "conflicting_state")


async def test_from_the_page_of_a_job_one_comes_back_to_it(ada: User) -> None:
    job_id = await ada.submitted()

    renamed = await ada.http.post(f"/jobs/{job_id}/rename", data={"name": "Family 12"})
    cancelled = await ada.http.post(f"/jobs/{job_id}/cancel")
    deleted = await ada.http.post(f"/jobs/{job_id}/delete")

    assert renamed.headers["Location"] == f"/jobs/{job_id}"
    assert cancelled.headers["Location"] == f"/jobs/{job_id}"
    assert deleted.headers["Location"].startswith("/jobs?did=delete&job=")


async def test_a_job_is_renamed_and_goes_by_its_file_again(ada: User) -> None:
    job_id = await ada.completed()

    answer = await post(ada, f"/jobs/{job_id}/rename", name="  Family 12 ")
    named = (await ada.http.get(answer.headers["Location"])).text
    await post(ada, f"/jobs/{job_id}/rename", name=" ")

    assert "“Family 12” is the new name." in text_of(named)
    assert "ada.vcf · rCRS" in text_of(named)
    assert (await ada.job(job_id)).title == "ada.vcf"


async def test_a_job_runs_again_as_a_new_one(ada: User) -> None:
    job_id = await ada.completed()

    answer = await post(ada, f"/jobs/{job_id}/rerun")
    page = (await ada.http.get(answer.headers["Location"])).text
    again, first = await shown(ada)

    assert first == job_id
    assert (await ada.job(again)).rerun_of == job_id
    assert "“ada.vcf” is submitted again." in text_of(page)


async def test_a_deleted_job_can_be_had_back_while_the_window_is_open(ada: User) -> None:
    """Without JavaScript: a notice with a form."""
    job_id = await ada.completed()

    answer = await post(ada, f"/jobs/{job_id}/delete", view="/jobs?state=done")
    page = (await ada.http.get(answer.headers["Location"])).text
    gone = await shown(ada)
    (undo,) = re.findall(r'<form[^>]*action="(/jobs/[\w-]+/undelete)"', page)
    back = await post(ada, undo)

    assert "“ada.vcf” is deleted." in text_of(page)
    assert "data-until=" in page
    assert gone == []
    assert await shown(ada) == [job_id]
    assert "“ada.vcf” is back." in text_of((await ada.http.get(back.headers["Location"])).text)


async def test_after_the_window_nothing_is_offered(ada: User, world: World) -> None:
    job_id = await ada.completed()
    answer = await post(ada, f"/jobs/{job_id}/delete")

    world.clock.advance(timedelta(minutes=5))
    page = (await ada.http.get(answer.headers["Location"])).text

    assert "is deleted" not in text_of(page)
    assert "undelete" not in page


async def test_some_jobs_at_once_and_undone_at_once(ada: User) -> None:
    jobs = [await ada.completed(), await ada.submitted(), await ada.submitted()]

    answer = await post(ada, "/jobs/bulk", action="delete", job=jobs[:2])
    page = (await ada.http.get(answer.headers["Location"])).text
    left = await shown(ada)
    await post(ada, "/jobs/bulk", action="undelete", job=jobs[:2])

    assert "2 jobs are deleted." in text_of(page)
    assert all(f'<input type="hidden" name="job" value="{job}">' in page for job in jobs[:2])
    assert left == jobs[2:]
    assert await shown(ada) == jobs[::-1]


async def test_what_one_job_refuses_keeps_no_other_from_it(ada: User) -> None:
    done, waiting, running = await ada.completed(), await ada.submitted(), await ada.submitted()
    await ada.change(running, lambda j: transitions.claim(j, timedelta(minutes=2), ada.now))

    answer = await post(ada, "/jobs/bulk", action="cancel", job=[done, waiting, running])
    page = text_of((await ada.http.get(answer.headers["Location"])).text)

    assert "2 jobs are cancelled." in page
    assert "1 job was left as before: that is not possible in the state it is in." in page
    for job_id in (waiting, running):
        assert (await ada.job(job_id)).status is JobStatus.CANCELLED


async def test_nothing_selected_is_nothing_done(ada: User) -> None:
    job_id = await ada.submitted()

    answer = await post(ada, "/jobs/bulk", action="delete")

    assert answer.status_code == 303
    assert await shown(ada) == [job_id]


@pytest.mark.parametrize("action", ["rename", "erase", ""])
async def test_only_what_can_be_done_to_some_is_done(ada: User, action: str) -> None:
    job_id = await ada.submitted()

    answer = await post(ada, "/jobs/bulk", action=action, job=[job_id])

    assert answer.status_code == 422
    assert await shown(ada) == [job_id]


@pytest.mark.parametrize("action", ["cancel", "rerun", "delete", "undelete", "rename"])
async def test_jobs_of_others_do_not_exist(ada: User, ben: User, action: str) -> None:
    job_id = await ada.completed()
    before = await ada.job(job_id)

    for fields in ({}, {"view": "/jobs?state=done"}):
        answer = await ben.http.post(f"/jobs/{job_id}/{action}", data={"name": "mine", **fields})
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
    part = await ben.http.post(f"/jobs/{job_id}/{action}", data={"view": "/jobs"}, headers=HTMX)
    assert "1 job was left as before: it is gone." in text_of(part.text)
    if action != "rename":
        some = await post(ben, "/jobs/bulk", action=action, job=[job_id])
        page = text_of((await ben.http.get(some.headers["Location"])).text)
        assert "1 job was left as before: it is gone." in page

    assert await ada.job(job_id) == before


async def test_an_address_tells_nothing_of_jobs_of_others_nor_what_is_not_so(
    ada: User, ben: User
) -> None:
    """A notice is looked up, so that a link that somebody sends cannot make one up."""
    job_id = await ada.completed()

    for did in ("cancel", "delete", "rerun", "nonsense"):
        assert "data-notice" not in (await ada.http.get(f"/jobs?did={did}&job={job_id}")).text
    for did in ("rename", "undelete", "delete"):
        assert "data-notice" not in (await ben.http.get(f"/jobs?did={did}&job={job_id}")).text
    assert "evil" not in (await ada.http.get("/jobs?did=cancel&no=evil")).text


async def test_a_form_of_another_site_does_nothing(ada: User, world: World) -> None:
    job_id = await ada.submitted()
    elsewhere = {"Origin": "https://evil.test", "Sec-Fetch-Site": "cross-site"}

    for path in (f"/jobs/{job_id}/delete", "/jobs/bulk"):
        answer = await ada.http.post(
            path, data={"action": "delete", "job": job_id, "view": "/jobs"}, headers=elsewhere
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    assert await shown(ada) == [job_id]


async def test_the_view_of_a_form_leads_nowhere_else(ada: User) -> None:
    job_id = await ada.submitted()

    answer = await post(ada, f"/jobs/{job_id}/cancel", view="//evil.test/?next=https://evil.test")

    assert answer.headers["Location"].startswith("/jobs?did=cancel")


async def test_who_is_not_signed_in_is_led_to_the_sign_in(world: World) -> None:
    async with world.browser() as stranger:
        answer = await stranger.post("/jobs/any/delete")

    assert answer.headers["Location"].startswith("/sign-in")


async def test_deletions_are_noted_in_the_audit(ada: User, world: World) -> None:
    job_id = await ada.submitted()

    await post(ada, f"/jobs/{job_id}/delete")

    async with world.context.database.transaction() as session:
        noted = (await session.scalars(select(AuditRow.detail))).all()
    assert {"job_id": job_id} in noted
