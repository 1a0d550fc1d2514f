"""The page of one's jobs: what it shows, how it stays current, how one finds a job."""

import html
import re
from datetime import timedelta

import pytest

from gas.domain import transitions
from gas.domain.change import Change
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure, Job, Progress
from gas.domain.plan import Plan
from tests.unit.api.pages import HTMX, links, rows, text_of
from tests.unit.api.world import User, World

LEASE = timedelta(minutes=2)


async def test_the_way_in_leads_to_the_jobs_and_strangers_sign_in_first(
    ada: User, world: World
) -> None:
    assert (await ada.http.get("/")).headers["Location"] == "/jobs"
    async with world.browser() as stranger:
        away = await stranger.get("/jobs?state=done")
        part = await stranger.get("/jobs", headers=HTMX)

    assert away.status_code == 303
    assert away.headers["Location"] == "/sign-in?next=/jobs%3Fstate%3Ddone"
    assert part.headers["HX-Redirect"].startswith("/sign-in")


async def test_who_comes_first_is_told_what_to_do(ada: User) -> None:
    page = await ada.http.get("/jobs")

    assert page.headers["Cache-Control"] == "no-store"
    assert "/jobs/new" in links(page.text)
    assert '<form method="post" action="/jobs/new?example=1">' in page.text
    assert len(re.findall(r"<li><h3>", page.text)) == 3
    assert "<table" not in page.text


async def test_a_draft_can_be_gone_on_with(ada: User) -> None:
    job_id = await ada.uploaded()

    page = (await ada.http.get("/jobs")).text

    assert "Not submitted" in text_of(page)
    assert f"/jobs/{job_id}/uploaded" in links(page)
    assert "gas:visible from:body" in page
    assert "every" not in _trigger(page), "nothing happens to a draft by itself"


async def test_a_waiting_job_tells_its_place_and_may_be_cancelled(ada: User, ben: User) -> None:
    await ben.submitted()
    await ada.submitted()
    job_id = await ada.submitted()

    page = (await ada.http.get("/jobs")).text

    row = text_of(rows(page)[0])
    assert "Waiting" in row
    assert "3rd in line" in row
    assert "2 jobs are before it, 1 of them yours" in row
    assert "cannot be told" in row, "nothing runs that an estimate could go by"
    assert f'action="/jobs/{job_id}/cancel"' in page
    assert "every 2s" in _trigger(page)


async def test_a_running_job_shows_how_far_it_is_and_counts_in_the_title(ada: User) -> None:
    job_id = await ada.submitted()
    job = await ada.change(job_id, lambda j: transitions.claim(j, LEASE, ada.now))
    progress = Progress(stage="annotating", fraction=0.64, records=12_345)
    await ada.world.ports.jobs.renew_lease(job, ada.now + LEASE, progress)

    page = (await ada.http.get("/jobs")).text

    assert "64 %, 12,345 records" in text_of(page)
    assert '<progress max="1" value="0.64" aria-label="Annotation of ada.vcf">' in page
    assert "<title>(1) Your jobs · GAS</title>" in page


async def test_a_free_result_says_when_it_is_archived_and_a_premium_one_stays(ada: User) -> None:
    job_id = await ada.completed()

    free = (await ada.http.get("/jobs")).text
    await ada.call("PUT", "/account/plan", json={"plan": Plan.PREMIUM})
    premium = (await ada.http.get("/jobs")).text

    assert f"/jobs/{job_id}/variants" in links(free)
    assert "To be archived" in text_of(free)
    assert "every 15s" in _trigger(free)
    assert "Stays at hand" in text_of(premium)
    assert "every" not in _trigger(premium)


async def test_the_page_looks_sooner_the_nearer_the_archive_is(ada: User) -> None:
    await ada.completed()  # archived in 5 minutes

    seconds = []
    for passed in (0, 292, 299, 301):
        ada.world.clock.advance(timedelta(seconds=passed))
        seconds.append(_trigger((await ada.http.get("/jobs")).text).split(",")[0])
        ada.world.clock.advance(-timedelta(seconds=passed))

    assert seconds == ["every 15s", "every 8s", "every 2s", "every 2s"]


async def test_every_stage_of_the_archive_has_its_words(ada: User) -> None:
    job_id = await ada.completed()
    stages = [
        ("Being archived", lambda j: transitions.begin_archive(j, timedelta(0), ada.now)),
        ("Archived", lambda j: transitions.archive(j, {"annotated.vcf.gz": "archive-1"}, ada.now)),
        ("The archive is being asked", lambda j: transitions.begin_restore(j, ada.now)),
        (
            "At the Expedited tier, which takes 1 to 5 minutes as a rule",
            lambda j: transitions.note_retrieval(j, "Expedited", ada.now),
        ),
        ("Back", lambda j: _restored(j, ada)),
    ]

    for words, step in stages:
        await ada.change(job_id, step)
        page = (await ada.http.get("/jobs")).text
        assert words in text_of(rows(page)[0])
        assert (f"/jobs/{job_id}/variants" in links(page)) is (words == "Back")


async def test_a_failed_job_says_why_and_a_cancelled_one_that_it_is(ada: User) -> None:
    failed, cancelled = await ada.submitted(), await ada.submitted()
    failure = Failure(code=ErrorCode.NOT_A_VCF, message="This is no VCF.")
    await ada.change(failed, lambda j: transitions.fail(j, failure, ada.now))
    await ada.change(cancelled, lambda j: transitions.cancel(j, ada.now))

    first, second = rows((await ada.http.get("/jobs")).text)

    assert "Cancelled" in text_of(first)
    assert "Failed" in text_of(second)
    assert "This is no VCF." in text_of(second)


