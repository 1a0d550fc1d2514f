"""The page of a result's variants: one page, hence one file, though a little over 300 lines."""

import html
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests.support.payloads import PAYLOADS
from tests.unit.api.explorer.tables import ROWS
from tests.unit.api.explorer_pages.conftest import MakeJob
from tests.unit.api.pages import links, rows, text_of
from tests.unit.api.results import archive
from tests.unit.api.world import User

PART = {"HX-Request": "true", "HX-Target": "found"}
BY_FORM = {**PART, "HX-Trigger": "filters"}


OURS = (
    "html head meta title link script body a header div img span nav form button main p h1 details "
    "summary ul li label input fieldset legend datalist option select section strong table caption "
    "thead tr th tbody td footer dialog noscript"
)
WIDE = "?size=250&columns=filter,hgvsp,dbsnp,gene,clinvar_sig"


def named(words: Sequence[str]) -> list[dict[str, Any]]:
    """Variants that have these words wherever a VCF or a source may have any."""
    fields = ("gene", "hgvsp", "dbsnp", "filter", "alternate", "consequence", "clinvar_sig", "id")
    return [
        {**ROWS[0], "position": number, **dict.fromkeys(fields, word)}
        for number, word in enumerate(words, 1)
    ]


class _Shape(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, frozenset[str]]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add((tag, frozenset(name for name, _ in attrs)))


def shape(markup: str) -> set[tuple[str, frozenset[str]]]:
    """Which elements there are, with which attributes, as a browser would see it."""
    parser = _Shape()
    parser.feed(markup)
    return parser.found


async def page_of(user: User, job_id: str, query: str = "") -> str:
    response = await user.http.get(f"/jobs/{job_id}/variants{query}")
    assert response.status_code == 200, response.text
    return response.text


def address(markup: str, words: str) -> str:
    """Where the link leads that has these words."""
    for href, inside in re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', markup, re.DOTALL):
        if words in text_of(inside):
            return html.unescape(href)
    raise AssertionError(f"no link says {words!r}")


async def test_without_filters_every_allele_is_there(ada: User, job_id: str) -> None:
    page = await page_of(ada, job_id)

    assert len(rows(page)) == len(ROWS)
    assert "7 alleles" in text_of(page)
    assert "chr1:100 A → C BRCA1 missense variant Moderate" in text_of(rows(page)[0])
    assert "chrX:7 T → ." in text_of(page)


async def test_filters_are_in_the_form_and_removable_one_by_one(ada: User, job_id: str) -> None:
    page = await page_of(ada, job_id, "?gene=BRCA1,TP53&impact=HIGH&impact=MODIFIER&size=25")

    assert "2 of 7 alleles match" in text_of(page)
    assert 'name="gene" type="text" list="genes" value="BRCA1, TP53"' in page
    assert re.search(r'name="impact" value="HIGH" checked', page)
    assert not re.search(r'name="impact" value="LOW" checked', page)
    without = address(page, "Gene: BRCA1")
    assert "gene=TP53" in without
    assert "BRCA1" not in without
    assert "size=25" in without
    assert address(page, "Remove all").endswith("/variants?size=25")


async def test_choices_tell_what_they_would_show_under_the_other_filters(
    ada: User, job_id: str
) -> None:
    page = text_of(await page_of(ada, job_id, "?gene=BRCA1&impact=HIGH"))

    assert "High 1 Moderate 1" in page
    assert "Low" not in page


@pytest.mark.parametrize(
    ("query", "order", "following"),
    [
        ("", None, "sort=quality"),
        ("?sort=quality", "ascending", "sort=-quality"),
        ("?sort=-quality", "descending", None),
    ],
)
async def test_the_head_of_a_column_sorts_up_then_down_then_not(
    ada: User, job_id: str, query: str, order: str | None, following: str | None
) -> None:
    joined = "&" if query else "?"
    page = await page_of(ada, job_id, f"{query}{joined}columns=quality")

    sorts = [link for link in links(page) if "sort" in link and "at=" not in link]
    head = re.search(r'<th scope="col"([^>]*)class="number">', page)
    assert head is not None
    assert (f'aria-sort="{order}"' in head[1]) == (order is not None)
    if following:
        assert any(link.endswith(f"{following}&columns=quality") for link in sorts)
    else:
        assert address(page, "Quality").endswith("/variants?columns=quality")


