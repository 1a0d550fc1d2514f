"""A view as SQL: conditions and order. Every value is a parameter, every column is the file's own."""

import dataclasses
from collections.abc import Callable
from typing import Any

from services.api.explorer.catalogue import CARRIERS, Catalogue, quoted
from services.api.explorer.errors import invalid_filter
from services.api.explorer.query import ViewQuery, region_of

ROW_NUMBER = "file_row_number"
"""DuckDB's name for a row's number in a Parquet file, from 0."""

_PARTS = {
    "consequence": "string_split({column}, '&')",
    "filter": "string_split({column}, ';')",
    # ClinVar joins the terms of one record by '/', the bundle those of several by '&'.
    "significance": (
        "string_split(regexp_replace({column}, '([A-Za-z])/([A-Z])', '\\1&\\2', 'g'), '&')"
    ),
}
_SEVERITY = "list_position(['HIGH', 'MODERATE', 'LOW', 'MODIFIER'], {column})"


@dataclasses.dataclass(frozen=True)
class Condition:
    """``sql`` is true, false or NULL for a row; it names its ``values`` as $name."""

    field: str
    sql: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


def parts_of(field_name: str, column: str) -> str:
    """SQL for the list of the single values that a column joins."""
    return _PARTS[field_name].format(column=quoted(column))


def conditions(query: ViewQuery, catalogue: Catalogue) -> list[Condition]:
    """One for each filter that is set. Raises a Problem (invalid_filter) for one not served."""
    made = []
    for name, build in _BUILDERS.items():
        value = getattr(query, name)
        if value is None or value == ():
            continue
        if name not in catalogue.filters:
            raise invalid_filter(name, "This result has nothing to filter by that.")
        made.append(build(query, catalogue))
    return made


def frequency_column(query: ViewQuery, catalogue: Catalogue) -> str | None:
    """The column whose frequencies count in this view; none where the file has none."""
    if query.frequency is None:
        return next(iter(catalogue.frequencies), None)
    if query.frequency not in catalogue.frequencies:
        raise invalid_filter("frequency", "This result has no frequencies of that name.")
    return query.frequency


@dataclasses.dataclass(frozen=True)
class Order:
    """By ``key``, SQL over the file, missing values last; without one as the file is ordered."""

    key: str | None
    direction: str

    @property
    def is_of_file(self) -> bool:
        return self.key is None and self.direction == "ASC"

    def by(self, key: str | None) -> str:
        """What stands behind ORDER BY where the key is called so: always a total order."""
        if key is None:
            return f"{ROW_NUMBER} {self.direction}"
        return f"{key} {self.direction} NULLS LAST, {ROW_NUMBER}"


def order_of(query: ViewQuery, catalogue: Catalogue) -> Order:
    """Chromosome and position are the order of the file, in which it is sorted.

    Impact begins with HIGH, as whoever looks for it does.
    """
    descends = (query.sort or "").startswith("-")
    name = (query.sort or "position").removeprefix("-")
    if name not in catalogue:
        raise invalid_filter("sort", "This result has no such column.")
    direction = "DESC" if descends else "ASC"
    if name in {"chromosome", "position"}:
        return Order(None, direction)
    key = _SEVERITY.format(column=quoted(name)) if name == "impact" else quoted(name)
    return Order(key, direction)


def _one_of(name: str) -> Callable[[ViewQuery, Catalogue], Condition]:
    def build(query: ViewQuery, _catalogue: Catalogue) -> Condition:
        values = list(getattr(query, name))
        return Condition(name, f"list_has_any({parts_of(name, name)}, ${name})", {name: values})

    return build


def _gene(query: ViewQuery, _catalogue: Catalogue) -> Condition:
    values = [gene.lower() for gene in query.gene]
    return Condition("gene", 'list_contains($gene, lower("gene"))', {"gene": values})


def _impact(query: ViewQuery, _catalogue: Catalogue) -> Condition:
    values = [impact.upper() for impact in query.impact]
    return Condition("impact", 'list_contains($impact, "impact")', {"impact": values})


def _region(query: ViewQuery, catalogue: Catalogue) -> Condition:
    """Alleles whose reference bases overlap the region."""
    text = query.region or ""
    if text in catalogue.chromosomes:  # some names of contigs look like a region
        return Condition("region", '"chromosome" = $region', {"region": text})
    region = region_of(text)
    wanted = _plain_name(region.chromosome)
    names = [name for name in catalogue.chromosomes if _plain_name(name) == wanted]
    if not names:
        return Condition("region", "false")
    named = {f"region_{number}": name for number, name in enumerate(names)}
    return Condition(
        "region",
        f'"chromosome" IN ({", ".join(f"${key}" for key in named)})'
        ' AND "position" <= $region_end AND "position" + length("reference") > $region_start',
        {**named, "region_start": region.start, "region_end": region.end},
    )


def _plain_name(chromosome: str) -> str:
    """Without what UCSC and Ensembl disagree on."""
    name = chromosome.lower().removeprefix("chr")
    return "mt" if name == "m" else name


def _known(query: ViewQuery, catalogue: Catalogue) -> Condition:
    any_known = is_known(catalogue)
    if query.known == "known":
        return Condition("known", any_known)
    # As in the summary: an allele that was not annotated is neither known nor novel.
    return Condition("known", f"NOT {any_known} AND {is_annotated(catalogue)}")


def is_known(catalogue: Catalogue) -> str:
    """SQL that is true for an allele that any table of known variants has."""
    return f"({' OR '.join(f'{quoted(name)} IS NOT NULL' for name in catalogue.known)})"


def is_annotated(catalogue: Catalogue) -> str:
    """SQL that is true for an allele that was not passed through as it came."""
    return '"gas_skipped" IS NULL' if "gas_skipped" in catalogue else "true"


def _max_frequency(query: ViewQuery, catalogue: Catalogue) -> Condition:
    column = quoted(frequency_column(query, catalogue) or "")
    return Condition(
        "max_frequency",
        f"({column} IS NULL OR {column} <= $max_frequency)",
        {"max_frequency": query.max_frequency},
    )


def _significance(query: ViewQuery, catalogue: Catalogue) -> Condition:
    columns = [parts_of("significance", column) for column in catalogue.significances]
    tests = [f"coalesce(list_has_any({parts}, $significance), false)" for parts in columns]
    return Condition(
        "significance", f"({' OR '.join(tests)})", {"significance": list(query.significance)}
    )


def _genotype(query: ViewQuery, _catalogue: Catalogue) -> Condition:
    het, hom = (f"{quoted(column)} > 0" for column in CARRIERS)
    return Condition(
        "genotype", {"het": het, "hom": hom, "any": f"({het} OR {hom})"}[query.genotype or "any"]
    )


def _min_quality(query: ViewQuery, _catalogue: Catalogue) -> Condition:
    return Condition("min_quality", '"quality" >= $min_quality', {"min_quality": query.min_quality})


def _text(query: ViewQuery, catalogue: Catalogue) -> Condition:
    tests = [f"contains(lower({quoted(column)}), lower($text))" for column in catalogue.searchable]
    sql = " OR ".join(f"coalesce({test}, false)" for test in tests)
    return Condition("text", f"({sql})", {"text": query.text})


_BUILDERS: dict[str, Callable[[ViewQuery, Catalogue], Condition]] = {
    "gene": _gene,
    "region": _region,
    "consequence": _one_of("consequence"),
    "impact": _impact,
    "known": _known,
    "max_frequency": _max_frequency,
    "significance": _significance,
    "genotype": _genotype,
    "min_quality": _min_quality,
    "filter": _one_of("filter"),
    "text": _text,
}
