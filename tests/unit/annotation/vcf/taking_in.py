"""Drives intake, scan and place over one file, as the engine does, without annotating anything."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gas.annotation.kernel.intake.place import place, spans
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.vcf.genome_check import GenomeVerdict, check_declared_lengths
from gas.annotation.vcf.ordering import Order, sort_chunks
from gas.annotation.vcf.record import Undeclared
from gas.annotation.vcf.scanning import add_undeclared, scanner_for
from gas.annotation.vcf.source import CHUNK_BYTES, Chunk, Input
from gas.domain.errors import ErrorCode, PermanentError

GAP, MARGIN = 1000, 50


@dataclass
class Taken:
    """What came of one input: its record lines in output order, and what is told of them."""

    form: str = ""
    lines: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    positions: list[tuple[str, int]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    genotypes: list[tuple[int, ...]] = field(default_factory=list)
    undeclared: Undeclared = field(default_factory=Undeclared)
    warnings: list[str] = field(default_factory=list)
    blank: int = 0
    in_order: bool = True
    sorted_by_gas: bool = False
    ends_in_newline: bool = True


def take_in(
    path: Path,
    bundle: ReferenceBundle,
    bases: dict[str, bytes],
    folder: Path,
    limits: Limits | None = None,
    chunk_bytes: int = CHUNK_BYTES,
) -> Taken:
    """``bases`` has the whole sequence of each contig of the bundle."""
    limits = limits or Limits()
    taken = _take_in(path, bundle, bases, limits, chunk_bytes, None)
    if taken.in_order:
        return taken
    taken = _take_in(path, bundle, bases, limits, chunk_bytes, folder)
    assert taken.in_order
    assert list(folder.iterdir()) == []  # the sorted pieces are gone
    return taken


def _take_in(
    path: Path,
    bundle: ReferenceBundle,
    bases: dict[str, bytes],
    limits: Limits,
    chunk_bytes: int,
    sort_in: Path | None,
) -> Taken:
    with Input(path, limits, chunk_bytes) as source:
        check_declared_lengths(source.header.contigs, bundle)
        taken = Taken(source.form, warnings=list(source.header.warnings))
        chunks: Iterable[Chunk] = source.chunks()
        if sort_in:
            chunks = sort_chunks(chunks, source.header, sort_in, lambda _: None)
        scanner, order, verdict = scanner_for(source.header), Order(), GenomeVerdict(bundle)
        try:
            for chunk in chunks:
                scan = scanner.scan(chunk.text, chunk.first_line)
                order.note(scan)
                add_undeclared(taken.undeclared, scan.undeclared)
                for index, (name, *_) in enumerate(scan.runs):
                    contig = bundle.contig(name)
                    sequence = contig and windows(
                        scan.records, index, bases[contig.name], GAP, MARGIN
                    )
                    placed = place(scan.records, index, sequence or None)
                    verdict.note_run(chunk, name, placed if contig else None)
                _note(taken, chunk, scan)
        except PermanentError:
            source.check_rest()
            raise
        if not taken.lines:
            raise PermanentError(ErrorCode.NO_VARIANTS, "The file has a header but no variants.")
        verdict.judge()
        taken.in_order, taken.sorted_by_gas = order.is_sorted, sort_in is not None
        taken.ends_in_newline = source.ends_in_newline
    return taken


def windows(records: Records, run: int, bases: bytes, gap: int, margin: int) -> Sequence:
    """Only the windows that `spans` asks for, so that a span too short is found out."""
    wanted = spans(records, run, gap, margin, len(bases))
    return Sequence(len(bases), [(start, bases[start:end]) for start, end in wanted])


def _note(taken: Taken, chunk: Chunk, scan: Scan) -> None:
    records = scan.records
    offset = 0
    for index in range(len(records)):
        line, position, _, _ = records.site(index)
        offset = chunk.text.index(line, offset)
        taken.lines.append(line)
        taken.numbers.append(chunk.line_number(offset))
        offset += len(line)
        taken.positions.append((records.columns(index)[0].decode(), position))
    for index in range(records.count_of_alleles):
        reason = records.allele(index)[2]
        if reason:
            taken.skipped[reason] += 1
    taken.blank += scan.blank
    so_far = taken.genotypes or [(0, 0, 0, 0)] * len(scan.genotypes)
    taken.genotypes = [
        tuple(a + b for a, b in zip(before, more, strict=True))
        for before, more in zip(so_far, scan.genotypes, strict=True)
    ]
