"""What a file can be asked, as the file itself tells."""

from pathlib import Path

import pytest

from gas.adapters.memory import MemoryPorts
from gas.annotation import VARIANTS_PARQUET
from services.api.explorer.explorer import Explorer
from services.api.problems import Problem
from tests.unit.api.explorer.conftest import Reader, view
from tests.unit.api.explorer.tables import ROWS, job_with, write_table


async def test_a_real_result(real: Reader) -> None:
    catalogue = await real.explorer.catalogue(real.job)
    assert catalogue.rows == 8
    assert catalogue.chromosomes == ("MT",)
    assert catalogue.frequencies == ("mitomap_af",)
    assert catalogue.significances == ("mitomap_status",)
    assert catalogue.searchable == ("id", "dbsnp", "hgvsc", "hgvsp")
    assert catalogue.columns["dbsnp"].description == "dbSNP identifier of the allele (dbSNP)"
    assert len(catalogue.filters) == 11


async def test_a_result_with_tracks(reader: Reader) -> None:
    catalogue = await reader.explorer.catalogue(reader.job)
    assert catalogue.tracks == ("cytoband",)
    assert "cytoband" not in catalogue.known
    assert catalogue.shown_first == (
        *("chromosome", "position", "reference", "alternate", "gene", "consequence", "impact"),
        *("hgvsp", "dbsnp", "af_gnomad", "clinvar_sig"),
    )


async def test_what_a_file_cannot_serve_is_refused(
    explorer: Explorer, ports: MemoryPorts, tmp_path: Path
) -> None:
    """A genome of which nothing is known but its genes, and a VCF without samples."""
    columns = {
        **dict.fromkeys(("chromosome", "reference", "alternate", "gene", "impact"), "VARCHAR"),
        "position": "INTEGER",
    }
    path = write_table(tmp_path / VARIANTS_PARQUET, ROWS, columns, roles={})
    job = job_with(ports, path)

    catalogue = await explorer.catalogue(job)
    assert catalogue.filters == {"gene", "region", "impact"}
    assert set((await explorer.facets(job, view())).facets) == {"gene", "chromosome", "impact"}
    for asked in ("known=novel", "genotype=het", "text=rs1", "significance=P", "max_frequency=1"):
        with pytest.raises(Problem) as refused:
            await explorer.page(job, view(asked))
        assert (refused.value.code, refused.value.field) == ("invalid_filter", asked.split("=")[0])


async def test_names_and_values_may_hold_anything(
    explorer: Explorer, ports: MemoryPorts, tmp_path: Path
) -> None:
    """Columns are named by bundles, values by whoever wrote the VCF."""
    nasty = "<script>alert('1')</script> & \"x\"; DROP TABLE t"
    columns = {"chromosome": "VARCHAR", "position": "INTEGER", "gene": "VARCHAR", "a.b": "VARCHAR"}
    row = {"chromosome": nasty, "position": 1, "gene": nasty, "a.b": nasty}
    job = job_with(ports, write_table(tmp_path / VARIANTS_PARQUET, [row], columns, {"a.b": "id"}))

    page = await explorer.page(job, view("columns=a.b,gene&sort=-a.b&text=alert('1')"))

    assert page.rows == [{"row": 0, "a.b": nasty, "gene": nasty}]
    assert (await explorer.facets(job, view())).facets["gene"][0].value == nasty


async def test_numbers_that_json_does_not_know_are_told_as_text(real: Reader) -> None:
    page = await real.page("columns=quality&sort=-quality")
    assert [row["quality"] for row in page.rows][:4] == ["inf", 99.0, 99.0, 50.0]
    assert page.model_dump_json()