async def test_the_list_is_told_again_only_when_it_is_another(ada: User) -> None:
    job_id = await ada.submitted()
    page = (await ada.http.get("/jobs")).text
    (address,) = re.findall(r'hx-get="(/jobs\?seen=\w+)"', page)

    same = await ada.http.get(address, headers=HTMX)
    await ada.change(job_id, lambda j: transitions.claim(j, LEASE, ada.now))
    other = await ada.http.get(address, headers=HTMX)

    assert (same.status_code, same.content) == (204, b"")
    assert other.status_code == 200
    assert other.text.lstrip().startswith("<title>(1) Your jobs")
    assert "<main" not in other.text, "a part of the page, not the page"
    assert "Annotating" in text_of(other.text)
    assert 'id="notices"' not in other.text, "an undo that is shown stays"


async def test_jobs_are_found_by_kind_and_by_name(ada: User) -> None:
    done, waiting = await ada.completed(), await ada.submitted()
    await rename(ada, done, "Family 12")

    async def shown(query: str) -> list[str]:
        page = (await ada.http.get(f"/jobs?{query}")).text
        return re.findall(r'<tr id="job-([\w-]+)"', page)

    assert await shown("") == [waiting, done]
    assert await shown("state=active") == [waiting]
    assert await shown("state=done") == [done]
    assert await shown("state=archived") == []
    assert await shown("q=family") == [done]
    assert await shown("q=ADA.VCF") == [waiting, done]
    assert await shown("state=active&q=family") == []
    assert await shown("state=nonsense") == [waiting, done]


async def test_a_search_as_one_types_is_told_by_the_address(ada: User) -> None:
    await ada.submitted()

    found = await ada.http.get("/jobs?state=active&q=ada", headers=HTMX)
    cleared = await ada.http.get("/jobs?q=", headers=HTMX)
    polled = await ada.http.get("/jobs?seen=other", headers=HTMX)

    assert found.headers["HX-Replace-Url"] == "/jobs?state=active&q=ada"
    assert cleared.headers["HX-Replace-Url"] == "/jobs"
    assert "HX-Replace-Url" not in polled.headers


async def test_a_loss_of_jobs_is_told(ada: User, world: World) -> None:
    before = "Your jobs from before"
    await world.context.store_watch.look()
    first = (await ada.http.get("/jobs")).text
    world.ports.jobs._table.identity = None
    world.clock.advance(timedelta(minutes=5))
    await world.context.store_watch.look()

    assert before not in first
    assert before in text_of((await ada.http.get("/jobs")).text)


async def test_where_nothing_is_found_the_way_back_is_shown(ada: User) -> None:
    await ada.submitted()

    page = (await ada.http.get("/jobs?q=nowhere")).text

    assert "No job is like this" in text_of(page)
    assert 'value="nowhere"' in page
    assert "Upload" not in text_of(page), "not the words for a first visit"


async def test_older_jobs_are_a_page_away(ada: User) -> None:
    made = [(await ada.draft())["job"]["id"] for _ in range(27)]

    newest = (await ada.http.get("/jobs")).text
    (older,) = re.findall(r'href="(/jobs\?cursor=[^"]+)">Older', newest)
    rest = (await ada.http.get(older)).text

    assert f"job-{made[-1]}" in newest
    assert re.findall(r'<tr id="job-([\w-]+)"', rest) == made[1::-1]
    assert 'href="/jobs">Newest' in rest
    assert "Older" not in text_of(rest)


async def test_nobody_sees_jobs_of_others(ada: User, ben: User) -> None:
    job_id = await ada.submitted()

    assert job_id not in (await ben.http.get("/jobs")).text


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "a'b"]
)
async def test_names_are_text_and_never_markup(ada: User, name: str) -> None:
    job_id = await ada.completed()
    await rename(ada, job_id, name)

    for params in ({}, {"q": name[:3]}, {"did": "rename", "job": job_id}):
        page = (await ada.http.get("/jobs", params=params)).text
        assert not re.search(r"<script>alert|<img src=x", page)
        assert " ".join(name.split()) in html.unescape(page)


async def test_what_is_typed_into_the_search_is_text(ada: User) -> None:
    await ada.submitted()

    page = (await ada.http.get("/jobs", params={"q": '"><script>alert(1)</script>'})).text

    assert "<script>alert" not in page


async def test_the_page_holds_no_script_and_no_style_of_its_own(ada: User) -> None:
    await ada.completed()
    await ada.submitted()

    page = (await ada.http.get("/jobs")).text

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|hx-on|js:", page)


async def rename(user: User, job_id: str, name: str) -> None:
    await user.world.context.desk.rename(user.account.user_id, job_id, name)


def _trigger(page: str) -> str:
    found = re.search(r'<section id="jobs"[^>]*hx-trigger="([^"]+)"', page)
    assert found
    return found.group(1)


def _restored(job: Job, ada: User) -> Change:
    keys = {"annotated.vcf.gz": job.object_key("annotated.vcf.gz")}
    return transitions.restore(job, keys, timedelta(minutes=5), ada.now)
