"""The page of one allele."""

from tests.support.payloads import PAYLOADS
from tests.unit.api.explorer.tables import ROWS
from tests.unit.api.explorer_pages.conftest import MakeJob
from tests.unit.api.explorer_pages.test_explorer_page import named, shape
from tests.unit.api.pages import HTMX, links, text_of
from tests.unit.api.world import User


async def test_all_that_is_known_is_there_in_groups(ada: User, job_id: str) -> None:
    page = (await ada.http.get(f"/jobs/{job_id}/variants/0")).text
    said = text_of(page)

    assert "chr1:100 A → C" in said
    for words in ("HGVS transcript ENST1.1:c.5A>C Copy", "dbSNP rs11", "AF gnomAD 0.2"):
        assert words in said
    assert "Other alleles here chr1:100 A → G" in said
    assert 'title="dbSNP identifier of the allele (dbSNP)"' in page
    assert f"/jobs/{job_id}/genome?locus=chr1%3A50-151" in links(page)


async def test_htmx_gets_the_part_alone(ada: User, job_id: str) -> None:
    part = (await ada.http.get(f"/jobs/{job_id}/variants/0", headers=HTMX)).text

    assert part.lstrip().startswith("<article")
    assert "<html" not in part


async def test_it_leads_through_the_view_over_pages(ada: User, make_job: MakeJob) -> None:
    many = [{**ROWS[0], "position": position} for position in range(1, 31)]
    job_id = await make_job(ada, many)

    page = (await ada.http.get(f"/jobs/{job_id}/variants/5?sort=-position&size=25&at=24")).text

    assert "25 of 30" in text_of(page)
    base = f"/jobs/{job_id}/variants"
    assert f"{base}/6?sort=-position&size=25&at=23" in links(page)
    assert f"{base}/4?sort=-position&page=2&size=25&at=25" in links(page)


async def test_a_place_that_is_another_ones_is_not_told(ada: User, job_id: str) -> None:
    for query in ("at=3", "at=900", "gene=TP53&at=0", "sort=nothing&at=0"):
        page = await ada.http.get(f"/jobs/{job_id}/variants/0?{query}")
        assert page.status_code == 200
        assert "Variants of this view" not in page.text


async def test_a_row_that_is_not_there_is_not_found(ada: User, job_id: str) -> None:
    for row in ("7", "-1", "99999999999999999999", "zero"):
        page = await ada.http.get(f"/jobs/{job_id}/variants/{row}", headers={"Accept": "text/html"})
        assert page.status_code in {404, 422}


async def test_what_stands_in_a_vcf_is_text(ada: User, make_job: MakeJob) -> None:
    job_id = await make_job(ada, named([*PAYLOADS, "harmless"]))
    harmless = (await ada.http.get(f"/jobs/{job_id}/variants/{len(PAYLOADS)}")).text

    for row in range(len(PAYLOADS)):
        page = await ada.http.get(f"/jobs/{job_id}/variants/{row}")
        assert shape(page.text) == shape(harmless)


async def test_links_lead_away_without_a_trace(ada: User, job_id: str) -> None:
    page = (await ada.http.get(f"/jobs/{job_id}/variants/0")).text

    outside = page.partition(">Elsewhere<")[2].partition("</section>")[0].split("<a ")[1:]
    assert any("https://www.ncbi.nlm.nih.gov/snp/rs11" in link for link in outside)
    assert all('target="_blank" rel="noopener noreferrer"' in link for link in outside)
