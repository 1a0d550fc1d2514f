"""Changes of a contig, and the many ways in which VCF can write one."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.unit.annotation.effects.annotated import Variant
from tests.unit.annotation.effects.genome import Gene, make_gene, reverse_complement


@dataclass(frozen=True)
class Change:
    """The bases ``[start, end)`` become ``inserted``: 0-based, on the contig's forward strand."""

    start: int
    end: int
    inserted: bytes

    def apply(self, contig: bytes) -> bytes:
        return contig[: self.start] + self.inserted + contig[self.end :]

    def turned(self, contig: bytes) -> "Change":
        """The same change on the other strand."""
        length = len(contig)
        return Change(length - self.end, length - self.start, reverse_complement(self.inserted))

    def variant(self, contig: bytes, before: int = 1, after: int = 0) -> Variant:
        """As a record, with so many bases of context."""
        left, right = contig[self.start - before : self.start], contig[self.end : self.end + after]
        reference = left + contig[self.start : self.end] + right
        return self.start - before + 1, reference, left + self.inserted + right

    def same_elsewhere(self, contig: bytes) -> Iterator["Change"]:
        """All changes of the same size that lead to the same sequence, by position."""
        altered = self.apply(contig)
        size, length = self.end - self.start, len(self.inserted)
        for start in range(1, len(contig) - size):
            other = Change(start, start + size, altered[start : start + length])
            if other.apply(contig) == altered:
                yield other


@st.composite
def genes_and_changes(
    draw: st.DrawFn, coding: bool = True, in_coding_region: bool = False
) -> tuple[Gene, Change]:
    """A small gene and a change in or near it: all kinds, often a copy of what is there."""
    gene = make_gene(draw(st.integers(0, 10**9)), coding)
    contig = gene.contig
    first, last = 1, len(contig) - 12
    if in_coding_region and gene.model.coding:
        parts = [
            (max(start, gene.model.coding[0]), min(end, gene.model.coding[1]))
            for start, end in gene.model.exons
        ]
        first, end = draw(st.sampled_from([part for part in parts if part[0] < part[1]]))
        last = end - 1
    start = draw(st.integers(first, last))
    end = start + draw(st.sampled_from([0, 0, 1, 1, 1, 2, 3, 4, 6, 9]))
    copied = draw(st.integers(0, 6))
    inserted = draw(
        st.one_of(
            st.just(b""),
            st.text("ACGT", min_size=1, max_size=1).map(str.encode),
            st.text("ACGT", max_size=7).map(str.encode),
            st.just(contig[start - copied : start] if copied <= start else b"A"),
            st.just(contig[end : end + copied]),
            st.just(reverse_complement(contig[start:end])),
        )
    )
    change = Change(start, end, inserted)
    if change.apply(contig) == contig:
        change = Change(start, start + 1, b"ACGT"[b"CGTA".index(contig[start]) :][:1])
    return gene, change
