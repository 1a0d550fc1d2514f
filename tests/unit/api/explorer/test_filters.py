"""Which alleles each filter lets pass; the made-up table is in tables.py."""

import pytest

from services.api.explorer.query import ViewQuery
from services.api.problems import Problem
from tests.unit.api.explorer.conftest import Reader


@pytest.mark.parametrize(
    ("url_query", "rows"),
    [
        ("", [0, 1, 2, 3, 4, 5, 6]),
        ("gene=brca1", [0, 1]),
        ("gene=TP53&gene=c1orf5", [2, 3]),
        ("gene=TP53, C1ORF5;brca1", [0, 1, 2, 3]),
        ("gene=BRCA", []),
        ("region=chr1", [0, 1, 2]),
        ("region=1", [0, 1, 2]),
        ("region=2:50-59", [3]),
        ("region=chr2:60", [4]),
        ("region=chr1:2,503-3,000", [2]),  # the deletion's last reference base is 2503
        ("region=chr1:2504-3000", []),
        ("region=MT", [6]),
        ("region=chr7", []),
        ("consequence=missense_variant", [0]),
        ("consequence=intron_variant", [2, 3]),
        ("consequence=intron_variant&consequence=stop_gained", [1, 2, 3]),
        ("consequence=intron", []),
        ("impact=HIGH&impact=moderate", [0, 1]),
        ("known=known", [0, 2, 3, 6]),
        ("known=novel", [1]),  # not those that were not annotated at all
        ("max_frequency=0.001", [1, 2, 3, 4, 5]),
        ("max_frequency=0", [1, 4, 5]),
        ("max_frequency=0.001&frequency=gnomad_af_max", [1, 3, 4, 5]),
        ("significance=Pathogenic", [3, 6]),
        ("significance=Likely_benign&significance=Likely_pathogenic", [0, 3]),
        ("significance=pathogenic", []),
        ("genotype=het", [0, 3, 6]),
        ("genotype=hom", [1, 3, 6]),
        ("genotype=any", [0, 1, 3, 6]),
        ("min_quality=30", [0, 1, 3]),
        ("filter=PASS", [0, 1, 3, 6]),
        ("filter=s50", [2]),
        ("text=rs2", [2]),
        ("text=P.LYS2", [0, 1]),
        ("text=x1", [0, 1]),
        ("text=9589", [6]),
        ("text=%25", []),
        ("text=_", []),
        ("impact=HIGH&gene=TP53", []),
        ("known=known&filter=PASS&genotype=hom&min_quality=50", [3]),
        ("max_frequency=&gene=&known=", [0, 1, 2, 3, 4, 5, 6]),
    ],
)
async def test_a_filter_lets_pass(reader: Reader, url_query: str, rows: list[int]) -> None:
    page = await reader.page(url_query)
    assert [row["row"] for row in page.rows] == rows
    assert (page.matching, page.total) == (len(rows), 7)
    assert (await reader.facets(url_query)).matching == len(rows)


@pytest.mark.parametrize(
    ("sort", "rows"),
    [
        ("position", [0, 1, 2, 3, 4, 5, 6]),
        ("-chromosome", [6, 5, 4, 3, 2, 1, 0]),
        ("quality", [4, 6, 0, 1, 3, 2, 5]),
        ("-quality", [3, 0, 1, 6, 4, 2, 5]),
        ("impact", [1, 0, 2, 3, 6, 4, 5]),
        ("-gene", [3, 6, 2, 0, 1, 4, 5]),
        ("-hgvsc", [6, 3, 2, 1, 0, 4, 5]),
    ],
)
async def test_views_are_sorted_with_what_is_missing_last(
    reader: Reader, sort: str, rows: list[int]
) -> None:
    assert await reader.numbers(f"sort={sort}") == rows


@pytest.mark.parametrize(
    ("url_query", "field"),
    [
        ("frequency=nothing&max_frequency=1", "frequency"),
        ("frequency=quality&max_frequency=1", "frequency"),
        ("sort=nothing", "sort"),
        ("columns=gene,nothing", "columns"),
    ],
)
async def test_a_column_that_is_not_there_is_refused_by_name(
    reader: Reader, url_query: str, field: str
) -> None:
    with pytest.raises(Problem) as refused:
        await reader.page(url_query)
    assert (refused.value.status_code, refused.value.code) == (422, "invalid_filter")
    assert refused.value.field == field


_INJECTIONS = (
    "'; DROP TABLE t; --",
    "' OR '1'='1",
    '" OR ""="',
    "') OR true --",
    "$path",
    "$text",
    "\\' OR 1=1 --",
    "x' UNION SELECT * FROM read_text('/etc/passwd') --",
    "%' OR 1=1) --",
    "chr1:1-2' OR 'x",
)


@pytest.mark.parametrize("value", _INJECTIONS)
@pytest.mark.parametrize(
    "name", ["gene", "consequence", "impact", "significance", "filter", "text", "region"]
)
async def test_a_value_is_only_ever_a_value(reader: Reader, name: str, value: str) -> None:
    """What is found nowhere as a text must find nothing as SQL either."""
    values = {name: value if name in {"text", "region"} else (value,)}
    if name == "region" and " " in value:
        with pytest.raises(Problem):
            ViewQuery().changed(**values)
        return
    page = await reader.explorer.page(reader.job, ViewQuery().changed(**values))
    assert (page.matching, page.total) == (0, 7)


@pytest.mark.parametrize("value", [*_INJECTIONS, 'gene" FROM x --', "gene, 1", "*"])
@pytest.mark.parametrize("name", ["sort", "frequency", "columns"])
async def test_a_column_is_only_ever_a_column(reader: Reader, name: str, value: str) -> None:
    with pytest.raises(Problem) as refused:
        await reader.page(f"{name}={value}&max_frequency=1")
    assert refused.value.code == "invalid_filter"
