"""The genome view: igv.js draws the reference and the result, from ranges of files and nobody else."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Response, Route, expect

from tests.browser.conftest import AtDemo

_START_LOST = "MT:3290-3330"  # m.3308T>C, HIGH
_HIGH = "179,38,30"  # #b3261e, as genome.js colours it
_BASES = ("0,200,0", "0,0,200", "209,113,5", "255,0,0")
"""igv.js's own colours of A, C, G and T."""

# How many pixels have a colour, and where on the page the first of them is. The canvases are copied,
# since browsers warn of one that is drawn by the graphics card and read often.
_SEEN = """(colour) => {
  const seen = { count: 0 };
  for (const canvas of document.getElementById("genome").shadowRoot.querySelectorAll("canvas")) {
    const { width, height } = canvas;
    if (!width || !height) continue;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) {
      if (`${data[i]},${data[i + 1]},${data[i + 2]}` !== colour) continue;
      const box = canvas.getBoundingClientRect();
      seen.x ??= box.x + ((i / 4 % width) / width) * box.width;
      seen.y ??= box.y + (Math.floor(i / 4 / width) / height) * box.height;
      seen.count += 1;
    }
  }
  return seen;
}"""
_INSIDE = 3  # pixels from the corner of what was drawn


async def _opened(demo: AtDemo, locus: str) -> Page:
    await demo.open(f"{demo.base}/genome?locus={locus}")
    await demo.page.locator("#genome[data-ready]").wait_for()
    return demo.page


async def _painted(page: Page, colour: str) -> None:
    await page.wait_for_function(f"(colour) => ({_SEEN})(colour).count > 20", arg=colour)


async def test_the_reference_and_the_variants_are_drawn(demo: AtDemo) -> None:
    """By ranges only: of the sequence from us, of the VCF and its index from the store."""
    answers: list[Response] = []
    demo.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - or no Python
    page = await _opened(demo, _START_LOST)

    await _painted(page, _HIGH)
    for base in _BASES:
        await _painted(page, base)
    assert await page.locator("#genome-message").is_hidden()
    assert "locus=MT" in page.url
    read = {urlsplit(answer.url).path.rsplit("/", 1)[-1]: answer for answer in answers}
    vcf, sequence = read["annotated.vcf.gz"], read["sequence.fa.gz"]
    for answer in (vcf, sequence):
        assert answer.status == 206
        assert "range" in await answer.request.all_headers()
    assert not vcf.url.startswith(demo.site)
    assert sequence.url.startswith(f"{demo.site}/reference/rCRS/")
    assert "annotated.vcf.gz.tbi" in read
    assert [answer.url for answer in answers if answer.url.endswith("/genome/files")] == [
        f"{demo.site}{demo.base}/genome/files"
    ]  # once, for as long as its addresses work


async def test_a_gene_is_found_by_our_field_and_by_igvs(demo: AtDemo) -> None:
    page = await _opened(demo, "MT:1-100")

    await page.get_by_label("Gene or place").fill("mt-tl1")
    await page.get_by_role("button", name="Show").click()
    await page.locator("#genome[data-ready]").wait_for()
    field = page.get_by_role("textbox", name="Place in the genome")
    await expect(field).to_have_value(re.compile(r"^MT:3,230-3,\d+$"))
    await field.fill("MT-ND5")
    await field.press("Enter")
    await page.wait_for_url(re.compile(r"locus=MT%3A1[12]"))
    await page.get_by_label("Gene or place").fill("NOSUCH")
    await page.get_by_role("button", name="Show").click()

    await expect(page.get_by_text("There is no place or gene “NOSUCH” in rCRS.")).to_be_visible()


async def test_what_is_clicked_is_told_as_text_with_a_way_to_the_table(demo: AtDemo) -> None:
    page = await _opened(demo, _START_LOST)
    await _painted(page, _HIGH)
    seen = await page.evaluate(_SEEN, _HIGH)
    await page.mouse.click(seen["x"] + _INSIDE, seen["y"] + _INSIDE)

    chosen = page.locator("#chosen")
    await expect(chosen).to_contain_text("MT:3,308 T → C start lost, MT-ND1, PASS")
    await chosen.get_by_role("link", name="Show in the table").click()
    await expect(page.locator("#matching strong")).to_have_text("1")


async def test_addresses_that_end_are_asked_for_anew(demo: AtDemo) -> None:
    """Here each works for this very moment only."""
    asked: list[str] = []

    async def short(route: Route) -> None:
        asked.append(route.request.url)
        answer = await route.fetch()
        await route.fulfill(response=answer, json={**await answer.json(), "seconds": 0})

    await demo.page.route("**/genome/files", short)
    page = await _opened(demo, _START_LOST)
    await _painted(page, _HIGH)
    assert len(asked) > 2  # of the index, of the VCF's head, of its records


@pytest.mark.parametrize(
    ("locus", "start"), [("MT:3308", "MT:3,258-"), ("MT-ND1", "MT:3,307-"), ("", "MT:1-")]
)
async def test_places_one_can_name(demo: AtDemo, locus: str, start: str) -> None:
    page = await _opened(demo, locus)

    field = page.get_by_role("textbox", name="Place in the genome")
    assert (await field.input_value()).startswith(start)
