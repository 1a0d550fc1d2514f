# ruff: noqa: S608 - SQL is put together of our own words, quoted names and $parameters
"""Exactly one view of a result, as a file."""

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlencode

import structlog

from gas.ports import ObjectStore
from services.api.explorer.catalogue import Catalogue, Column, quoted
from services.api.explorer.database import Database, Session
from services.api.explorer.filters import ROW_NUMBER, Condition, Order
from services.api.explorer.query import ViewQuery
from services.api.explorer.table import SOURCE, Table, all_of, bound
from services.api.explorer.vcf import VcfFilter
from services.api.jobs.readable import lost_file
from services.api.problems import unavailable

log = structlog.get_logger()

_PATIENCE = timedelta(seconds=10)
_PIECE_BYTES = 4 * 1024**2
_ROWS_AT_A_TIME = 50_000


class ExportFormat(StrEnum):
    VCF = "vcf"
    TSV = "tsv"
    CSV = "csv"
    PARQUET = "parquet"

    @property
    def suffix(self) -> str:
        """What the name of the file ends with."""
        return "vcf.gz" if self is ExportFormat.VCF else self.value

    @property
    def media_type(self) -> str:
        return _MEDIA_TYPES[self]


_MEDIA_TYPES = {
    ExportFormat.VCF: "application/gzip",
    ExportFormat.TSV: "text/tab-separated-values; charset=utf-8",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True)
class View:
    """What is exported: rows that meet all conditions, in an order, and some columns of them."""

    query: ViewQuery
    where: Sequence[Condition]
    order: Order
    columns: Sequence[Column]

    @property
    def note(self) -> str:
        """The view as a URL has it, so that whoever has the file can tell what it is."""
        return urlencode(self.query.to_params())


@dataclass(frozen=True)
class ExportLimits:
    """``at_a_time`` exports in all, each of ``max_bytes`` on disk and so much ``time``."""

    at_a_time: int
    max_bytes: int
    time: timedelta


class Exports:
    """Made in ``folder``, a few at a time; nothing of them stays."""

    def __init__(self, folder: Path, database: Database, limits: ExportLimits) -> None:
        self._folder = folder
        self._database = database
        self._limits = limits
        self._places = asyncio.Semaphore(limits.at_a_time)

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the few, for as long as an export is made and sent. Raises a Problem (503)."""
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await self._places.acquire()
        except TimeoutError as error:
            raise unavailable("Too many exports are under way. Please try again.") from error
        try:
            yield
        finally:
            self._places.release()

    async def table(self, table: Table, view: View, form: ExportFormat) -> AsyncGenerator[bytes]:
        """As TSV, CSV or Parquet, written by DuckDB and then sent. Close it in any case."""
        with tempfile.TemporaryDirectory(prefix="export-", dir=self._folder) as folder:
            target = Path(folder) / "file"
            sql = copy_statement(table.catalogue, view, form, target)
            values = {**table.values, **bound(view.where)}
            await self._database.run(
                lambda session: session.execute(sql, values),
                self._limits.time,
                watch=self._watch(target),
            )
            with target.open("rb") as stream:
                while piece := await asyncio.to_thread(stream.read, _PIECE_BYTES):
                    yield piece

    async def vcf(
        self, table: Table, view: View, store: ObjectStore, key: str, size: int
    ) -> AsyncGenerator[bytes]:
        """Records of the annotated VCF, filtered while they are fetched. Close it in any case."""
        wanted = await self._database.run(
            lambda session: wanted_rows(session, table, view.where), self._limits.time
        )
        vcf = VcfFilter(wanted, f"##GAS_view={view.note}".encode())
        for start in range(0, size, _PIECE_BYTES):
            end = min(start + _PIECE_BYTES, size)
            try:
                piece = await store.read(key, start=start, end=end)
            except FileNotFoundError as error:
                raise lost_file() from error
            if ready := await asyncio.to_thread(vcf.feed, piece):
                yield ready
            if vcf.is_done:
                break
        yield await asyncio.to_thread(vcf.finish)

    def _watch(self, target: Path) -> Callable[[], None]:
        def watch() -> None:
            if target.exists() and target.stat().st_size > self._limits.max_bytes:
                log.warning("an export is too large", bytes=self._limits.max_bytes)
                raise unavailable("This export is too large. Please export less at a time.")

        return watch


def wanted_rows(session: Session, table: Table, where: Sequence[Condition]) -> bytearray:
    """A byte for each row of the file, 1 where it meets the conditions."""
    if not where:
        return bytearray(b"\x01") * table.catalogue.rows
    wanted = bytearray(table.catalogue.rows)
    session.execute(
        f"SELECT {ROW_NUMBER} FROM {SOURCE} WHERE {all_of(where)}",
        {**table.values, **bound(where)},
    )
    while numbers := session.connection.fetchmany(_ROWS_AT_A_TIME):
        for (number,) in numbers:
            wanted[number] = 1
    return wanted


def copy_statement(catalogue: Catalogue, view: View, form: ExportFormat, target: Path) -> str:
    """Without an order of its own a view is in the file's, which DuckDB keeps by itself."""
    order = "" if view.order.is_of_file else f" ORDER BY {view.order.by(view.order.key)}"
    columns = ", ".join(quoted(column.name) for column in view.columns)
    select = f"SELECT {columns} FROM {SOURCE} WHERE {all_of(view.where)}{order}"
    return f"COPY ({select}) TO {_literal(str(target))} ({_options(catalogue, view, form)})"


def _options(catalogue: Catalogue, view: View, form: ExportFormat) -> str:
    if form is ExportFormat.PARQUET:
        facts = {
            **catalogue.facts,
            "GAS_columns": json.dumps({c.name: c.description for c in view.columns}),
            "GAS_roles": json.dumps({c.name: c.role for c in view.columns if c.role}),
            "GAS_view": view.note,
        }
        return f"FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{_pairs(facts)}}}"
    delimiter = "," if form is ExportFormat.CSV else "\t"
    return f"FORMAT csv, HEADER, DELIMITER {_literal(delimiter)}"


def _pairs(facts: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(name)}: {_literal(value)}" for name, value in facts.items())


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
