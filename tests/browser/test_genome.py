"""The genome view: igv.js draws the reference and the result, from ranges of files and nobody else."""

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Response, Route, expect

from tests.browser.conftest import AtDemo

_START_LOST = "MT:3290-3330"  # m.3308T>C, HIGH
_HIGH = "179,38,30"  # #b3261e, as genome.js colours it
_BASES = ("0,200,0", "0,0,200", "209,113,5", "255,0,0")
"""igv.js's own colours of A, C, G and T."""

_COLOURS = """() => {
  const counts = {};
  for (const canvas of document.getElementById("genome").shadowRoot.querySelectorAll("canvas")) {
    if (!canvas.width || !canvas.height) continue;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] < 255) continue;
      const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
  }
  return counts;
}"""


async def _opened(demo: AtDemo, locus: str) -> Page:
    await demo.open(f"{demo.base}/genome?locus={locus}")
    await demo.page.locator("#genome[data-ready]").wait_for()
    return demo.page


async def _painted(page: Page, colour: str) -> None:
    await page.wait_for_function(f"(colour) => ({_COLOURS})()[colour] > 20", arg=colour)


async def test_the_reference_and_the_variants_are_drawn(demo: AtDemo) -> None:
    """By ranges only: of the sequence from us, of the VCF and its index from the store."""
    answers: list[Response] = []
    demo.page.on("response", answers.append)
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


async def test_a_gene_is_found_by_our_field_and_by_igvs(demo: AtDemo) -> None:
    page = await _opened(demo, "MT:1-100")

    await page.get_by_label("Gene or place").fill("mt-tl1")
    await page.get_by_role("button", name="Show").click()
    await page.locator("#genome[data-ready]").wait_for()
    field = page.get_by_label("Place in the genome")
    await expect(field).to_have_value("MT:3,230-3,304")
    await field.fill("MT-ND5")
    await field.press("Enter")
    await page.wait_for_url("**locus=MT:12*")
    await page.get_by_label("Gene or place").fill("NOSUCH")
    await page.get_by_role("button", name="Show").click()

    await expect(page.get_by_text("There is no place or gene “NOSUCH” in rCRS.")).to_be_visible()


async def test_what_is_clicked_is_told_as_text_with_a_way_to_the_table(demo: AtDemo) -> None:
    page = await _opened(demo, _START_LOST)
    await _painted(page, _HIGH)
    x, y = await page.evaluate(_PLACE_OF, _HIGH)
    await page.mouse.click(x, y)

    chosen = page.locator("#chosen")
    await expect(chosen).to_contain_text("MT:3,308 T → C start lost, MT-ND1, PASS")
    await chosen.get_by_role("link", name="Show in the table").click()
    await expect(page.locator("#matching strong")).to_have_text("1")


_PLACE_OF = """(wanted) => {
  for (const canvas of document.getElementById("genome").shadowRoot.querySelectorAll("canvas")) {
    if (!canvas.width || !canvas.height) continue;
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    for (let i = 0; i < data.length; i += 4) {
      if (`${data[i]},${data[i + 1]},${data[i + 2]}` !== wanted) continue;
      const box = canvas.getBoundingClientRect();
      const at = i / 4 + 2 * width + 2; // a little inside of what was drawn
      return [box.x + ((at % width) * box.width) / width,
              box.y + (Math.floor(at / width) * box.height) / height];
    }
  }
}"""


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
    before = len(asked)

    field = page.get_by_label("Place in the genome")
    await field.fill("MT:15,230-15,260")  # m.15242, HIGH
    await field.press("Enter")
    await page.wait_for_url("**locus=MT:15*")
    await _painted(page, _HIGH)

    assert before >= 2  # of the VCF, of its index
    assert len(asked) >= before


@pytest.mark.parametrize("locus", ["MT:3308", "MT-ND1", ""])
async def test_places_one_can_name(demo: AtDemo, locus: str) -> None:
    page = await _opened(demo, locus)

    await expect(page.get_by_label("Place in the genome")).to_have_value(
        {"MT:3308": "MT:3,258-3,358", "MT-ND1": "MT:3,307-4,262", "": "MT:1-16,569"}[locus]
    )
