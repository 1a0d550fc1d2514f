"""The explorer: every question about the variants of a job's result."""

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import timedelta
from typing import TypeVar

from gas.annotation import ANNOTATED_VCF, VARIANTS_PARQUET
from gas.domain.job import Job
from gas.ports import ObjectStore
from gas.runtime.records import Clock
from services.api.explorer.answers import ColumnView, Facets, RowDetails, VariantPage
from services.api.explorer.catalogue import Catalogue, Column
from services.api.explorer.database import Session
from services.api.explorer.errors import invalid_filter, no_such_row, no_variants_table
from services.api.explorer.exports import ExportFormat, View
from services.api.explorer.facets import count_facets
from services.api.explorer.filters import conditions, order_of
from services.api.explorer.query import ViewQuery
from services.api.explorer.remembered import Remembered
from services.api.explorer.table import (
    Table,
    find,
    read_catalogue,
    rows_of,
    same_position,
)
from services.api.explorer.workspace import Workspace
from services.api.jobs.readable import readable_key
from services.api.settings import ApiSettings

T = TypeVar("T")

_CATALOGUES_KEPT = 100
_FACETS_KEPT = 200
_UNUSED = timedelta(hours=1)


class Explorer:
    """Answers come from a local copy of ``variants.parquet``; the record says whether it may be read.

    All methods take a job as its owner's desk found it, and raise Problems: no_variants_table,
    file_archived, file_lost, invalid_filter, and 503 where the answer would take too long.
    """

    def __init__(self, results: ObjectStore, settings: ApiSettings, clock: Clock) -> None:
        self._results = results
        self._workspace = Workspace(results, settings, clock)
        self._timeout = timedelta(seconds=settings.explorer_query_seconds)
        self._catalogues = Remembered[str, Catalogue](_CATALOGUES_KEPT)
        self._facets = Remembered[tuple[str, tuple[tuple[str, str], ...]], Facets](_FACETS_KEPT)

    async def catalogue(self, job: Job) -> Catalogue:
        """Which columns there are, and what they can be asked."""
        async with self._table(job) as table:
            return table.catalogue

    async def page(self, job: Job, query: ViewQuery) -> VariantPage:
        return await self._ask(job, lambda session, table: _page(session, table, query))

    async def facets(self, job: Job, query: ViewQuery) -> Facets:
        """Whoever turns pages or sorts asks for the same ones again and again."""
        async with self._table(job) as table:
            key = (table.key, query.filter_params())
            return self._facets.get(key) or self._facets.put(
                key, await self._run(lambda session: count_facets(session, table, query))
            )

    async def row(self, job: Job, row: int) -> RowDetails:
        """All of one allele. Raises a Problem (row_not_found)."""
        return await self._ask(job, lambda session, table: _details(session, table, row))

    async def export(
        self, job: Job, query: ViewQuery, form: ExportFormat, *, all_columns: bool = False
    ) -> AsyncGenerator[bytes]:
        """The whole view as a file, in pieces; what can be refused is, before the first one.

        Its columns are those that the view shows, or all; as VCF, the records of the annotated
        VCF, in their order, that have an allele in the view. Close it in any case.
        """
        exports = self._workspace.exports
        async with exports.place(), self._table(job) as table:
            catalogue = table.catalogue
            view = View(
                query,
                conditions(query, catalogue),
                order_of(query, catalogue),
                list(catalogue.columns.values())
                if all_columns
                else chosen_columns(query, catalogue),
            )
            if form is ExportFormat.VCF:
                key = readable_key(job, ANNOTATED_VCF)
                size = next(file.size for file in job.files if file.name == ANNOTATED_VCF)
                pieces = exports.vcf(table, view, self._results, key, size)
            else:
                pieces = exports.table(table, view, form)
            async with contextlib.aclosing(pieces):
                async for piece in pieces:
                    yield piece

    async def forget_unused(self) -> None:
        """Let go of what nobody has looked at for an hour."""
        self._workspace.forget_unused(_UNUSED)

    async def close(self) -> None:
        """Remove all local copies; only once no question is under way."""
        await self._workspace.close()

    async def _ask(self, job: Job, question: Callable[[Session, Table], T]) -> T:
        async with self._table(job) as table:
            return await self._run(lambda session: question(session, table))

    async def _run(self, work: Callable[[Session], T]) -> T:
        return await self._workspace.database.run(work, self._timeout)

    @contextlib.asynccontextmanager
    async def _table(self, job: Job) -> AsyncIterator[Table]:
        file = job.file(VARIANTS_PARQUET)
        if file is None:
            raise no_variants_table()
        key = readable_key(job, file.name)
        async with self._workspace.cache.open(file, key) as path:
            catalogue = self._catalogues.get(key) or self._catalogues.put(
                key, await self._run(lambda session: read_catalogue(session, path))
            )
            yield Table(key, path, catalogue)


def chosen_columns(query: ViewQuery, catalogue: Catalogue) -> list[Column]:
    """Those that the view names, in its order; by default those to begin with."""
    missing = [name for name in query.columns if name not in catalogue]
    if missing:
        raise invalid_filter("columns", f"This result has no column {missing[0]}.")
    names = dict.fromkeys(query.columns or catalogue.shown_first)
    return [catalogue.columns[name] for name in names]


def _page(session: Session, table: Table, query: ViewQuery) -> VariantPage:
    columns = chosen_columns(query, table.catalogue)
    found = find(
        session,
        table,
        conditions(query, table.catalogue),
        order_of(query, table.catalogue),
        page=query.page,
        size=query.size,
    )
    return VariantPage(
        rows=rows_of(session, table, found.numbers, columns),
        columns=[ColumnView.of(column) for column in columns],
        total=table.catalogue.rows,
        matching=found.matching,
        page=found.page,
        pages=found.pages,
        size=query.size,
    )


def _details(session: Session, table: Table, row: int) -> RowDetails:
    columns = list(table.catalogue.columns.values())
    if not 0 <= row < table.catalogue.rows:
        raise no_such_row()
    [details] = rows_of(session, table, [row], columns)
    first = [table.catalogue.columns[name] for name in table.catalogue.shown_first]
    return RowDetails(
        row=details,
        columns=[ColumnView.of(column) for column in columns],
        same_position=same_position(session, table, details, first),
    )
