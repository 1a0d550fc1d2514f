"""The explorer of variants: every filter, order, page and file, over the result of the demo VCF."""

import csv
import gzip
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import AtDemo
from tests.support.watching import is_same, mark, table

_ALL = 451
_HIGH = {"impact": ["HIGH"]}
_VIEW = "gene=MT-CO1&impact=HIGH&impact=MODERATE&sort=-position"
_PLACE = ("chromosome", "position", "reference", "alternate")


def _found(page: Page, matching: int) -> Any:
    words = f"{matching} of {_ALL} alleles match"
    if matching == _ALL:
        words = f"({words}|{_ALL} alleles)"
    return expect(page.locator("#matching")).to_have_text(re.compile(rf"^\s*{words}\s*$"))


async def _asked(demo: AtDemo, path: str, params: Mapping[str, Any]) -> Any:
    answer = await demo.user.ask("GET", f"/jobs/{demo.job.id}/variants{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _counts(page: Page, field: str) -> dict[str, str]:
    """What the choices of a filter would show, by their values."""
    counts: dict[str, str] = await page.locator(f"#choices-{field} label").evaluate_all(
        "labels => Object.fromEntries(labels.map(label => "
        "[label.querySelector('input').value, label.querySelector('.choice-count').innerText]))"
    )
    return {value: count for value, count in counts.items() if value and count != "0"}


async def _counts_agree(demo: AtDemo, params: Mapping[str, Any]) -> None:
    """The page counts as the REST interface does, and the choices are the new ones."""
    told = await _asked(demo, "/facets", params)
    await _found(demo.page, told["matching"])
    for field in ("impact", "consequence", "significance", "known", "filter"):
        wanted = {
            facet["value"]: str(facet["count"])
            for facet in told["facets"][field][:60]
            if facet["count"]
        }
        assert await _counts(demo.page, field) == wanted, field


async def test_each_kind_of_filter_and_what_it_counts(demo: AtDemo) -> None:
    """Each is set as a user sets it, and taken away by its chip."""
    page = demo.page
    await demo.open(f"{demo.base}/variants")
    await mark(page)
    await _counts_agree(demo, {})

    typed = {
        ("#text", "text"): "rs199474657",
        ("#gene", "gene"): "mt-nd5",
        ("#region", "region"): "chrM:3,243-8,993",
        ("#max_frequency", "max_frequency"): "0.0001",
        ("#min_quality", "min_quality"): "30",
    }
    for (field, name), value in typed.items():
        await page.fill(field, value)
        await page.wait_for_url(f"**{name}=*")
        await _counts_agree(demo, {name: value})
        await page.locator(".chip", has_text="✕").click()
        await _found(page, _ALL)
        assert await page.input_value(field) == ""

    chosen: dict[str, Mapping[str, Any]] = {
        'input[name=impact][value="HIGH"]': _HIGH,
        'input[name=consequence][value="missense_variant"]': {"consequence": "missense_variant"},
        'input[name=significance][value="Cfrm-[P]"]': {"significance": "Cfrm-[P]"},
        'input[name=known][value="novel"]': {"known": "novel"},
        'input[name=filter][value="PASS"]': {"filter": "PASS"},
    }
    for choice, params in chosen.items():
        await page.locator(choice).check()
        await page.wait_for_url(f"**{next(iter(params))}=*")
        await _counts_agree(demo, params)
        await page.locator(".chip", has_text="✕").click()
        await expect(page.locator(".chip")).to_have_count(0)
        assert not await page.locator(f"{choice}:checked").count()

    await page.select_option("#genotype", "hom")
    await page.wait_for_url("**genotype=hom*")
    await _counts_agree(demo, {"genotype": "hom"})
    assert await is_same(page)


async def test_filters_join_and_go_together(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(f"{demo.base}/variants")
    heads = (await table(page))[0]

    await page.get_by_role("checkbox", name="High").check()
    await page.get_by_role("checkbox", name="Moderate").check()
    await page.get_by_role("combobox", name="Gene").fill("MT-CO1, MT-ND1")
    await page.wait_for_url("**gene=MT-ND1*")
    params = {"impact": ["HIGH", "MODERATE"], "gene": ["MT-CO1", "MT-ND1"]}
    await _counts_agree(demo, params)
    assert (await table(page))[0] == heads
    await expect(page.locator(".chip", has_text="✕")).to_have_count(4)
    await page.get_by_role("link", name="Remove filter Gene: MT-ND1").click()
    await expect(page.get_by_role("combobox", name="Gene")).to_have_value("MT-CO1")
    await _counts_agree(demo, {**params, "gene": ["MT-CO1"]})
    await page.get_by_role("link", name="Remove all").click()

    await _found(page, _ALL)
    assert page.url == f"{demo.site}{demo.base}/variants"


async def test_order_pages_and_columns_are_in_the_address(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(f"{demo.base}/variants?size=25")
    await mark(page)
    first = await table(page)

    for order in ("ascending", "descending"):
        await page.get_by_role("columnheader", name="HGVS protein").get_by_role("link").click()
        head = page.get_by_role("columnheader", name="HGVS protein")
        await expect(head).to_have_attribute("aria-sort", order)
    sorted_rows = await _asked(demo, "", {"sort": "-hgvsp", "size": 25})
    assert [row[4] for row in (await table(page))[1:]] == [
        row["hgvsp"] for row in sorted_rows["rows"]
    ]
    await page.get_by_role("link", name="Next page").click()
    await expect(page.get_by_text(re.compile("^26.50 of 451"))).to_be_visible()
    await page.get_by_role("link", name="Last page").click()
    await expect(page.get_by_text("Page 19 of 19")).to_be_visible()
    assert len(await table(page)) == 1 + _ALL % 25
    await page.locator("#columns-menu summary").click()
    await page.get_by_label("MITOMAP AC").check()
    await expect(page.get_by_role("columnheader", name="MITOMAP AC")).to_be_visible()
    await expect(page.get_by_text("Page 1 of 19")).to_be_visible()
    await expect(page.get_by_label("MITOMAP AC")).to_be_visible()  # the menu stayed open
    await page.keyboard.press("Escape")
    assert await is_same(page)

    here, shown = page.url, await table(page)
    fresh = await demo.context.new_page()
    await fresh.goto(here)
    assert await table(fresh) == shown
    await page.go_back()
    await expect(page.get_by_text("Page 19 of 19")).to_be_visible()
    await expect(page.get_by_role("columnheader", name="MITOMAP AC")).to_have_count(0)
    await page.go_forward()
    await expect(page.get_by_role("columnheader", name="MITOMAP AC")).to_be_visible()
    assert await table(page) == shown != first


async def test_a_view_is_kept_by_name_and_its_link_copied(demo: AtDemo) -> None:
    page = demo.page
    await demo.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await demo.open(f"{demo.base}/variants?{_VIEW}")
    shown = await table(page)

    await page.get_by_text("Saved views").click()
    await page.get_by_label("Name of this view").fill("Severe in <b>MT-CO1</b>")
    await page.get_by_role("button", name="Save").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Copy link to this view").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == page.url
    await demo.open(f"{demo.base}/variants")
    await page.get_by_text("Saved views").click()
    await page.get_by_role("link", name="Severe in <b>MT-CO1</b>").click()
    await page.wait_for_url(f"**?{_VIEW}")
    assert await table(page) == shown
    await page.get_by_text("Saved views").click()
    await page.get_by_role("button", name="Forget Severe").click()

    await expect(page.locator(".saved-list li")).to_have_count(0)


@pytest.mark.parametrize("form", ["VCF", "TSV", "CSV", "Parquet"])
async def test_an_export_is_exactly_the_view(demo: AtDemo, tmp_path: Path, form: str) -> None:
    page = demo.page
    await demo.open(f"{demo.base}/variants?{_VIEW}")
    told = await _asked(demo, "", {**parse_qs(_VIEW), "columns": [*_PLACE, "gene", "hgvsp"]})
    wanted = [tuple(row[name] for name in _PLACE) for row in told["rows"]]
    assert len(wanted) == told["matching"] > 3

    await page.get_by_text("Download this view").click()
    async with page.expect_download() as download:
        await (
            page.locator("#download-menu").get_by_role("link", name=form, exact=True).first.click()
        )
    exported = tmp_path / (await download.value).suggested_filename
    await (await download.value).save_as(exported)

    found = _read(exported)
    if form == "VCF":  # whole records, in the order of the file
        assert [place[:2] for place in found] == [place[:2] for place in wanted[::-1]]
    else:
        assert found == wanted


def _read(path: Path) -> list[tuple[Any, ...]]:
    """The places of what is in an export, in its order."""
    if path.suffix == ".parquet":
        return duckdb.read_parquet(str(path)).select(*_PLACE).fetchall()
    if path.name.endswith(".vcf.gz"):
        with gzip.open(path, "rt", encoding="utf-8") as vcf:
            fields = [line.split("\t") for line in vcf if not line.startswith("#")]
        return [(chrom, int(pos), ref, alt) for chrom, pos, _id, ref, alt, *_ in fields]
    delimiter = "\t" if path.suffix == ".tsv" else ","
    lines = [
        line for line in path.read_text("utf-8").splitlines() if not line.startswith(("##", "# "))
    ]
    rows = list(csv.DictReader(lines, delimiter=delimiter))
    return [(r["chromosome"], int(r["position"]), r["reference"], r["alternate"]) for r in rows]


async def test_one_variant_beside_the_table(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(f"{demo.base}/variants?region=MT:3243-3308")
    await mark(page)
    here = page.url
    await page.get_by_role("link", name="MT:3243 A → G").click()
    dialog = page.get_by_role("dialog", name="One variant")

    await expect(dialog.get_by_role("heading", name="MT:3243 A → G")).to_be_focused()
    await expect(dialog).to_contain_text("1 of ")
    links = dialog.locator("a[target=_blank]")
    assert (
        await links.evaluate_all("links => links.map(link => link.rel)")
        == ["noopener noreferrer"] * await links.count()
    )
    hrefs = await links.evaluate_all("links => links.map(link => link.href)")
    assert "https://www.ncbi.nlm.nih.gov/snp/rs199474657" in hrefs
    assert "https://gnomad.broadinstitute.org/variant/M-3243-A-G?dataset=gnomad_r3" in hrefs
    assert "https://www.ensembl.org/Homo_sapiens/Gene/Summary?g=ENSG00000209082" in hrefs
    [clinvar] = [href for href in hrefs if "/clinvar/" in href]
    assert parse_qs(urlsplit(clinvar).query)["term"] == ["NC_012920.1:m.3243A>G"]
    assert await demo.inspect("variant-dialog") == []
    await dialog.get_by_role("link", name="Next").click()
    await expect(dialog.get_by_role("heading", name="MT:3243 A → T")).to_be_focused()
    await dialog.get_by_role("button", name="Close").click()

    await expect(dialog).to_be_hidden()
    assert page.url == here
    assert await is_same(page)


async def test_filters_that_find_nothing_or_make_no_sense(demo: AtDemo) -> None:
    page = demo.page
    await demo.open(f"{demo.base}/variants?impact=HIGH")

    await page.get_by_role("combobox", name="Gene").fill("NOSUCH")
    await expect(page.get_by_text("No variant matches all of these filters.")).to_be_visible()
    await page.get_by_role("link", name="Remove all filters").click()
    await _found(page, _ALL)
    await page.get_by_role("checkbox", name="High").check()
    await page.get_by_label("Region").fill("MT:200-100")
    await expect(page.locator("#refused-region")).to_contain_text("and not lie behind the last")
    await expect(page.locator(".chip", has_text="✕")).to_have_count(1)
    await _found(page, 10)  # the others go on filtering
    await page.get_by_label("Region").fill("MT:5,000-6,000")
    await page.wait_for_url("**region=*")

    await expect(page.locator("#refused-region")).to_have_text("")
    await _found(page, 1)
