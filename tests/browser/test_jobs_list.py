"""The page of one's jobs, used as it is meant to be: nothing that is done there reloads it."""

import re

from playwright.async_api import Locator, Page, expect

from gas.domain.states import AVAILABLE, CANCELLED, RUNNING
from tests.browser.conftest import Seated
from tests.support.inputs import large_vcf, malformed_vcf
from tests.support.journey import Journey
from tests.support.watching import is_same, mark

_ALL_RECORDS_MANY_TIMES = 40


def _row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


async def _menu(page: Page, name: str) -> Locator:
    """The menu of a job, open."""
    row = _row(page, name)
    await row.get_by_text("More").click()
    return row.locator(".job-menu-panel")


async def test_rows_follow_what_happens(paying: Seated) -> None:
    page = paying.page
    await paying.open("/jobs")
    long = await paying.user.submit(large_vcf(copies=_ALL_RECORDS_MANY_TIMES), "long.vcf")
    await paying.user.until(long.id, RUNNING)
    await page.reload()
    await mark(page)
    row = _row(page, "long.vcf")

    await expect(row).to_contain_text("Annotating")
    await expect(page).to_have_title(re.compile(r"^\(1\) Your jobs"))
    progress = row.get_by_role("progressbar")
    first = float(await progress.get_attribute("value") or 0)
    await page.wait_for_function(
        "first => Number(document.querySelector('#jobs progress')?.value ?? 0) > first", arg=first
    )
    await expect(row).to_contain_text(re.compile(r"\d+ %, [\d,]+ records"))
    page.once("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="Cancel").click()

    await expect(row).to_contain_text("Cancelled")
    await expect(page.locator("#notices")).to_have_text("“long.vcf” is cancelled.")
    await expect(page).to_have_title("Your jobs · GAS")
    assert await is_same(page)
    await paying.user.until(long.id, CANCELLED)


async def test_tabs_and_search(paying: Seated) -> None:
    page = paying.page
    done = await paying.user.submit(file_name="exome.vcf")
    await paying.user.submit(malformed_vcf(), "broken.vcf")
    await paying.user.draft(file_name="begun.vcf")
    await paying.user.until(done.id, AVAILABLE)
    await paying.open("/jobs")
    await expect(_row(page, "broken.vcf")).to_contain_text("Failed")

    for tab, names in {
        "Active": ["begun.vcf"],
        "Done": ["exome.vcf"],
        "Archived": [],
        "Failed or cancelled": ["broken.vcf"],
        "All": ["begun.vcf", "broken.vcf", "exome.vcf"],
    }.items():
        await page.get_by_role("link", name=tab, exact=True).click()
        await expect(page.locator(".tabs [aria-current]")).to_have_text(tab)
        assert await page.locator("[data-title]").all_inner_texts() == names
    await mark(page)
    await page.get_by_label("Search by name").press_sequentially("EXO")
    await expect(page.locator("[data-title]")).to_have_text(["exome.vcf"])
    assert page.url == f"{paying.site}/jobs?q=EXO"
    await expect(page.get_by_label("Search by name")).to_be_focused()
    await page.get_by_label("Search by name").fill("no such name")
    await expect(page.locator("#jobs")).to_contain_text("No job is like this.")
    await page.get_by_label("Search by name").fill("")
    await expect(page.locator("[data-title]")).to_have_count(3)
    assert await is_same(page)


async def test_a_job_is_named_and_run_again(paying: Seated) -> None:
    page = paying.page
    job = await paying.user.completed()
    await paying.open("/jobs")
    await mark(page)

    menu = await _menu(page, "sample.vcf")
    await menu.get_by_label("Name").fill("The father's exome")
    await menu.get_by_label("Name").press("Enter")
    row = _row(page, "The father's exome")
    await expect(row).to_contain_text("sample.vcf")
    await expect(row.locator("details")).not_to_have_attribute("open", "")
    await (await _menu(page, "The father's exome")).get_by_role("button", name="Run again").click()

    await expect(page.locator("#notices")).to_contain_text("is submitted again.")
    await expect(page.get_by_role("row").filter(has_text="Done")).to_have_count(2)
    await expect(page.locator("#news")).to_contain_text("is done.")
    assert await is_same(page)
    jobs = [job async for job in paying.user.client.jobs()]
    assert [one.rerun_of for one in jobs] == [job.id, None]


async def test_what_is_deleted_can_come_back_for_a_while(paying: Seated, journey: Journey) -> None:
    """GAS_UNDO_SECONDS is 4 on this stack."""
    page = paying.page
    job = await paying.user.completed()
    await paying.open("/jobs")
    await mark(page)

    await (await _menu(page, "sample.vcf")).get_by_role("button", name="Delete").click()
    notice = page.locator("#notices")
    await expect(notice).to_contain_text("“sample.vcf” is deleted.")
    await expect(_row(page, "sample.vcf")).to_have_count(0)
    await notice.get_by_role("button", name="Undo").click()
    await expect(_row(page, "sample.vcf")).to_contain_text("Done")
    await expect(notice).to_have_text("“sample.vcf” is back.")

    await (await _menu(page, "sample.vcf")).get_by_role("button", name="Delete").click()
    await expect(notice).to_contain_text("Undo")
    await expect(notice).to_have_text("")  # too late
    assert await is_same(page)
    await journey.until_erased(paying.user, job.id)


async def test_several_at_once(paying: Seated) -> None:
    page = paying.page
    drafts = [await paying.user.draft(file_name=f"{name}.vcf") for name in ("one", "two", "three")]
    await paying.open("/jobs")
    await mark(page)
    bulk = page.get_by_role("form", name="Selected jobs")
    delete = bulk.get_by_role("button", name="Delete")

    await expect(delete).to_be_disabled()
    await page.get_by_label("Select one.vcf").check()
    await page.get_by_label("Select three.vcf").check()
    await expect(bulk).to_contain_text("2 selected")
    await delete.click()
    await expect(page.locator("#notices")).to_contain_text("2 jobs are deleted.")
    await expect(page.locator("[data-title]")).to_have_text(["two.vcf"])
    await page.get_by_role("button", name="Undo").click()
    await expect(page.locator("[data-title]")).to_have_count(3)
    await page.get_by_label("Select all").check()
    await expect(bulk).to_contain_text("3 selected")
    await bulk.get_by_role("button", name="Run again").click()

    await expect(page.locator("#notices")).to_have_text(
        "3 jobs were left as before: it has no finished upload."
    )
    await expect(bulk).to_contain_text("None selected")
    assert await is_same(page)
    for draft in drafts:
        await paying.user.client.delete(draft.id)


async def test_why_a_job_waits(paying: Seated, journey: Journey) -> None:
    """Two jobs of somebody else and one of one's own are before it."""
    other = await journey.user()
    page = paying.page
    async with journey.stack.stopped("annotator"):
        foreign = [await other.submit() for _ in range(2)]
        await paying.user.submit(file_name="before.vcf")
        await paying.user.submit(file_name="waiting.vcf")
        await paying.open("/jobs")
        await mark(page)
        row = _row(page, "waiting.vcf")

        await expect(row).to_contain_text("4th in line: why?")
        await row.get_by_text("4th in line: why?").click()
        why = row.locator(".waiting p")
        await expect(why).to_contain_text("3 jobs are before it, 1 of them yours.")
        await expect(why).to_contain_text("When it starts cannot be told")
        assert await paying.inspect("jobs-why") == []
        await other.client.cancel(foreign[0].id)
        await expect(why).to_contain_text("2 jobs are before it, 1 of them yours.")
        await expect(why).to_be_visible()  # what was opened stays open
        await expect(page).to_have_title(re.compile(r"^\(2\)"))

    await expect(row).to_contain_text("Done")
    await expect(page.locator("#news")).to_contain_text("waiting.vcf is done.")
    assert await is_same(page)
