# ruff: noqa: S608 - SQL is put together of our own words, quoted names and $parameters
"""How many alleles each choice of a filter would show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from services.api.explorer.answers import Facets, FacetValue
from services.api.explorer.catalogue import CARRIERS, Catalogue, quoted
from services.api.explorer.database import Session
from services.api.explorer.filters import (
    Condition,
    conditions,
    frequency_column,
    is_annotated,
    is_known,
    parts_of,
)
from services.api.explorer.query import ViewQuery
from services.api.explorer.table import SOURCE, Table, all_of, bound

_MOST_GENES = 50
_MOST_VALUES = 1_000
_IMPACTS = ("HIGH", "MODERATE", "LOW", "MODIFIER")
# The bins of summary.json.
_BOUNDS = (0.0001, 0.001, 0.01, 0.05, 0.5)
_UNKNOWN = "unknown"
_BINS = ("0", *(f"<{bound:g}" for bound in _BOUNDS), f">={_BOUNDS[-1]:g}", _UNKNOWN)


@dataclass(frozen=True)
class _Facet:
    """``value`` is SQL for a row's text or NULL; ``parts``, over it, for the list that it joins.

    ``field`` is the filter that chooses among the values. Facets of one name are added up.
    """

    name: str
    field: str
    value: str
    parts: str = "[value]"
    most: int = _MOST_VALUES


def count_facets(session: Session, table: Table, query: ViewQuery) -> Facets:
    catalogue = table.catalogue
    frequency = frequency_column(query, catalogue)
    facets = _facets(catalogue, frequency)
    where = conditions(query, catalogue)
    counts: dict[str, Counter[str]] = {facet.name: Counter() for facet in facets}
    matching = 0
    for name, value, number in session.rows(_sql(facets, where), {**table.values, **bound(where)}):
        if name is None:
            matching = number
        else:
            counts[name][value] += number
    orders = {"impact": _IMPACTS, "chromosome": catalogue.chromosomes, "frequency": _BINS}
    return Facets(
        total=catalogue.rows,
        matching=matching,
        frequency_column=frequency,
        facets={name: _in_order(found, orders.get(name)) for name, found in counts.items()},
    )


def _facets(catalogue: Catalogue, frequency: str | None) -> list[_Facet]:
    facets = [
        _Facet("consequence", "consequence", '"consequence"', parts_of("consequence", "value")),
        _Facet("impact", "impact", '"impact"'),
        _Facet("chromosome", "region", '"chromosome"'),
        _Facet("gene", "gene", '"gene"', most=_MOST_GENES),
        _Facet("filter", "filter", '"filter"', parts_of("filter", "value")),
        *(
            _Facet("significance", "significance", quoted(name), parts_of("significance", "value"))
            for name in catalogue.significances
        ),
    ]
    if catalogue.known:
        facets.append(_Facet("known", "known", _known_or_novel(catalogue)))
    if catalogue.has_genotypes:
        facets += [
            _Facet("genotype", "genotype", f"CASE WHEN {quoted(column)} > 0 THEN '{kind}' END")
            for column, kind in zip(CARRIERS, ("het", "hom"), strict=True)
        ]
    if frequency:
        facets.append(_Facet("frequency", "max_frequency", _bin_of(frequency)))
    return [facet for facet in facets if facet.field in catalogue.filters]


def _known_or_novel(catalogue: Catalogue) -> str:
    return (
        f"CASE WHEN {is_known(catalogue)} THEN 'known'"
        f" WHEN {is_annotated(catalogue)} THEN 'novel' END"
    )


def _bin_of(frequency: str) -> str:
    column = quoted(frequency)
    below = (f"WHEN {column} < {bound:g} THEN '<{bound:g}'" for bound in _BOUNDS)
    return (
        f"CASE WHEN {column} IS NULL THEN '{_UNKNOWN}' WHEN {column} = 0 THEN '0'"
        f" {' '.join(below)} ELSE '>={_BOUNDS[-1]:g}' END"
    )


def _sql(facets: Sequence[_Facet], where: Sequence[Condition]) -> str:
    """One pass over the file, then one count a facet over what it needs.

    A row that fails two of the filters with facets counts nowhere; one that fails a single one
    counts for that filter's own facet. The first answer, without a name, is of the whole view.
    """
    own = {facet.field for facet in facets}
    chosen = [condition for condition in where if condition.field in own]
    always = [condition for condition in where if condition.field not in own]
    fails = [(f"NOT coalesce({condition.sql}, false)", condition.field) for condition in chosen]
    failed = " ".join(f"WHEN {test} THEN '{field}'" for test, field in fails)
    failures = " + ".join(f"({test})::INTEGER" for test, _ in fails) or "0"
    values = ", ".join(f"{facet.value} AS f{number}" for number, facet in enumerate(facets))
    passing = (
        f"SELECT {values}, {f'CASE {failed} END' if failed else 'NULL::VARCHAR'} AS failed"
        f" FROM {SOURCE} WHERE {all_of(always)} AND {failures} <= 1"
    )
    counts = [
        f"SELECT '{facet.name}', unnest({facet.parts}), number FROM ("
        f"SELECT f{number} AS value, count(*) AS number FROM passing"
        f" WHERE f{number} IS NOT NULL AND (failed IS NULL OR failed = '{facet.field}')"
        f" GROUP BY value ORDER BY number DESC, value LIMIT {facet.most})"
        for number, facet in enumerate(facets)
    ]
    whole = "SELECT NULL, NULL, count(*) FROM passing WHERE failed IS NULL"
    return f"WITH passing AS MATERIALIZED ({passing}) {' UNION ALL '.join([whole, *counts])}"


def _in_order(found: Counter[str], order: Sequence[str] | None) -> list[FacetValue]:
    """As ``order`` has it; else most frequent first, and by name."""
    names = (
        [name for name in order if name in found]
        if order
        else sorted(found, key=lambda name: (-found[name], name))
    )
    return [FacetValue(value=name, count=found[name]) for name in names]
