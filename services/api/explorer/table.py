# ruff: noqa: S608 - SQL is put together of our own words, quoted names and $parameters
"""Questions to one table of variants, each answered in a thread."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.api.explorer.catalogue import ROW, Catalogue, Column, columns_of, quoted
from services.api.explorer.database import Session
from services.api.explorer.filters import ROW_NUMBER, Condition, Order

SOURCE = f"read_parquet($path, {ROW_NUMBER} = true)"

_COLUMNS, _ROLES = "GAS_columns", "GAS_roles"
_MOST_CHROMOSOMES = 20_000


@dataclass(frozen=True)
class Table:
    """A file of variants on local disk; ``key`` is that of its object, which never changes."""

    key: str
    path: Path
    catalogue: Catalogue

    @property
    def values(self) -> dict[str, Any]:
        """The parameter that SOURCE needs."""
        return {"path": str(self.path)}


def read_catalogue(session: Session, path: Path) -> Catalogue:
    """From the file's schema, its footer and its chromosomes."""
    values = {"path": str(path)}
    schema = session.rows("DESCRIBE SELECT * FROM read_parquet($path)", values)
    footer = {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in session.rows("SELECT key, value FROM parquet_kv_metadata($path)", values)
    }
    [(rows,)] = session.rows(f"SELECT count(*) FROM {SOURCE}", values)
    chromosomes = session.rows(
        f'SELECT "chromosome" FROM {SOURCE} WHERE "chromosome" IS NOT NULL'
        f" GROUP BY 1 ORDER BY min({ROW_NUMBER}) LIMIT {_MOST_CHROMOSOMES}",
        values,
    )
    columns = columns_of(
        ((name, type_) for name, type_, *_ in schema),
        json.loads(footer.pop(_COLUMNS, "{}")),
        json.loads(footer.pop(_ROLES, "{}")),
    )
    return Catalogue(columns, rows, (name for (name,) in chromosomes), footer)


@dataclass(frozen=True)
class Found:
    """The rows of a view: ``matching`` of them, and the numbers of those on one ``page``."""

    matching: int
    page: int
    pages: int
    numbers: list[int]


def find(
    session: Session,
    table: Table,
    where: Sequence[Condition],
    order: Order,
    *,
    page: int,
    size: int,
) -> Found:
    """Asked for a page behind the last, gives the last.

    The file is gone through once: what meets the conditions is noted, to be counted and sorted.
    Only what orders the rows is read, not what they show.
    """
    source, key, values = SOURCE, order.key, table.values
    matching = table.catalogue.rows
    if where:
        noted = ROW_NUMBER if key is None else f"{ROW_NUMBER}, {key} AS key"
        session.execute(
            f"CREATE TEMP TABLE found AS SELECT {noted} FROM {SOURCE} WHERE {all_of(where)}",
            {**values, **bound(where)},
        )
        source, key, values = "found", key and "key", {}
        [(matching,)] = session.rows("SELECT count(*) FROM found", {})
    pages = max(1, -(-matching // size))
    page = min(page, pages)
    numbers = session.rows(
        f"SELECT {ROW_NUMBER} FROM {source} ORDER BY {order.by(key)} LIMIT $limit OFFSET $offset",
        {**values, "limit": size, "offset": (page - 1) * size},
    )
    return Found(matching, page, pages, [number for (number,) in numbers])


def rows_of(
    session: Session, table: Table, numbers: Sequence[int], columns: Sequence[Column]
) -> list[dict[str, Any]]:
    """These rows, in this order."""
    if not numbers:
        return []
    listed = ", ".join(str(int(number)) for number in numbers)
    found = session.rows(
        f"SELECT {ROW_NUMBER}, {shown(columns)} FROM {SOURCE} WHERE {ROW_NUMBER} IN ({listed})",
        table.values,
    )
    by_number = {row[0]: _as_dict(row, columns) for row in found}
    return [by_number[number] for number in numbers]


def same_position(
    session: Session, table: Table, row: Mapping[str, Any], columns: Sequence[Column]
) -> list[dict[str, Any]]:
    """The other alleles that begin where this one does."""
    found = session.rows(
        f"SELECT {ROW_NUMBER}, {shown(columns)} FROM {SOURCE}"
        ' WHERE "chromosome" = $chromosome AND "position" = $position'
        f" AND {ROW_NUMBER} <> $row ORDER BY {ROW_NUMBER}",
        {
            **table.values,
            "chromosome": row["chromosome"],
            "position": row["position"],
            "row": row[ROW],
        },
    )
    return [_as_dict(entry, columns) for entry in found]


def all_of(where: Iterable[Condition]) -> str:
    """SQL that demands every condition."""
    return " AND ".join(f"({condition.sql})" for condition in where) or "true"


def bound(where: Iterable[Condition]) -> dict[str, Any]:
    return {name: value for condition in where for name, value in condition.values.items()}


def shown(columns: Iterable[Column]) -> str:
    """A select list. Single precision is told in as few digits as tell it: 30.1, not 30.10000038."""
    return ", ".join(
        f"CAST(CAST({quoted(column.name)} AS VARCHAR) AS DOUBLE)"
        if column.type == "FLOAT"
        else quoted(column.name)
        for column in columns
    )


def _as_dict(row: Sequence[Any], columns: Sequence[Column]) -> dict[str, Any]:
    values = {column.name: _sayable(value) for column, value in zip(columns, row[1:], strict=True)}
    return {**values, ROW: row[0]}


def _sayable(value: Any) -> Any:
    """VCF knows Inf and NaN, JSON does not."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
