"""The whole life of a result, watched on one page that nobody reloads."""

import asyncio

from gas.domain.plan import Plan
from tests.browser.conftest import Seated
from tests.support.journey import Journey

_LONG = 60_000


async def test_a_free_result_is_archived_and_brought_back_before_ones_eyes(free: Seated) -> None:
    page = free.page
    await free.open("/jobs/new?example=1")
    await page.get_by_role("button", name="Annotate the example").click()
    await page.wait_for_url("**/jobs/0*")
    await page.evaluate("window.neverReloaded = true")

    await page.get_by_text("Explore the variants").wait_for(timeout=_LONG)
    await page.get_by_role("heading", name="Summary").wait_for(timeout=_LONG)
    await page.locator(".badge", has_text="Archived").wait_for(timeout=_LONG)
    assert await free.inspect("job-archived") == []
    assert await page.get_by_role("heading", name="Summary").is_visible()
    await free.user.client.change_plan(Plan.PREMIUM)  # as in another tab
    await page.get_by_text("Back from the archive").wait_for(timeout=_LONG)
    await page.get_by_role("link", name="Explore the variants").wait_for(timeout=_LONG)

    happened = await page.locator(".timeline").inner_text()
    assert "Annotat" in happened
    assert "Archived" in happened
    assert "Expedited" in happened or "Standard" in happened
    assert await page.evaluate("window.neverReloaded")
    assert await free.inspect("job-restored") == []


async def test_the_list_of_jobs_follows_by_itself(paying: Seated) -> None:
    page = paying.page
    await paying.open("/jobs")
    job = await paying.user.submit(file_name="followed.vcf")
    await page.reload()
    await page.evaluate("window.neverReloaded = true")

    row = page.get_by_role("row", name="followed.vcf")
    await row.get_by_text("Done").wait_for(timeout=_LONG)
    await paying.user.client.delete(job.id)
    await page.evaluate("document.body.dispatchEvent(new CustomEvent('gas:visible'))")
    await row.wait_for(state="detached")

    assert await page.evaluate("window.neverReloaded")


async def test_a_page_where_nothing_moves_asks_for_nothing(
    paying: Seated, journey: Journey
) -> None:
    job = await paying.user.completed()
    await journey.until_kept(paying.user, job.id)
    await paying.open(f"/jobs/{job.id}")
    # Just after the end it still looks out for the mail.
    await paying.page.locator("#live:not([hx-trigger*='every'])").wait_for(timeout=_LONG)
    asked: list[str] = []
    paying.page.on("request", lambda request: asked.append(request.url))

    await asyncio.sleep(5)

    assert asked == []
