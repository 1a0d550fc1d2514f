"""A view of variants as its page needs it: addresses of its neighbours, chips, columns, paging."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from services.api.explorer.answers import ColumnView, Facets, FacetValue, VariantPage
from services.api.explorer.catalogue import Catalogue
from services.api.explorer.query import ViewQuery
from services.api.problems import ApiCode, Problem
from services.api.web.variant_labels import label, words

PLACE = ("chromosome", "position", "reference", "alternate")
"""Together they are the first column of the table, whatever other columns are chosen."""

_PLAIN = ":,"
"""Characters that stay as they are in addresses, to be read."""

SIZES = (25, 50, 100, 250)
_FACET_VALUES = 60
_KEPT_IN_ORDER = frozenset({"impact"})  # by severity, whichever are chosen

_NAMES = {
    "het": "heterozygous",
    "hom": "homozygous",
    "any": "present in a sample",
    "known": "known variants only",
    "novel": "novel variants only",
}


@dataclass(frozen=True)
class Chip:
    """A filter that is set; ``address`` is the view without it."""

    label: str
    address: str


@dataclass(frozen=True)
class Choice:
    """A value that a filter can have; ``count`` alleles would be shown by it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Refused:
    """A part of an address that makes no sense; the view is without it."""

    field: str
    sentence: str


@dataclass(frozen=True)
class VariantView:
    """``base`` is the address of the explorer. ``refused`` are parts of the address left out."""

    base: str
    query: ViewQuery
    catalogue: Catalogue
    page: VariantPage
    facets: Facets | None
    refused: tuple[Refused, ...] = ()

    def address(self, **changes: object) -> str:
        """Of a view that differs by this; on its first page unless told otherwise."""
        return address(self.base, self.query.changed(**changes))

    @property
    def here(self) -> str:
        return address(self.base, self.query)

    def export(self, form: str, *, all_columns: bool = False) -> str:
        """Where exactly this view can be downloaded, its columns with the place before them."""
        shown = [*PLACE, *(column.name for column in self.columns)]
        view = self.query.changed(columns=() if all_columns else shown)
        params = [*view.to_params(), ("format", form)]
        if all_columns:
            params.append(("all_columns", "true"))
        return f"{self.base}/export?{urlencode(params, safe=_PLAIN)}"

    def row(self, index: int) -> str:
        """The page of the ``index``-th row of this page, which knows its place in the view."""
        at = (self.page.page - 1) * self.page.size + index
        return row_address(self.base, self.query, self.page.rows[index]["row"], at)

    @property
    def columns(self) -> Sequence[ColumnView]:
        """Those beside the place."""
        return [column for column in self.page.columns if column.name not in PLACE]

    @property
    def all_columns(self) -> Sequence[Any]:
        return [column for name, column in self.catalogue.columns.items() if name not in PLACE]

    @property
    def chosen_columns(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)

    def is_served(self, field: str) -> bool:
        """Whether this result can be filtered by that."""
        return field in self.catalogue.filters

    def sort_address(self, column: str) -> str:
        """A first click sorts upwards, a second one downwards, a third one as the file was."""
        following = {column: f"-{column}", f"-{column}": None}.get(self.query.sort or "", column)
        return self.address(sort=following)

    def aria_sort(self, column: str) -> str | None:
        return {column: "ascending", f"-{column}": "descending"}.get(self.query.sort or "")

    @property
    def first_shown(self) -> int:
        return (self.page.page - 1) * self.page.size + 1 if self.page.rows else 0

    @property
    def last_shown(self) -> int:
        return max(0, self.first_shown + len(self.page.rows) - 1)

    def page_address(self, number: int) -> str | None:
        """None where the page is this one or is not there."""
        if number == self.page.page or not 1 <= number <= self.page.pages:
            return None
        return self.address(page=number)

    def choices(self, field: str) -> Sequence[Choice]:
        """What a filter by checkboxes offers: what is chosen, then what there is of it most."""
        counts = {value.value: value.count for value in self._counted(field)}
        chosen = getattr(self.query, field)
        values = dict.fromkeys((*counts, *chosen))
        shown = sorted(values, key=lambda value: value not in chosen)[:_FACET_VALUES]
        if field in _KEPT_IN_ORDER:
            shown = [*values]
        return [Choice(v, words(v), counts.get(v, 0), v in chosen) for v in shown]

    def count_of(self, facet: str, value: str) -> int | None:
        """How many alleles a choice would show; None where nobody counted."""
        if self.facets is None or facet not in self.facets.facets:
            return None
        return next((v.count for v in self._counted(facet) if v.value == value), 0)

    @property
    def genes(self) -> Sequence[str]:
        """Suggestions: the genes of the view with the most variants."""
        return [value.value for value in self._counted("gene")]

    @property
    def chips(self) -> Sequence[Chip]:
        return list(self._chips())

    def _counted(self, facet: str) -> Sequence[FacetValue]:
        return self.facets.facets.get(facet, []) if self.facets else []

    def _chips(self) -> Iterator[Chip]:
        query = self.query
        many = {
            "gene": "Gene",
            "consequence": "Consequence",
            "impact": "Impact",
            "significance": "Clinical significance",
            "filter": "FILTER",
        }
        for field, name in many.items():
            values = getattr(query, field)
            for value in values:
                rest = tuple(other for other in values if other != value)
                said = value.lower() if field == "impact" else words(value)
                yield Chip(f"{name}: {said}", self.address(**{field: rest}))
        if query.region:
            yield Chip(f"Region: {query.region}", self.address(region=None))
        if query.known:
            yield Chip(_NAMES[query.known].capitalize(), self.address(known=None))
        if query.max_frequency is not None:
            named = f"{label(self.frequency)} at most {query.max_frequency:g}"
            yield Chip(named, self.address(max_frequency=None))
        if query.genotype:
            yield Chip(f"Genotype: {_NAMES[query.genotype]}", self.address(genotype=None))
        if query.min_quality is not None:
            yield Chip(f"Quality at least {query.min_quality:g}", self.address(min_quality=None))
        if query.text:
            yield Chip(f"Search: {query.text}", self.address(text=None))

    @property
    def frequency(self) -> str:
        """The column whose frequencies are filtered by."""
        return self.query.frequency or next(iter(self.catalogue.frequencies), "")

    @property
    def is_filtered(self) -> bool:
        return self.query.is_filtered()

    @property
    def without_filters(self) -> str:
        """The same columns, order and size, of all variants."""
        kept = {name: getattr(self.query, name) for name in ("sort", "size", "columns")}
        return address(self.base, ViewQuery().changed(**kept))


