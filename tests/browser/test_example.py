"""What a newcomer does first: try the example, look at its result, take a part of it along."""

import gzip
from pathlib import Path

from gas.domain.plan import Plan
from tests.support.browsing import Browsers
from tests.support.journey import Journey

MOST_CLICKS = 9


async def test_from_the_landing_page_to_an_exported_view_in_few_clicks(
    browser: Browsers, journey: Journey, tmp_path: Path
) -> None:
    user = await journey.user(Plan.PREMIUM)  # whose result stays at hand on this stack, too
    async with browser.visitor() as visitor:
        page, clicks = visitor.page, visitor.clicks
        await visitor.open("/")
        await clicks.on(page.get_by_role("link", name="Try it with example data"))
        await page.fill("input[name=sub]", user.email)
        await clicks.on(page.locator("button, input[type=submit]").first)
        await clicks.on(page.get_by_role("button", name="Annotate the example"))
        await clicks.on(page.get_by_role("link", name="Explore the variants"))
        await clicks.on(page.get_by_role("checkbox", name="High"))
        await page.get_by_text("of 451 alleles match").wait_for()
        await clicks.on(page.locator("#download-menu > summary"))
        async with page.expect_download() as download:
            await clicks.on(page.get_by_role("link", name="VCF", exact=False).first)
        exported = tmp_path / "view.vcf.gz"
        await (await download.value).save_as(exported)

        lines = gzip.decompress(exported.read_bytes()).decode().splitlines()
        records = [line for line in lines if not line.startswith("#")]
        assert records
        assert all("HIGH" in record for record in records)
        assert await page.locator("#matching strong").text_content() == str(len(records))
        assert clicks.count <= MOST_CLICKS
