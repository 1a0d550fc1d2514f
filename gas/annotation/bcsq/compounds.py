"""Gives each allele the compound consequences that it is a part of.

Where several alleles of a haplotype act together, csq words the outcome at one of them, and at
the others writes ``@position``. Their positions mean nothing in a record that is written another
way than csq's input, so each allele gets the words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from gas.annotation.bcsq.reference import Allele

_DNA = 6
"""Where an entry has its changes of DNA, joined by '+': ``25597314A>C+25597315A>C``."""


class Compounds:
    def __init__(self, answers: Iterable[tuple[Allele, list[str]]]) -> None:
        self._answers = answers
        self._compounds: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for allele, entries in answers:
            for entry in entries:
                fields = entry.split("|")
                parts = fields[_DNA].split("+") if len(fields) > _DNA else []
                if len(parts) > 1:
                    for part in parts:
                        self._compounds[allele.contig, part][entry] = None

    def resolved(self) -> Iterator[tuple[Allele, list[str]]]:
        """The answers again, without any ``@position``, entries of one allele without repeats."""
        for allele, entries in self._answers:
            yield allele, list(dict.fromkeys(self._worded(allele, entries)))

    def _worded(self, allele: Allele, entries: list[str]) -> Iterator[str]:
        for entry in entries:
            if entry.startswith("@"):
                change = f"{allele.position}{allele.reference}>{allele.alternate}"
                yield from self._compounds.get((allele.contig, change), ())
            else:
                yield entry
