"""A view as a URL has it."""

import pytest
from starlette.datastructures import QueryParams

from services.api.explorer.query import Region, ViewQuery, region_of
from services.api.problems import Problem
from tests.unit.api.explorer.conftest import view


@pytest.mark.parametrize(
    "params",
    [
        [],
        [("gene", "BRCA1"), ("gene", "TP53"), ("page", "3")],
        [("region", "MT:100-200"), ("known", "novel"), ("size", "250")],
        [
            ("frequency", "af_gnomad"),
            ("max_frequency", "0.01"),
            ("significance", "Pathogenic,_low"),
        ],
        [("genotype", "het"), ("min_quality", "30.5"), ("filter", "PASS"), ("text", "a&b=c ä")],
        [("consequence", "stop_gained"), ("impact", "HIGH"), ("sort", "-hgvsc")],
        [("columns", "gene,hgvsp,position")],
    ],
)
def test_what_a_url_says_is_said_again(params: list[tuple[str, str]]) -> None:
    assert ViewQuery.from_params(QueryParams(params)).to_params() == params


def test_what_is_as_by_default_is_not_said() -> None:
    assert view("page=1&size=50&gene=&text=%20&known=").to_params() == []


@pytest.mark.parametrize(
    ("url_query", "field"),
    [
        ("imapct=HIGH", "imapct"),
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=1000000000", "page"),
        ("size=51", "size"),
        ("size=many", "size"),
        ("known=yes", "known"),
        ("genotype=homozygous", "genotype"),
        ("max_frequency=2", "max_frequency"),
        ("max_frequency=nan", "max_frequency"),
        ("min_quality=inf", "min_quality"),
        ("min_quality=1e999", "min_quality"),
        ("region=chr1:5-2", "region"),
        ("region=chr1:0", "region"),
        ("region=a b", "region"),
        ("region=chr1:9999999999999", "region"),
        ("text=" + "x" * 101, "text"),
        ("gene=" + "x" * 201, "gene"),
        ("gene=" + ",".join(f"G{n}" for n in range(201)), "gene"),
        ("consequence=a%00b", "consequence"),
        ("sort=a b", "sort"),
        ("sort=--gene", "sort"),
        ("columns=a%22b", "columns"),
        ("frequency=a;b", "frequency"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(url_query: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        view(url_query)
    assert (refused.value.code, refused.value.field) == ("invalid_filter", field)


def test_parameters_of_others_are_let_be() -> None:
    params = QueryParams("format=vcf&gene=A")
    assert ViewQuery.from_params(params, besides=("format",)).gene == ("A",)


def test_a_change_begins_on_the_first_page_and_is_checked() -> None:
    changed = view("gene=A&page=7").changed(impact=("HIGH",))
    assert changed.to_params() == [("gene", "A"), ("impact", "HIGH")]
    assert changed.changed(page=2).page == 2
    with pytest.raises(Problem):
        changed.changed(size=7)


@pytest.mark.parametrize(
    ("url_query", "is_filtered"),
    [("", False), ("sort=gene&page=2&columns=gene&frequency=af", False), ("text=a", True)],
)
def test_a_view_knows_whether_it_leaves_anything_out(url_query: str, is_filtered: bool) -> None:
    assert view(url_query).is_filtered() is is_filtered


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("chr1", Region(chromosome="chr1")),
        ("1:12,345", Region(chromosome="1", start=12345, end=12345)),
        ("MT:1-16569", Region(chromosome="MT", start=1, end=16569)),
        ("HLA-A*01:01:7-8", Region(chromosome="HLA-A*01:01", start=7, end=8)),
    ],
)
def test_regions(text: str, region: Region) -> None:
    assert region_of(text) == region
