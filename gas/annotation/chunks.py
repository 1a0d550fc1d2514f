"""Annotates one chunk of the input: from its text to what goes into each file of the result."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from gas.annotation.genome import Genes, Genome
from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.consequence.effects import EffectColumns, annotate_effects
from gas.annotation.kernel.consequence.transcripts import Transcripts
from gas.annotation.kernel.intake.place import place, spans
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.joins.known import annotate_known
from gas.annotation.kernel.joins.regions import annotate_regions
from gas.annotation.kernel.joins.targets import SHIFT
from gas.annotation.kernel.output.emit import VcfText, write_vcf
from gas.annotation.kernel.output.table import skip_reasons, write_tsv
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.layout import Layout
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.reference.manifest import Contig
from gas.annotation.reference.tables import IndexedTable
from gas.annotation.results.bgzf import Blocks, bgzip_blocks
from gas.annotation.results.counts import Counts, count_chunk
from gas.annotation.results.info import BCSQ, SKIPPED
from gas.annotation.timings import Timings
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.scanning import scanner_for
from gas.annotation.vcf.source import Chunk

if TYPE_CHECKING:
    from gas.annotation.results.parquet import ParquetTable

# Rows of a table come in blocks of some 64 KB of text; records nearer than this share blocks.
_ROW_GAP_BASES = 50_000


PlacedRun = tuple[str, tuple[int, int, int] | None]
"""The name of a run's contig, and what `kernel.place` says of it where the bundle has it."""


@dataclass(frozen=True)
class AnnotatedChunk:
    chunk: Chunk
    scan: Scan
    placed: list[PlacedRun]
    counts: Counts
    vcf: VcfText
    vcf_blocks: Blocks
    tsv_blocks: Blocks | None
    table: Any  # of Arrow, or None


@dataclass(frozen=True)
class Workplace:
    """What the annotators of all threads share."""

    bundle: ReferenceBundle
    header: InputHeader
    layout: Layout
    genes: Genes
    parquet: "ParquetTable | None"
    bcsq: Path | None
    timings: Timings


class ChunkAnnotator:
    """For one thread at a time; a context manager."""

    def __init__(self, workplace: Workplace) -> None:
        self._place = workplace
        self._scanner = scanner_for(workplace.header)
        self._dropped = frozenset(name.encode() for name in workplace.header.earlier_fields)
        self._open = ExitStack()
        self._genome = self._open.enter_context(Genome(workplace.bundle, workplace.genes))
        self._bcsq = (
            self._open.enter_context(IndexedTable(workplace.bcsq)) if workplace.bcsq else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def annotate(self, chunk: Chunk) -> AnnotatedChunk:
        """Raises PermanentError for the first wrong line of the chunk."""
        stage = self._place.timings.stage
        with stage("scan"):
            scan = self._scanner.scan(chunk.text, chunk.first_line)
        effects = EffectColumns()
        added = {name: Column(name) for name in self._place.layout.added}
        placed = [self._annotate_run(scan, run, effects, added) for run in range(len(scan.runs))]
        records = scan.records
        columns = {column.name: column for column in effects.columns} | added
        columns[SKIPPED] = skip_reasons(records, SKIPPED)
        with stage("count"):
            counts = self._count(scan, columns)
        with stage("write VCF"):
            vcf = write_vcf(
                records,
                [
                    (field.name.encode(), columns[plain], field.mode)
                    for plain, field in self._place.layout.in_vcf
                ],
                self._dropped,
            )
        with stage("compress VCF"):
            vcf_blocks = bgzip_blocks(vcf.text)
        tsv_blocks = table = None
        in_tables = [columns[field.name] for field in self._place.layout.in_tables]
        if in_tables:
            with stage("write TSV"):
                tsv = write_tsv(records, in_tables)
            with stage("compress TSV"):
                tsv_blocks = bgzip_blocks(tsv)
        if self._place.parquet:
            with stage("make Arrow table"):
                table = self._place.parquet.table(records, in_tables)
        return AnnotatedChunk(chunk, scan, placed, counts, vcf, vcf_blocks, tsv_blocks, table)

    def _annotate_run(
        self, scan: Scan, run: int, effects: EffectColumns, added: dict[str, Column]
    ) -> PlacedRun:
        """Fill the columns for a run of records on one contig."""
        stage = self._place.timings.stage
        records, name = scan.records, scan.runs[run][0]
        contig = self._place.bundle.contig(name)
        with stage("read sequence"):
            sequence = self._genome.sequence(records, run, contig) if contig else _NOWHERE
        with stage("place"):
            placed = place(records, run, sequence if contig else None)
        with stage("load transcripts"):
            transcripts = (
                self._genome.transcripts(records, run, contig) if contig else _NO_TRANSCRIPTS
            )
        with stage("effects"):
            annotate_effects(records, run, sequence, transcripts, effects)
        if added:
            self._annotate_from_tables(records, run, contig, sequence, added)
        return name, placed if contig else None

    def _annotate_from_tables(
        self,
        records: Records,
        run: int,
        contig: Contig | None,
        sequence: Sequence,
        added: dict[str, Column],
    ) -> None:
        stage, bundle = self._place.timings.stage, self._place.bundle
        if self._bcsq:
            with stage("known"):
                rows = self._rows(self._bcsq, records, run, contig)
                annotate_known(records, run, sequence, rows, [added[BCSQ]])
        for table in bundle.known:
            columns = [added[column.name] for column in table.columns if column.name in added]
            if columns:
                with stage("known"):
                    rows = self._rows(self._genome.table(table.file), records, run, contig)
                    annotate_known(records, run, sequence, rows, columns)
        for track in bundle.regions:
            if track.field in added:
                with stage("regions"):
                    rows = self._rows(self._genome.table(track.file), records, run, contig)
                    annotate_regions(records, run, sequence, rows, added[track.field])

    def _rows(
        self, table: IndexedTable, records: Records, run: int, contig: Contig | None
    ) -> Iterator[bytes]:
        """The table's rows around the run's records."""
        if contig is None:
            return iter(())
        places = spans(records, run, _ROW_GAP_BASES, SHIFT, contig.length)
        return table.pieces_around(contig.name, places)

    def _count(self, scan: Scan, columns: dict[str, Column]) -> Counts:
        in_file = [column for column in self._place.bundle.known_columns if column.name in columns]
        return count_chunk(
            scan,
            columns,
            [columns[column.name] for column in in_file],
            [columns[column.name] for column in in_file if column.role == "frequency"],
        )


_NOWHERE = Sequence(0, [])
_NO_TRANSCRIPTS = Transcripts([])
