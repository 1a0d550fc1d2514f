"""The page of one job: its plots and files are true, its log grows, and it can be shared and repeated."""

import asyncio
import hashlib
import re
import shlex
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.async_api import expect

from gas.domain.states import FAILED, RUNNING
from tests.browser.conftest import AtDemo, Seated
from tests.support.browsing import Browsers
from tests.support.inputs import large_vcf, malformed_vcf
from tests.support.watching import is_same, mark

_ALL_RECORDS_MANY_TIMES = 40
_GAS = Path(sys.executable).with_name("gas")


async def test_each_plot_has_its_numbers_as_a_table_and_as_files(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(demo.base)
    plots = page.locator("figure.plot")
    await expect(plots.first).to_be_visible()
    assert await plots.count() >= 6

    for plot in await plots.all():
        svg, tsv = [
            await (await demo.context.request.get(f"{demo.site}{address}")).text()
            for address in await plot.locator(".files-of-plot a").evaluate_all(
                "links => links.map(link => link.getAttribute('href'))"
            )
        ]
        drawn = ET.fromstring(svg)  # noqa: S314 - our own server's
        assert drawn.tag == "{http://www.w3.org/2000/svg}svg"
        assert (await plot.get_by_role("heading").inner_text()) in "".join(drawn.itertext())
        assert not [node for node in drawn.iter() if node.tag.endswith(("script", "foreignObject"))]
        lines = [line.split("\t") for line in tsv.splitlines()]
        shown = await plot.locator("table").evaluate(
            "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.trim()))"
        )
        assert lines[0] == shown[0]
        assert [line[0] for line in lines] == [row[0] for row in shown]
        for line, row in zip(lines[1:], shown[1:], strict=True):
            for written, said in zip(line[1:], row[1:], strict=True):
                assert written == said.replace(",", "") or said.endswith("%"), (line, row)
    await plots.first.get_by_text("Table").click()
    await expect(plots.first.get_by_role("table")).to_be_visible()


async def test_a_bar_leads_to_its_variants(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(demo.base)
    bar = page.locator("figure.plot a", has_text=re.compile("missense", re.IGNORECASE)).first
    count = (await bar.locator(".value").text_content() or "").split()[0]

    await bar.click()
    await page.wait_for_url(f"**{demo.base}/variants?*missense*")

    await expect(page.locator("#matching strong")).to_have_text(count)
    await expect(page.locator(".chip", has_text="✕")).to_have_count(1)


async def test_files_and_checksums(demo: AtDemo, tmp_path: Path) -> None:
    """Of what is downloaded by the page, of what it copies, and of the command that it tells."""
    page = demo.page
    await demo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await demo.open(demo.base)
    row = page.locator(".file-list li").filter(has_text="annotated.vcf.gz").first

    await row.get_by_role("button", name="Copy the SHA-256").click()
    await expect(row.get_by_role("button")).to_have_text("Copied")
    copied = await page.evaluate("navigator.clipboard.readText()")
    sums = await page.locator("#sums").text_content() or ""
    async with page.expect_download() as download:
        await row.get_by_role("link", name="annotated.vcf.gz", exact=True).click()
    saved = tmp_path / (await download.value).suggested_filename
    await (await download.value).save_as(saved)
    assert _sha256(saved) == copied
    assert f"{copied}  {saved.name}\n" in sums

    upload = page.locator(".file-list li").filter(has_text="Your upload, as it came")
    async with page.expect_download() as download:
        await upload.get_by_role("link").click()
    name = (await upload.get_by_role("link").inner_text()).strip()
    await (await download.value).save_as(tmp_path / name)
    assert _sha256(tmp_path / name) in await page.locator("#made-heading + dl").inner_text()
    program, *arguments = shlex.split(await page.locator("#command").inner_text())
    assert program == "gas"
    saved.unlink()
    run = await asyncio.create_subprocess_exec(_GAS, *arguments, cwd=tmp_path)
    assert await run.wait() == 0
    made = tmp_path / arguments[arguments.index("-o") + 1]
    assert _sha256(made) == copied


async def test_a_rerun_makes_the_same_bytes(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(demo.base)
    first = await _checksums(demo)
    assert len(first) >= 7
    await page.get_by_role("button", name="Run again").click()
    await page.wait_for_url(lambda url: "/jobs/0" in url and demo.job.id not in url)
    await mark(page)

    await expect(page.get_by_role("link", name="Explore the variants")).to_be_visible(
        timeout=60_000
    )
    assert await _checksums(demo) == first
    assert await is_same(page)
    await page.get_by_role("link", name="The job that this one repeats").click()
    await page.wait_for_url(f"**{demo.base}")


async def _checksums(demo: AtDemo) -> dict[str, str]:
    """Of the result's files, by name."""
    rows = demo.page.locator(".file-list li").filter(has=demo.page.locator("code.sha"))
    names = await rows.locator(".file-name strong").all_inner_texts()
    return dict(zip(names, await rows.locator("code.sha").all_inner_texts(), strict=True))


async def test_the_log_grows_while_it_runs(paying: Seated) -> None:
    page = paying.page
    job = await paying.user.submit(large_vcf(copies=_ALL_RECORDS_MANY_TIMES))
    await paying.user.until(job.id, RUNNING)
    await paying.open(f"/jobs/{job.id}")
    await mark(page)

    log = page.locator("#log")
    await expect(log).to_contain_text("UTC fetching the upload")
    early = await log.inner_text()
    await expect(log).not_to_have_text(early)
    assert (await log.inner_text()).startswith(early)
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()

    await expect(page.locator(".badge", has_text="Cancelled")).to_be_visible()
    await expect(page.locator(".timeline")).to_contain_text("You stopped it.")


async def test_a_link_for_others_works_until_it_is_revoked(demo: AtDemo, browser: Browsers) -> None:
    page = demo.page
    await demo.open(demo.base)
    await mark(page)
    await page.get_by_label("For whom or what").fill("My tutor")
    await page.get_by_label("Works for").select_option("30 days")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_label("The link").input_value()
    assert link.startswith(f"{demo.site}/shared/")

    async with browser.visitor() as stranger:
        other = stranger.page
        await other.goto(link)
        await expect(other.get_by_role("heading", name="Summary")).to_be_visible()
        shown = await other.content()
        assert demo.user.email not in shown
        assert "My tutor" not in shown
        async with other.expect_download() as download:
            await other.get_by_role("link", name="Download the annotated VCF").click()
        wanted = next(file for file in demo.job.files if file.name == "annotated.vcf.gz")
        assert _sha256(Path(await (await download.value).path())) == wanted.sha256
        await other.get_by_role("link", name="Explore the variants").click()
        await other.get_by_role("checkbox", name="High").check()
        await expect(other.locator("#matching strong")).to_have_text("10")
        assert other.url == f"{link}/variants?impact=HIGH"
        assert await stranger.inspect("shared-variants") == []

        share = page.locator(".share-list li").filter(has_text="My tutor")
        await share.get_by_role("button", name="Revoke").click()
        await expect(page.locator("#shares")).to_contain_text("There is no link to this job.")
        assert await is_same(page)
        for address in (link, f"{link}/variants", f"{link}/files/annotated.vcf.gz"):
            answer = await other.goto(address)
            assert answer
            assert answer.status == 404
        await expect(other.get_by_text("This link does not work")).to_be_visible()
        stranger.expect_refusal(404)


async def test_what_to_do_about_a_failure(paying: Seated) -> None:
    page = paying.page
    job = await paying.user.submit(malformed_vcf())
    await paying.open(f"/jobs/{job.id}")
    await mark(page)

    failed = page.locator(".notice.alarm")
    await expect(failed).to_contain_text("Correct the line that is named", timeout=60_000)
    await expect(failed).to_contain_text("malformed_vcf")
    await page.get_by_role("button", name="Check the file line by line").click()
    await expect(page.locator("#check tbody tr")).to_have_count(1)
    await expect(page.locator("#check tbody")).to_contain_text("somewhere")
    assert await is_same(page)
    await paying.user.until(job.id, FAILED)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
