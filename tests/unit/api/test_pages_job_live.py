"""The page of a job follows what happens, and stops when nothing will."""

import re
from datetime import timedelta

import httpx
import pytest

from tests.unit.api.job_pages import HTMX, LEASE, page, poll_of, premium, running
from tests.unit.api.results import annotated
from tests.unit.api.world import User, World


async def live(user: User, address: str) -> httpx.Response:
    return await user.http.get(address, headers=HTMX)


def live_address(text: str) -> str:
    (address,) = re.findall(r'hx-get="(/jobs/[^"]+/live[^"]+)"', text)
    assert isinstance(address, str)
    return address


async def test_the_fragment_is_sent_only_when_it_would_be_another(ada: User, world: World) -> None:
    job_id = await ada.submitted()
    address = live_address(await page(ada, job_id))

    assert (await live(ada, address)).status_code == 204
    await ada.change(job_id, running(ada))
    changed = await live(ada, address)

    assert changed.status_code == 200
    assert changed.text.lstrip().startswith('<div id="live"')
    assert "Annotation started" in changed.text
    assert (await live(ada, live_address(changed.text))).status_code == 204


async def test_a_lease_that_is_renewed_changes_nothing_to_be_seen(ada: User) -> None:
    job_id = await ada.submitted()
    job = await ada.change(job_id, running(ada))
    address = live_address(await page(ada, job_id))

    await ada.world.ports.jobs.renew_lease(job, ada.now + LEASE * 2)

    assert (await live(ada, address)).status_code == 204


async def test_following_ends_when_nothing_happens_by_itself(ada: User, world: World) -> None:
    await premium(ada)
    job_id = await annotated(ada)

    assert poll_of(await page(ada, job_id)) == 4  # a mail is on its way
    world.clock.advance(timedelta(minutes=3))
    assert poll_of(await page(ada, job_id)) is None


@pytest.mark.parametrize(
    ("left", "polls"), [(7_200, 6_900), (60, 15), (9, 9), (1, 2), (0, 2), (-5, 2)]
)
async def test_the_nearer_the_archive_the_more_often_it_is_looked(
    ada: User, world: World, left: int, polls: int
) -> None:
    job_id = await annotated(ada, retention=timedelta(seconds=left + 180))
    world.clock.advance(timedelta(seconds=180))

    assert poll_of(await page(ada, job_id)) == polls


async def test_a_job_that_goes_away_takes_its_page_along(ada: User) -> None:
    job_id = await ada.submitted()
    address = live_address(await page(ada, job_id))
    await ada.call("DELETE", f"/jobs/{job_id}")

    assert (await live(ada, address)).headers["HX-Redirect"] == "/jobs"


async def test_the_fragments_address_leads_a_browser_to_the_page(ada: User) -> None:
    job_id = await ada.submitted()

    assert (await ada.http.get(f"/jobs/{job_id}/live")).headers["Location"] == f"/jobs/{job_id}"
