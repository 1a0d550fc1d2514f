"""Alleles as a table of known variants has them: trimmed and left-aligned.

The algorithm is that of Tan, Abecasis and Kang, Bioinformatics 31:2202 (2015): drop the last base
while both alleles share it, taking in the base before where one would become empty; then drop the
first base while both share it and keep another.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

import pysam

from gas.annotation.reference.manifest import Contig

_BLOCK_BASES = 1 << 18
MAX_SHIFT = 50_000
"""An allele is moved left by no more than this, so that few rows wait to be put in order."""

_BASES = frozenset("ACGTN")


class Genome:
    """Bases of a FASTA, upper case; sequential use is fast."""

    def __init__(self, fasta: Path, contigs: list[Contig]) -> None:
        self._fasta = pysam.FastaFile(str(fasta))
        self._contigs = {alias: c for c in contigs for alias in c.aliases} | {
            contig.name: contig for contig in contigs
        }
        self._name, self._start, self._bases = "", 0, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._fasta.close()

    def contig(self, name: str) -> Contig | None:
        """By its own name or an alias."""
        return self._contigs.get(name)

    def bases(self, contig: str, start: int, end: int) -> str:
        """0-based, half open; shorter than asked for beyond the contig's end."""
        if contig != self._name or start < self._start or end > self._start + len(self._bases):
            first = max(0, start - _BLOCK_BASES // 4)
            last = max(end, first + _BLOCK_BASES)
            self._bases = str(self._fasta.fetch(contig, first, last)).upper()
            self._name, self._start = contig, first
        return self._bases[start - self._start : end - self._start]


def is_sequence(allele: str) -> bool:
    """Whether it is spelled out in bases: neither symbolic nor ``*`` nor missing."""
    return bool(allele) and _BASES.issuperset(allele)


def left_aligned(
    genome: Genome, contig: str, position: int, reference: str, alternate: str
) -> tuple[int, str, str]:
    """The allele's one canonical form. ``position`` is from 1; alleles differ and are upper case."""
    if len(reference) == len(alternate) == 1:
        return position, reference, alternate
    start = position - 1
    lowest = max(0, start - MAX_SHIFT)
    while reference[-1] == alternate[-1]:
        if min(len(reference), len(alternate)) == 1:
            if start == lowest:
                break
            start -= 1
            before = genome.bases(contig, start, start + 1)
            reference, alternate = before + reference, before + alternate
        reference, alternate = reference[:-1], alternate[:-1]
    shared = 0
    limit = min(len(reference), len(alternate)) - 1
    while shared < limit and reference[shared] == alternate[shared]:
        shared += 1
    return start + shared + 1, reference[shared:], alternate[shared:]
