"""Makes VCFs of any number of variants on a slice of a chromosome, the same ones each time.

The real records come first in rights, if not in order: all of them are in every file that is
large enough. The rest are substitutions and a tenth small insertions and deletions, spread evenly
over the bases that are known, each allele once, with the INFO of a caller.
"""

import gzip
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pysam

_INDEL_SHARE = 0.1
_LONGEST_INDEL = 5
_OTHER_BASES = {"A": "CGT", "C": "AGT", "G": "ACT", "T": "ACG"}
_INFO = (
    '##INFO=<ID=AC,Number=A,Type=Integer,Description="Allele count">',
    '##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles called">',
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">',
    '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
)
_COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
_ALLELES_CALLED = 5008


def write_variants(target: Path, count: int, *, contig: str, fasta: Path, real: Path) -> None:
    """Write ``count`` records to ``target`` (bgzip), sorted; ``real`` is a VCF of the contig.

    Raises ValueError where the slice has not so many different alleles.
    """
    with pysam.FastaFile(str(fasta)) as sequence:
        bases = sequence.fetch(contig).upper()
    header, real_lines = _read(real)
    slice_ = _Slice(bases, real_lines[:count])
    slice_.choose(count - min(count, len(real_lines)))
    lines = chain([*header, *_INFO, _COLUMNS], slice_.lines(contig))
    with pysam.BGZFile(str(target), "wb", None) as out:
        for line in lines:
            out.write(f"{line}\n".encode())


def _read(path: Path) -> tuple[list[str], list[str]]:
    """The header lines but for the columns', and the records."""
    with gzip.open(path, "rt") as stream:
        lines = stream.read().splitlines()
    return [x for x in lines if x.startswith("##")], [x for x in lines if not x.startswith("#")]


class _Slice:
    """Which alleles are chosen: by position, a bit for each substitution, a list of indels."""

    def __init__(self, bases: str, real: list[str]) -> None:
        self._bases = bases
        self._random = random.Random(21)  # noqa: S311 - the same each time is the point
        self._real: dict[int, list[str]] = defaultdict(list)
        self._taken: dict[int, set[tuple[str, str]]] = defaultdict(set)
        self._chosen: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for line in real:
            _, position, _, reference, alternates, _ = line.split("\t", 5)
            at = int(position) - 1
            self._real[at].append(line)
            self._taken[at].update((reference, alternate) for alternate in alternates.split(","))

    def choose(self, count: int) -> None:
        """Choose ``count`` alleles that are not among the real ones."""
        known = [at for at, base in enumerate(self._bases) if base in _OTHER_BASES]
        substitutions = [
            (at, (self._bases[at], alternate))
            for at in known
            for alternate in _OTHER_BASES[self._bases[at]]
            if (self._bases[at], alternate) not in self._taken.get(at, ())
        ]
        wanted = min(count - round(count * _INDEL_SHARE), len(substitutions))
        for at, allele in self._random.sample(substitutions, wanted):
            self._chosen[at].append(allele)
        # One a base: beyond that the slice has no room.
        self._random.shuffle(known)
        left = count - wanted
        for at in known:
            if not left:
                return
            indel = self._indel(at)
            if indel and indel not in self._taken.get(at, ()):
                self._chosen[at].append(indel)
                left -= 1
        if left:
            raise ValueError(f"the slice has no room for {left} more indels")

    def _indel(self, at: int) -> tuple[str, str] | None:
        length = self._random.randint(1, _LONGEST_INDEL)
        before = self._bases[at]
        if self._random.random() < 0.5:
            return before, before + "".join(self._random.choices("ACGT", k=length))
        reference = self._bases[at : at + 1 + length]
        return (reference, before) if len(reference) > length and "N" not in reference else None

    def lines(self, contig: str) -> Iterator[str]:
        for at in sorted(self._real.keys() | self._chosen.keys()):
            yield from self._real.get(at, ())
            for reference, alternate in sorted(self._chosen.get(at, ())):
                seen = self._random.randint(1, _ALLELES_CALLED)
                quality, depth = self._random.randint(30, 999), self._random.randint(9000, 30000)
                yield (
                    f"{contig}\t{at + 1}\t.\t{reference}\t{alternate}\t{quality}\tPASS\t"
                    f"AC={seen};AN={_ALLELES_CALLED};AF={seen / _ALLELES_CALLED:.6g};DP={depth}"
                )
