"""Which haplotypes carry an allele, as far as the genotypes say so."""

import re
from collections.abc import Sequence

_SEPARATOR = re.compile(r"[/|]")
HAPLOTYPES = 2
"""Columns a sample has in csq's input, one a haplotype; each is a haploid sample to csq."""

UNKNOWN = "."


class Phasing:
    """Reads genotypes along one contig; ``stretch`` is a stretch of overlapping genes.

    A genotype counts where it is phased (``|``) or where all its alleles are the same: then it
    does not matter. Haploid genotypes are of the first haplotype. What VCF calls a phase set (PS)
    is joined with no other one: of several within a stretch, only a sample's first counts. Of a
    stretch that unsorted records come back to, the first is no longer known, so none does.
    """

    def __init__(self, samples: int) -> None:
        self._unknown = [UNKNOWN] * HAPLOTYPES
        self._stretch: int | None = None
        self._left: set[int | None] = set()
        self._sets: list[str | None] = [None] * samples

    def columns(
        self, genotypes: Sequence[str], phase_sets: Sequence[str], stretch: int
    ) -> list[str]:
        """The index of the allele on each haplotype of each sample, or UNKNOWN.

        ``genotypes`` may be empty, where a record has none, and so may ``phase_sets``.
        """
        if len(genotypes) != len(self._sets):
            return self._unknown * len(self._sets)
        if stretch != self._stretch:
            self._left.add(self._stretch)
            self._stretch = stretch
            self._sets = [None] * len(self._sets)
        columns: list[str] = []
        for sample, genotype in enumerate(genotypes):
            phase_set = phase_sets[sample] if sample < len(phase_sets) else UNKNOWN
            columns += self._haplotypes(sample, genotype, phase_set)
        return columns

    def _haplotypes(self, sample: int, genotype: str, phase_set: str) -> list[str]:
        alleles = _SEPARATOR.split(genotype.lstrip("/|"))
        if len(alleles) > HAPLOTYPES:
            return self._unknown
        if len(set(alleles)) == 1:
            return (alleles * HAPLOTYPES)[:HAPLOTYPES] if len(alleles) > 1 else [*alleles, UNKNOWN]
        if "/" in genotype.lstrip("/|") or self._stretch in self._left:
            return self._unknown
        if self._sets[sample] is None:
            self._sets[sample] = phase_set
        return alleles if self._sets[sample] == phase_set else self._unknown


def merged(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The carriers of an allele that stands on two records: whoever has it on either of them."""
    # As characters, 1 is above 0, and 0 above UNKNOWN.
    return [max(a, b) for a, b in zip(first, second, strict=True)]


def carriers(columns: Sequence[str], index: int) -> list[str]:
    """For one allele: 1 for each haplotype that carries it, 0 or UNKNOWN for the others."""
    wanted = str(index)
    return [c if c == UNKNOWN else "1" if c == wanted else "0" for c in columns]
