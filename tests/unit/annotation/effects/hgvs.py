"""Reads HGVS descriptions of changes in a transcript."""

import re

from tests.unit.annotation.effects.changes import Change
from tests.unit.annotation.effects.genome import Gene, reverse_complement

_POSITION = r"[-*]?\d+(?:[+-]\d+)?"
_DESCRIPTION = re.compile(
    rf"[cn]\.({_POSITION})(?:_({_POSITION}))?"
    r"(?:([ACGT])>([ACGT])|(dup)|(inv)|(del)?(?:ins([ACGT]+))?)"
)


def understand(gene: Gene, text: str) -> tuple[str, Change]:
    """What a description says of a forward gene: its kind and the change."""
    match = _DESCRIPTION.fullmatch(text)
    assert match, text
    first, last, before, after, dup, inv, deleted, inserted = match.groups()
    numbers = gene.numbers()
    start = numbers[first]
    end = numbers[last or first] + 1
    bases = gene.contig[start:end]
    if before:
        assert bases.decode() == before
        return "substitution", Change(start, end, after.encode())
    if dup:
        return "dup", Change(end, end, bases)
    if inv:
        return "inv", Change(start, end, reverse_complement(bases))
    if deleted:
        return ("delins" if inserted else "del"), Change(start, end, (inserted or "").encode())
    assert inserted, text
    assert end - start == 2, "an insertion names the two bases beside it"
    return "ins", Change(start + 1, start + 1, inserted.encode())
