"""The essentials by links and forms alone, where a browser runs no scripts."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE
from tests.browser.conftest import Seated
from tests.support.browsing import Browsers
from tests.support.inputs import malformed_vcf, small_vcf
from tests.support.journey import Journey


def _file(name: str, content: bytes) -> dict[str, object]:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


@pytest.fixture
async def plain(browser: Browsers, journey: Journey) -> AsyncIterator[Seated]:
    """A new user on the Premium plan, at the page of jobs, without scripts."""
    user = await journey.user(Plan.PREMIUM)
    async with browser.visitor(java_script_enabled=False) as visitor:
        await visitor.sign_in(user.email)
        yield Seated(visitor.page, visitor.context, visitor.site, visitor.watch, user)


async def test_a_file_goes_by_forms_to_a_filtered_view(plain: Seated) -> None:
    page = plain.page
    await page.get_by_role("link", name="Annotate a VCF").first.click()
    assert await page.get_by_role("button", name="Choose files").is_hidden()
    await page.get_by_label("File name").fill("plain.vcf")
    await page.get_by_label("Name of the job, if you like").fill("By forms")
    assert await plain.look_at("plain-submit") == []
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_label("The file").set_input_files(_file("plain.vcf", small_vcf()))  # type: ignore[arg-type] # as it documents
    assert await plain.look_at("plain-upload") == []
    await page.get_by_role("button", name="Upload and check").click()  # to the store, and back
    await page.get_by_text("This file can be annotated.").wait_for()
    assert urlsplit(page.url).path.endswith("/uploaded")
    assert await plain.look_at("plain-uploaded") == []
    await page.get_by_role("button", name="Annotate").click()

    await page.get_by_role("heading", name="By forms").wait_for()
    await plain.user.until(page.url.rpartition("/")[2], AVAILABLE)
    await page.reload()
    assert await plain.look_at("plain-job") == []
    await page.get_by_role("link", name="Explore the variants").click()
    await page.get_by_role("checkbox", name="High").check()
    await page.get_by_role("button", name="Apply").click()
    assert await page.locator("#matching").inner_text() == "1 of 2 alleles match"
    assert "impact=HIGH" in page.url
    assert await plain.look_at("plain-explorer") == []
    await page.get_by_role("link", name="MT:3308").click()
    await page.get_by_role("heading", name="MT:3308").wait_for()
    assert "start lost" in await page.locator("main").inner_text()


async def test_a_file_with_faults_is_told_of_line_by_line(plain: Seated) -> None:
    page = plain.page
    await plain.open("/jobs/new")
    await page.get_by_label("File name").fill("faulty.vcf")
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_label("The file").set_input_files(_file("faulty.vcf", malformed_vcf()))  # type: ignore[arg-type] # as it documents
    await page.get_by_role("button", name="Upload and check").click()
    await page.get_by_text("This file cannot be annotated as it is.").wait_for()
    faulty = page.get_by_role("row").filter(has_text="somewhere")
    assert await faulty.get_by_role("cell").first.inner_text() == "6"

    await page.get_by_role("button", name="Delete this upload").click()
    await page.get_by_text("“faulty.vcf” is deleted.").wait_for()


async def test_a_job_is_cancelled_renamed_deleted_and_brought_back(
    plain: Seated, journey: Journey
) -> None:
    page = plain.page
    async with journey.stack.frozen("annotator"):
        await plain.user.submit(file_name="early.vcf")
        await plain.open("/jobs")
        await page.get_by_role("button", name="Cancel early.vcf").click()
        await page.get_by_text("“early.vcf” is cancelled.").wait_for()
    await page.get_by_text("More for early.vcf").click()
    await page.get_by_label("Name", exact=True).fill("Too early")
    await page.get_by_role("button", name="Rename early.vcf").click()
    await page.get_by_role("row", name="Too early").get_by_text("Cancelled").wait_for()

    await page.get_by_text("More for Too early").click()
    await page.get_by_role("button", name="Delete Too early").click()
    await page.get_by_text("“Too early” is deleted.").wait_for()
    assert await page.get_by_role("row", name="Too early").count() == 0
    await page.get_by_role("button", name="Undo").click()
    await page.get_by_text("“Too early” is back.").wait_for()
    assert await page.get_by_role("row", name="Too early").count() == 1


async def test_an_account_and_the_way_out(plain: Seated) -> None:
    page = plain.page
    await plain.open("/account")
    await page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    await page.get_by_label("A result was archived").uncheck()
    await page.get_by_role("button", name="Save").click()
    await page.get_by_text("Your changes are saved.").wait_for()
    assert await page.get_by_role("link", name="Ada Lovelace").is_visible()
    assert not await page.get_by_label("A result was archived").is_checked()

    await page.get_by_role("link", name="See or change your plan").click()
    await page.get_by_role("button", name="Change to Free").click()
    await page.get_by_text("You are on the Free plan.").wait_for()
    await page.get_by_role("button", name="Upgrade to Premium").click()
    await page.get_by_text("You are on Premium.").wait_for()

    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("heading", name="You are signed out").wait_for()
    await plain.open("/account")
    assert not page.url.startswith(plain.site)
