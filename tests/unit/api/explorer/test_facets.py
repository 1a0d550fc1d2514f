"""Counts by filter, over the made-up table and over a real result."""

import json
from pathlib import Path

import pytest

from gas.annotation import SUMMARY
from services.api.explorer.answers import Facets
from tests.unit.api.explorer.conftest import Reader


def counts(facets: Facets, name: str) -> dict[str, int]:
    return {entry.value: entry.count for entry in facets.facets[name]}


async def test_all_facets_of_a_whole_file(reader: Reader) -> None:
    facets = await reader.facets()
    assert {name: counts(facets, name) for name in facets.facets} == {
        "consequence": {
            "intron_variant": 2,
            "missense_variant": 1,
            "non_coding_transcript_exon_variant": 1,
            "splice_region_variant": 1,
            "stop_gained": 1,
        },
        "impact": {"HIGH": 1, "MODERATE": 1, "LOW": 1, "MODIFIER": 2},
        "chromosome": {"chr1": 3, "chr2": 2, "chrX": 1, "chrM": 1},
        "gene": {"BRCA1": 2, "C1orf5": 1, "MT-TL1": 1, "TP53": 1},
        "filter": {"PASS": 4, "q10": 1, "s50": 1},
        "significance": {
            "Benign": 1,
            "Likely_benign": 1,
            "Likely_pathogenic": 1,
            "Pathogenic": 2,
        },
        "known": {"known": 4, "novel": 1},
        "genotype": {"het": 3, "hom": 3},
        "frequency": {"<0.0001": 1, "<0.001": 1, "<0.5": 1, ">=0.5": 1, "unknown": 3},
    }
    assert facets.frequency_column == "af_gnomad"


async def test_they_come_in_an_order_that_means_something(reader: Reader) -> None:
    facets = await reader.facets()
    assert list(counts(facets, "impact")) == ["HIGH", "MODERATE", "LOW", "MODIFIER"]
    assert list(counts(facets, "chromosome")) == ["chr1", "chr2", "chrX", "chrM"]
    assert list(counts(facets, "gene")) == ["BRCA1", "C1orf5", "MT-TL1", "TP53"]
    assert next(iter(counts(facets, "frequency"))) == "<0.0001"


@pytest.mark.parametrize(
    "url_query",
    [
        "impact=MODIFIER&genotype=hom",
        "gene=BRCA1&impact=HIGH&known=novel",
        "region=chr2&filter=PASS&text=rs",
        "max_frequency=0.001&significance=Pathogenic&consequence=intron_variant",
    ],
)
async def test_a_facet_tells_what_another_choice_would_show(reader: Reader, url_query: str) -> None:
    """Whatever value is chosen instead: the page that it leads to has as many alleles."""
    asked = (await reader.facets(url_query)).facets
    names = {"chromosome": "region"}
    for facet in ("impact", "gene", "chromosome", "known", "genotype", "consequence", "filter"):
        parts = [p for p in url_query.split("&") if not p.startswith(names.get(facet, facet) + "=")]
        expected = {}
        for value in {entry.value for entry in (await reader.facets()).facets[facet]}:
            chosen = "&".join([*parts, f"{names.get(facet, facet)}={value}"])
            if matching := (await reader.page(chosen)).matching:
                expected[value] = matching
        assert {entry.value: entry.count for entry in asked[facet]} == expected, facet


async def test_frequencies_are_those_of_the_chosen_column(reader: Reader) -> None:
    facets = await reader.facets("frequency=gnomad_af_max")
    assert counts(facets, "frequency") == {"<0.001": 1, "<0.01": 1, "<0.5": 1, ">=0.5": 1} | {
        "unknown": 3
    }


async def test_facets_agree_with_the_summary(demo: Reader, demo_folder: Path) -> None:
    summary = json.loads((demo_folder / SUMMARY).read_text())
    facets = await demo.facets()
    assert facets.total == summary["alleles"]
    assert counts(facets, "impact") == summary["impacts"]
    assert counts(facets, "known") == {"known": summary["known"]}
    assert counts(facets, "frequency") == {
        label: number for label, number in summary["frequencies"]["MITOMAP_AF"].items() if number
    }
    top = summary["top_genes"][:10]
    assert [(e.value, e.count) for e in facets.facets["gene"][:10]] == [
        (gene["gene"], gene["alleles"]) for gene in top
    ]
