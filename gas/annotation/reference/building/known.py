"""Writes a table of known variants: one row an allele, left-aligned, in order, no allele twice."""

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from gas.annotation.reference.building.alleles import (
    MAX_SHIFT,
    Genome,
    is_sequence,
    left_aligned,
)
from gas.annotation.reference.building.text import bgzip_writer, unusable
from gas.annotation.reference.manifest import ValueType

MISSING = "."
JOIN = "&"
# A few rows of another assembly's patches are normal; more is a table for another genome.
_MISMATCH_LIMIT, _ENOUGH_ROWS = 0.1, 100


@dataclass(frozen=True, slots=True)
class KnownAllele:
    """As a source has it: ``position`` from 1, ``values`` one a column, '.' where none."""

    contig: str
    position: int
    reference: str
    alternate: str
    values: tuple[str, ...]


@dataclass
class Counts:
    """What became of a source's alleles."""

    rows: int = 0
    not_a_sequence: int = 0
    unknown_contig: int = 0
    reference_differs: int = 0
    without_value: int = 0


_Row = tuple[int, str, str, tuple[str, ...]]


def write_known(
    source: Path,
    alleles: Iterable[KnownAllele],
    types: tuple[ValueType, ...],
    genome: Genome,
    target: Path,
) -> Counts:
    """Write the table ``target`` (``*.tsv.gz``).

    Alleles must come sorted by position, the contigs in any order. Values of one allele that is
    there twice are joined by '&', each once; of numbers, the largest stays. Raises PermanentError
    REFERENCE_DAMAGED where the source is not sorted or was made for another genome.
    """
    counts = Counts()
    numbers = [index for index, kind in enumerate(types) if kind != "String"]
    seen: set[str] = set()
    with bgzip_writer(target) as write:
        placed = _placed(alleles, genome, counts)
        for contig, group in groupby(placed, key=lambda entry: entry[0]):
            if contig in seen:
                raise unusable(source, f"the rows of {contig} do not stand together")
            seen.add(contig)
            rows = _in_order(source, ((position, row) for _, position, row in group))
            for (start, reference, alternate), same in groupby(rows, key=lambda row: row[:3]):
                values = _merged([row[3] for row in same], types)
                _check_numbers(source, values, numbers)
                write("\t".join((contig, str(start), reference, alternate, *values)) + "\n")
                counts.rows += 1
    compared = counts.rows + counts.reference_differs
    if compared >= _ENOUGH_ROWS and counts.reference_differs > _MISMATCH_LIMIT * compared:
        raise unusable(source, "the REF of its alleles is not that of the genome")
    if not counts.rows:
        raise unusable(source, "none of its alleles lies on the genome")
    return counts


def _placed(
    alleles: Iterable[KnownAllele], genome: Genome, counts: Counts
) -> Iterator[tuple[str, int, _Row]]:
    """Contig, the position in the source, and the row."""
    name, contig = "", None
    for allele in alleles:
        if allele.contig != name:
            name, contig = allele.contig, genome.contig(allele.contig)
        reference, alternate = allele.reference.upper(), allele.alternate.upper()
        start = allele.position - 1
        if contig is None:
            counts.unknown_contig += 1
        elif not is_sequence(reference) or not is_sequence(alternate) or reference == alternate:
            counts.not_a_sequence += 1
        elif all(value in ("", MISSING) for value in allele.values):
            counts.without_value += 1
        elif start < 0 or genome.bases(contig.name, start, start + len(reference)) != reference:
            counts.reference_differs += 1
        else:
            form = left_aligned(genome, contig.name, allele.position, reference, alternate)
            yield contig.name, allele.position, (*form, allele.values)


def _in_order(source: Path, rows: Iterable[tuple[int, _Row]]) -> Iterator[_Row]:
    """Sorted by position and alleles, from rows sorted by the position in the source.

    Left-aligning moves a row by at most MAX_SHIFT, so one that lies further back can go.
    """
    waiting: list[_Row] = []
    last = 0
    for position, row in rows:
        if position < last:
            raise unusable(source, f"its rows are not sorted, at position {position:,}")
        last = position
        heapq.heappush(waiting, row)
        while waiting[0][0] < position - MAX_SHIFT:
            yield heapq.heappop(waiting)
    while waiting:
        yield heapq.heappop(waiting)


def _merged(rows: list[tuple[str, ...]], types: tuple[ValueType, ...]) -> list[str]:
    if len(rows) == 1:
        return [value or MISSING for value in rows[0]]
    return [_one(column, kind) for column, kind in zip(zip(*rows, strict=True), types, strict=True)]


def _one(values: tuple[str, ...], kind: ValueType) -> str:
    present = [value for value in dict.fromkeys(values) if value not in ("", MISSING)]
    if not present:
        return MISSING
    if kind == "String":
        entries = dict.fromkeys(entry for value in present for entry in value.split(JOIN))
        return JOIN.join(entries)
    return max(present, key=_number)


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        return math.inf  # so that it stays, and is told


def _check_numbers(source: Path, values: list[str], numbers: list[int]) -> None:
    for index in numbers:
        if values[index] != MISSING and math.isinf(_number(values[index])):
            raise unusable(source, f"{values[index]!r} is no number")
