"""Two users who cannot see each other's pages."""

import pytest

from tests.browser.conftest import Seated
from tests.support.browsing import Browsers
from tests.support.journey import Journey

PAGES = ("", "/variants", "/variants/0", "/genome", "/files/annotated.vcf.gz", "/plots/impact.svg")


@pytest.mark.parametrize("page", PAGES)
async def test_a_job_of_another_does_not_exist(
    paying: Seated, browser: Browsers, journey: Journey, page: str
) -> None:
    job = await paying.user.completed()
    stranger = await journey.user()
    async with browser.visitor() as other:
        await other.sign_in(stranger.email)
        answer = await other.page.goto(f"{other.site}/jobs/{job.id}{page}")

        assert answer
        assert answer.status == 404
        assert "sample.vcf" not in await other.page.content()
        other.expect_refusal(404)


async def test_a_list_has_ones_own_jobs_only(
    paying: Seated, browser: Browsers, journey: Journey
) -> None:
    await paying.user.completed()
    stranger = await journey.user()
    async with browser.visitor() as other:
        await other.sign_in(stranger.email)

        await other.page.get_by_text("Nothing here yet").wait_for()
        assert "sample.vcf" not in await other.page.content()


async def test_signed_out_nothing_is_left_on_the_pages(paying: Seated) -> None:
    job = await paying.user.completed()
    page = paying.page
    await paying.open(f"/jobs/{job.id}")
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_load_state()

    await page.go_back()

    assert "sample.vcf" not in await page.content()
    await paying.open(f"/jobs/{job.id}")
    assert "/jobs/" not in page.url
