"""A place in a genome, as people write it."""

import re
from typing import NamedTuple, Self

from gas.annotation import ReferenceBundle

_REGION = re.compile(r"(?P<contig>.+?)(?::(?P<start>[\d,]+)(?:-(?P<end>[\d,]+))?)?")


class Locus(NamedTuple):
    """Positions are 1-based, both ends included."""

    contig: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.contig}:{self.start}-{self.end}"

    def around(self, flank: int) -> Self:
        """The same with ``flank`` more bases on both sides, within what can be."""
        return self._replace(start=max(1, self.start - flank), end=self.end + flank)


def parse_locus(bundle: ReferenceBundle, text: str) -> Locus | None:
    """``chr``, ``chr:position`` or ``chr:start-end``, by any name of the contig; else None.

    Commas in numbers are fine. The contig gets the name that the bundle gives it, and the end is
    held within it.
    """
    match = _REGION.fullmatch(text.strip())
    contig = bundle.contig(match["contig"]) if match else None
    if match is None or contig is None:
        return None
    start = _number(match["start"]) if match["start"] else 1
    end = _number(match["end"]) if match["end"] else start if match["start"] else contig.length
    if not 1 <= start <= end or start > contig.length:
        return None
    return Locus(contig.name, start, min(end, contig.length))


def _number(text: str) -> int:
    digits = text.replace(",", "")
    return int(digits) if 0 < len(digits) <= 10 else 0
