"""What the explorer answers, as pages and programs get it."""

from typing import Any

from pydantic import Field

from services.api.explorer.catalogue import Column
from services.api.views.base import View


class ColumnView(View):
    """``role`` is what a known value is for: id, frequency, significance, region and others."""

    name: str
    kind: str = Field(description="text, integer or number")
    description: str
    role: str

    @classmethod
    def of(cls, column: Column) -> "ColumnView":
        return cls(
            name=column.name, kind=column.kind, description=column.description, role=column.role
        )


class VariantPage(View):
    """One page of a view, which ends at ``pages``; asked for a later one, this is the last.

    A row has a value or null for each of ``columns``, and its id as ``row``. ``total`` are all
    alleles of the result, ``matching`` those of the view.
    """

    rows: list[dict[str, Any]]
    columns: list[ColumnView]
    total: int
    matching: int
    page: int
    pages: int
    size: int


class FacetValue(View):
    value: str
    count: int


class Facets(View):
    """How many alleles each value of a filter has, most frequent first.

    Each facet is counted under all *other* filters of the view, so that it tells what another
    choice would show. An allele with several values counts for each. Facets that the file cannot
    serve are not there. ``frequency`` has bins, each below its bound and not below the one
    before, of the column ``frequency_column``.
    """

    total: int
    matching: int
    frequency_column: str | None
    facets: dict[str, list[FacetValue]]


class RowDetails(View):
    """All columns of one row, and the other alleles at its position."""

    row: dict[str, Any]
    columns: list[ColumnView]
    same_position: list[dict[str, Any]]
