"""The reference as normalising needs it, and alleles in their normal form."""

from types import TracebackType
from typing import NamedTuple, Self

import pysam

from gas.annotation.reference.bundle import ReferenceBundle

_BLOCK_BASES = 1 << 16


class Allele(NamedTuple):
    """One alternate allele: the bundle's contig name, position from 1, bases in upper case."""

    contig: str
    position: int
    reference: str
    alternate: str


class Reference:
    """Upper-case bases of a bundle, quick to ask for again and again near one place."""

    def __init__(self, bundle: ReferenceBundle) -> None:
        self._fasta = pysam.FastaFile(str(bundle.path(bundle.sequence.file)))
        self._contig, self._start, self._bases = "", 0, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._fasta.close()

    def bases(self, contig: str, position: int, length: int) -> str:
        """``length`` bases from ``position`` (from 1) on; fewer at the contig's end."""
        start = position - 1
        if contig != self._contig or not (
            self._start <= start and start + length <= self._start + len(self._bases)
        ):
            self._contig = contig
            self._start = max(0, start - _BLOCK_BASES // 2)
            end = max(start + length, self._start + _BLOCK_BASES)
            self._bases = str(self._fasta.fetch(contig, self._start, end)).upper()
        offset = start - self._start
        return self._bases[offset : offset + length]

    def normal(self, allele: Allele) -> Allele:
        """The allele in the one form that all its spellings share: trimmed, as far left as it goes.

        After Tan, Abecasis and Kang, Unified representation of genetic variants, Bioinformatics
        2015. At the first base of a contig, where there is no base before, the one behind stays.
        """
        contig, position, reference, alternate = allele
        if len(reference) == len(alternate) == 1:
            return allele
        while reference[-1] == alternate[-1]:
            if min(len(reference), len(alternate)) == 1:
                if position == 1:
                    break
                position -= 1
                before = self.bases(contig, position, 1)
                reference, alternate = before + reference, before + alternate
            reference, alternate = reference[:-1], alternate[:-1]
        while min(len(reference), len(alternate)) > 1 and reference[0] == alternate[0]:
            position, reference, alternate = position + 1, reference[1:], alternate[1:]
        return Allele(contig, position, reference, alternate)
