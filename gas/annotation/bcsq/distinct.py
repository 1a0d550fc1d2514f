"""Tells the different alleles of an input apart, so that bcftools is asked once for each.

The time that it takes grows with the square of the records at one place.
"""

from collections import deque
from typing import NamedTuple

from gas.annotation.failure import over_limit
from gas.annotation.vcf.intake import CheckedRecord

# bcftools norm holds the alleles of so many bases, and goes through all of them for each new one.
NORM_WINDOW_BASES = 1000


class Allele(NamedTuple):
    """One alternate allele as the input places it; ``position`` from 1, bases in upper case."""

    contig: str
    position: int
    reference: str
    alternate: str


def alleles_of(record: CheckedRecord) -> list[Allele | None]:
    """One entry an alternate allele, None where it is skipped."""
    contig, position, _, reference, alternates, _ = record.line.split("\t", 5)
    return [
        None if skip else Allele(contig, int(position), reference.upper(), alternate.upper())
        for alternate, skip in zip(alternates.split(","), record.skips, strict=True)
    ]


class AlleleNumbers:
    """Numbers the different alleles in order of first use.

    Records come sorted, so only the alleles of one site need be remembered: those from
    ``first_here`` on.
    """

    def __init__(self) -> None:
        self.first_here = 0
        self._site = ("", 0)
        self._here: dict[Allele, int] = {}

    def of(self, allele: Allele) -> int:
        if allele[:2] != self._site:
            self._site = allele[:2]
            self.first_here += len(self._here)
            self._here.clear()
        return self._here.setdefault(allele, self.first_here + len(self._here))


class Crowd:
    """Refuses more alleles within norm's window than it can go through in reasonable time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._contig = ""
        self._positions: deque[int] = deque()

    def add(self, allele: Allele) -> None:
        if allele.contig != self._contig:
            self._contig = allele.contig
            self._positions.clear()
        while self._positions and allele.position - self._positions[0] >= NORM_WINDOW_BASES:
            self._positions.popleft()
        self._positions.append(allele.position)
        if len(self._positions) > self._limit:
            raise over_limit(
                f"More than {self._limit:,} different alleles lie within {NORM_WINDOW_BASES:,} "
                f"bases of each other, up to {allele.contig}:{allele.position}."
            )
