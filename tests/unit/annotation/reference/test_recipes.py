"""The recipes that come with GAS can be read, and are careful with licences."""

import pytest

from gas.annotation.reference.recipe import Recipe, file_name, find_recipe, recipe_names
from gas.domain.errors import ErrorCode, PermanentError

_REGIONS = {"CYTOBAND", "SEGDUP", "TFBS", "DGV", "GWAS", "MIRNA_TARGET"}


@pytest.fixture(params=recipe_names())
def each(request: pytest.FixtureRequest) -> Recipe:
    return find_recipe(str(request.param))


def test_there_are_two() -> None:
    assert recipe_names() == ("GRCh37", "GRCh38")


def test_names_all_that_is_promised(each: Recipe) -> None:
    assert {known.name for known in each.known} == {"dbsnp", "clinvar", "gnomad"}
    assert {track.field for track in each.regions} == _REGIONS
    assert each.gene_names is not None
    roles = {column.role for known in each.known for column in known.columns}
    assert {"id", "frequency", "significance", "disease", "count"} <= roles


def test_fields_are_named_once(each: Recipe) -> None:
    columns = [column.name for known in each.known for column in known.columns]
    fields = columns + [track.field for track in each.regions]
    assert len(fields) == len(set(fields))


def test_chromosomes_go_by_all_their_names(each: Recipe) -> None:
    contigs = {contig.name: contig for contig in each.contigs}
    assert list(contigs) == [*map(str, range(1, 23)), "X", "Y", "MT"]
    aliases = [alias for contig in each.contigs for alias in contig.aliases]
    assert len(aliases) == len(set(aliases))
    assert contigs["X"].aliases[0] == "chrX"
    assert contigs["MT"].genetic_code == 2
    assert all(contig.genetic_code == 1 for contig in each.contigs if contig.name != "MT")


def test_hg19s_other_mitochondrial_genome_is_not_taken_for_ours() -> None:
    hg19, hg38 = find_recipe("grch37"), find_recipe("grch38")
    assert "chrM" not in hg19.contigs[-1].aliases
    assert "chrM" in hg38.contigs[-1].aliases


def test_what_forbids_commercial_use_is_off_unless_asked_for(each: Recipe) -> None:
    default, all_of_it = each.selected(), each.selected(noncommercial=True)
    assert all(source.commercial_use for source in default.sources)
    restricted = {source.name for source in each.sources if not source.commercial_use}
    assert restricted == {"DGV", "TargetScan"}
    assert restricted <= {source.name for source in all_of_it.sources}
    assert "gnomAD" not in {source.name for source in all_of_it.sources}  # for its size


def test_urls_are_the_publishers(each: Recipe) -> None:
    urls = [url for part in each.downloads() for url in part.all_urls()]
    assert all(url.startswith(("https://", "http://dgv.tcag.ca/")) for url in urls)
    assert all(file_name(url) and "{" not in url for url in urls)
    assert sum("gnomad" in url for url in urls) == 24


@pytest.mark.parametrize("name", ["hg12", "../recipes/GRCh38", "nowhere.toml"])
def test_a_recipe_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(PermanentError) as caught:
        find_recipe(name)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