def address(base: str, query: ViewQuery) -> str:
    params = urlencode(query.to_params(), safe=_PLAIN)
    return f"{base}?{params}" if params else base


def row_address(base: str, query: ViewQuery, row: int, at: int) -> str:
    """Of the page of one row, which is the ``at``-th (from 0) of the view."""
    params = [*query.changed(page=at // query.size + 1).to_params(), ("at", str(at))]
    return f"{base}/{row}?{urlencode(params, safe=_PLAIN)}"


def read_query(
    params: QueryParams, *, besides: Sequence[str] = ()
) -> tuple[ViewQuery, list[Refused]]:
    """The view that an address names, and what of the address makes no sense, which is left out."""
    refused: list[Refused] = []
    items = params.multi_items()
    while True:
        try:
            return ViewQuery.from_params(QueryParams(items), besides=besides), refused
        except Problem as problem:
            refused.append(refusal_of(problem))
            items = [(name, value) for name, value in items if name[:40] != problem.field]


def refusal_of(problem: Problem) -> Refused:
    """Raises the Problem where it is not about a part of the address."""
    if problem.code != ApiCode.INVALID_FILTER or problem.field is None:
        raise problem
    return Refused(problem.field, problem.detail.removeprefix(f"{problem.field}: "))


def without(query: ViewQuery, field: str) -> ViewQuery:
    """The same view without this part of it."""
    defaults: Mapping[str, Any] = ViewQuery().model_dump()
    return query.changed(**{field: defaults[field]})