async def test_columns_are_chosen_in_the_address_beside_the_place(ada: User, job_id: str) -> None:
    page = await page_of(ada, job_id, "?columns=dbsnp&columns=hgvsc")

    assert "chr1:100 A → C rs11 ENST1.1:c.5A>C" in text_of(rows(page)[0])
    assert 'id="column-dbsnp" name="columns" value="dbsnp" checked' in page
    export = next(link for link in links(page) if link.endswith("format=tsv"))
    assert "columns=chromosome,position,reference,alternate,dbsnp,hgvsc" in export


async def test_the_columns_that_are_shown_anyway_do_not_lengthen_the_address(
    ada: User, job_id: str
) -> None:
    names = ["gene", "consequence", "impact", "hgvsp", "dbsnp", "af_gnomad", "clinvar_sig"]
    query = "&".join(f"columns={name}" for name in names)

    response = await ada.http.get(f"/jobs/{job_id}/variants?known=&{query}", headers=PART)

    assert response.headers["HX-Push-Url"] == f"/jobs/{job_id}/variants"


async def test_pages_lead_to_each_other(ada: User, make_job: MakeJob) -> None:
    many = [{**ROWS[0], "position": 100 + number} for number in range(60)]
    job_id = await make_job(ada, many)

    page = await page_of(ada, job_id, "?size=25&page=2")

    assert "26\u201350 of 60" in text_of(page)
    assert "Page 2 of 3" in text_of(page)
    assert address(page, "Next").endswith("?page=3&size=25")
    assert address(page, "First").endswith("?size=25")
    assert "51\u201360 of 60" in text_of(await page_of(ada, job_id, "?size=25&page=99"))


async def test_nothing_found_says_so_and_leads_back(ada: User, job_id: str) -> None:
    page = await page_of(ada, job_id, "?text=nowhere")

    assert "No variant matches all of these filters." in text_of(page)
    assert address(page, "Remove all filters").endswith(f"/jobs/{job_id}/variants")


async def test_htmx_gets_what_was_found_and_the_address_to_show(ada: User, job_id: str) -> None:
    path = f"/jobs/{job_id}/variants?gene=&region=chr2&text=&sort=-position"

    part = await ada.http.get(path, headers=PART)

    assert part.text.lstrip().startswith('<section id="found"')
    assert "hx-swap-oob" not in part.text
    assert part.headers["HX-Push-Url"] == f"/jobs/{job_id}/variants?region=chr2&sort=-position"


async def test_the_form_gets_new_counts_for_its_choices_too(ada: User, job_id: str) -> None:
    path = f"/jobs/{job_id}/variants?region=chr2"

    part = (await ada.http.get(path, headers=BY_FORM)).text

    assert 'id="choices-impact" class="choices" hx-swap-oob="morph"' in part
    assert "Modifier 1" in text_of(part.partition('id="choices-impact"')[2])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?region=chr1:9-2&gene=TP53", "region"),
        ("?max_frequency=lots&gene=TP53", "max_frequency"),
        ("?min_quality=nan&gene=TP53", "min_quality"),
    ],
)
async def test_a_field_that_makes_no_sense_says_so_and_the_others_count(
    ada: User, job_id: str, query: str, field: str
) -> None:
    page = await page_of(ada, job_id, query)

    said = re.search(rf'id="refused-{field}"[^>]*>([^<]+)<', page)
    assert said is not None
    assert said[1].strip()
    assert "1 of 7 alleles match" in text_of(page)


