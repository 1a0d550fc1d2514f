"""The parts of a job's page: plots and files to save, the check, and whom they are for."""

import re

from gas.domain import owner_steps
from tests.unit.api.job_pages import HTMX, XSS, page
from tests.unit.api.results import annotated, archive
from tests.unit.api.world import User, World


async def test_what_users_typed_and_files_contain_is_text(ada: User) -> None:
    job_id = await annotated(
        ada,
        summary={
            "top_genes": [{"gene": XSS, "alleles": 1}],
            "consequences": {XSS: 1},
            "chromosomes": {XSS: 1},
            "warnings": [XSS],
            "genotypes": [{"sample": XSS, "hom_ref": 1, "het": 1, "hom_alt": 1, "missing": 1}],
        },
        manifest={
            "engine": {"pysam": XSS},
            "reference": {
                "name": XSS,
                "sources": [{"name": XSS, "url": "javascript:alert(1)", "licence": XSS}],
            },
        },
    )
    await ada.change(job_id, lambda j: owner_steps.rename(j, XSS, ada.now))

    text = await page(ada, job_id)
    drawing = (await ada.http.get(f"/jobs/{job_id}/plots/genes.svg")).text

    assert "<img" not in text.replace('<img src="/assets', "")
    assert "javascript:" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "<img" not in drawing


async def test_the_page_has_no_script_and_no_style_of_its_own(ada: User) -> None:
    """The content security policy would keep them from working."""
    text = await page(ada, await annotated(ada))

    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", text)


async def test_a_summary_that_cannot_be_read_costs_the_plots_and_not_the_page(ada: User) -> None:
    job_id = await annotated(ada, summary={"records": "many"})

    text = await page(ada, job_id)

    assert "cannot be shown just now" in text
    assert f'href="/jobs/{job_id}/files/annotated.vcf.gz"' in text


async def test_plots_are_saved_as_drawing_and_as_table(ada: User) -> None:
    job_id = await annotated(ada)

    drawing = await ada.http.get(f"/jobs/{job_id}/plots/consequences.svg")
    table = await ada.http.get(f"/jobs/{job_id}/plots/consequences.tsv")
    unknown = await ada.http.get(f"/jobs/{job_id}/plots/nonsense.svg")
    other = await ada.http.get(f"/jobs/{job_id}/plots/consequences.png")

    assert drawing.headers["Content-Type"].startswith("image/svg+xml")
    assert drawing.headers["Content-Disposition"] == 'attachment; filename="consequences.svg"'
    assert drawing.text.lstrip().startswith("<svg xmlns=")
    assert table.text.splitlines()[1] == "synonymous_variant\t300\t0.6652"
    assert unknown.status_code == 404
    assert other.status_code == 422


async def test_every_plot_of_the_page_has_its_table_and_its_files(ada: User) -> None:
    job_id = await annotated(ada)
    text = await page(ada, job_id)
    names = re.findall(r'<figure class="plot" id="plot-([^"]+)"', text)

    assert len(names) == 10
    for name in names:
        assert f'<details id="plot-{name}-table">' in text
        for form in ("svg", "tsv"):
            assert f'href="/jobs/{job_id}/plots/{name}.{form}"' in text
            saved = await ada.http.get(f"/jobs/{job_id}/plots/{name}.{form}")
            assert saved.status_code == 200


async def test_files_are_had_from_the_store_and_what_is_archived_is_a_page(
    ada: User, world: World
) -> None:
    job_id = await annotated(ada)
    there = await ada.http.get(f"/jobs/{job_id}/files/variants.tsv.gz")
    await archive(ada, job_id)
    away = await ada.http.get(
        f"/jobs/{job_id}/files/variants.tsv.gz", headers={"Accept": "text/html"}
    )

    assert world.ports.results.fetch(there.headers["Location"]) == b"the variants.tsv.gz\n"
    assert away.status_code == 409
    assert "The Premium plan brings it back" in away.text
    assert "<code>file_archived</code>" in away.text


async def test_the_check_of_an_upload_names_the_lines(ada: User) -> None:
    content = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\tx\t.\tA\tG\t.\t.\t.\n"
    job_id = await ada.uploaded(content)
    await ada.call("POST", f"/jobs/{job_id}/submit")

    part = await ada.http.post(f"/jobs/{job_id}/check", headers=HTMX)
    whole = await ada.http.post(f"/jobs/{job_id}/check")

    assert "1 line with a problem" in part.text
    assert "<html" not in part.text
    assert "1 line with a problem" in whole.text
    assert "<html" in whole.text


async def test_nobody_sees_the_page_of_anothers_job(ada: User, ben: User, world: World) -> None:
    job_id = await annotated(ada)
    await ada.change(job_id, lambda j: owner_steps.rename(j, "A secret", ada.now))
    paths = ("", "/live", "/plots/impact.svg", "/files/annotated.vcf.gz", "/shares")

    for path in paths:
        answer = await ben.http.get(f"/jobs/{job_id}{path}", headers={"Accept": "text/html"})
        assert answer.status_code in {303, 404}
        assert "A secret" not in answer.text
    async with world.browser() as stranger:
        for path in paths:
            answer = await stranger.get(f"/jobs/{job_id}{path}")
            assert answer.status_code == 303
            assert answer.headers["Location"].startswith("/sign-in?next=/jobs/")


async def test_the_page_is_about_the_job_and_never_kept(ada: User) -> None:
    job_id = await annotated(ada)

    answer = await ada.http.get(f"/jobs/{job_id}")

    assert answer.headers["Cache-Control"] == "no-store"
    assert "<title>ada.vcf · GAS</title>" in answer.text