@pytest.mark.parametrize("query", ["?nonsense=1", "?sort=nothing", "?columns=nothing", "?size=7"])
async def test_an_address_that_makes_no_sense_still_shows_the_rest(
    ada: User, job_id: str, query: str
) -> None:
    page = await page_of(ada, job_id, f"{query}&gene=TP53")

    assert "It was left out." in text_of(page)
    assert "1 of 7 alleles match" in text_of(page)


async def test_what_stands_in_a_vcf_is_text(ada: User, make_job: MakeJob) -> None:
    evil = await page_of(ada, await make_job(ada, named(PAYLOADS)), WIDE)
    harmless = await page_of(ada, await make_job(ada, named(["harmless"])), WIDE)

    assert shape(evil) <= shape(harmless)
    for payload in PAYLOADS:
        assert " ".join(payload.split()) in " ".join(html.unescape(evil).split())


async def test_what_stands_in_an_address_is_text(ada: User, job_id: str) -> None:
    for payload in PAYLOADS:
        for fields in (("gene", "text", "region", "consequence"), ("sort", "max_frequency")):
            view = dict.fromkeys(fields, payload)
            page = await ada.http.get(f"/jobs/{job_id}/variants", params=view)
            assert page.status_code == 200
            assert {tag for tag, _ in shape(page.text)} <= set(OURS.split())


async def test_others_see_no_such_job(ben: User, job_id: str) -> None:
    for path in ("", "/0", "/export?format=tsv"):
        response = await ben.http.get(
            f"/jobs/{job_id}/variants{path}", headers={"Accept": "text/html"}
        )
        assert response.status_code == 404
        assert "There is no such job." in response.text


async def test_who_is_not_signed_in_is_led_to_sign_in_and_back(
    browser: httpx.AsyncClient, job_id: str
) -> None:
    response = await browser.get(f"/jobs/{job_id}/variants?gene=TP53")

    assert response.status_code == 303
    assert response.headers["Location"].startswith(f"/sign-in?next=/jobs/{job_id}/variants")


async def test_an_archived_result_says_what_brings_it_back(ada: User, job_id: str) -> None:
    await archive(ada, job_id)

    for path in ("variants", "variants/0", "genome"):
        page = await ada.http.get(f"/jobs/{job_id}/{path}")
        assert page.status_code == 200
        assert "This result is in the archive." in page.text
        assert 'href="/account/plan"' in page.text
        assert "<table" not in page.text
    export = await ada.http.get(
        f"/jobs/{job_id}/variants/export?format=tsv", headers={"Accept": "text/html"}
    )
    assert export.status_code == 409


async def test_a_job_that_is_not_done_says_so(ada: User) -> None:
    job_id = await ada.submitted()

    page = await ada.http.get(f"/jobs/{job_id}/variants")

    assert "This job waits for its annotation." in page.text


async def test_exactly_the_view_can_be_downloaded(ada: User, job_id: str) -> None:
    page = await page_of(ada, job_id, "?gene=BRCA1&sort=-position")
    [export] = [
        link for link in links(page) if link.endswith("format=tsv") and "all_columns" not in link
    ]

    file = await ada.http.get(export)

    lines = [line for line in file.text.splitlines() if not line.startswith("#")]
    assert lines[0].split("\t")[:5] == ["chromosome", "position", "reference", "alternate", "gene"]
    assert [line.split("\t")[3] for line in lines[1:]] == ["G", "C"]
    assert "attachment" in file.headers["Content-Disposition"]


async def test_a_shared_result_can_be_explored_without_an_account(
    ada: User, browser: httpx.AsyncClient, job_id: str
) -> None:
    made = await ada.call("POST", f"/jobs/{job_id}/shares", json={})
    base = httpx.URL(made.json()["url"]).path

    page = await browser.get(f"{base}/variants?gene=TP53")
    one = await browser.get(f"{base}/variants/3")
    export = await browser.get(f"{base}/variants/export?format=csv&gene=TP53")

    for answer in (page, one, export):
        assert answer.status_code == 200, answer.text
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert job_id not in answer.text
    assert "1 of 7 alleles match" in text_of(page.text)
    assert "TP53" in one.text
    assert "TP53" in export.text
