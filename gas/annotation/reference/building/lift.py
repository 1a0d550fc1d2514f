"""Carries regions from one assembly to another by a chain file (UCSC's format).

A chain starts with a line of its own, which says what lies where; each line after it has the size
of a block without gaps, and the gaps behind it in both assemblies. Positions on the minus strand
of the new assembly count from its end. https://genome.ucsc.edu/goldenPath/help/chain.html
"""

from bisect import bisect_right
from pathlib import Path
from typing import NamedTuple

from gas.annotation.reference.building.text import text_lines, unusable

Place = tuple[str, int, int]
"""Sequence, start and end: 0-based, half open."""


class _Block(NamedTuple):
    start: int
    end: int
    sequence: str
    new_start: int  # on the strand of the chain
    reversed_size: int  # of the new sequence, where the chain is on its minus strand; else 0


class Chains:
    """The blocks of a chain file such as liftOver uses: no base of the old assembly is in two."""

    def __init__(self, path: Path) -> None:
        blocks: dict[str, list[_Block]] = {}
        try:
            _read(path, blocks)
        except (ValueError, IndexError) as error:
            raise unusable(path, f"it is no chain file: {error}") from error
        self._blocks = {name: sorted(of_name) for name, of_name in blocks.items()}
        self._starts = {name: [b.start for b in of_name] for name, of_name in self._blocks.items()}

    def lift(self, sequence: str, start: int, end: int) -> Place | None:
        """Where the region lies in the new assembly; None where not all of it is in one block."""
        index = bisect_right(self._starts.get(sequence, []), start) - 1
        if index < 0:
            return None
        block = self._blocks[sequence][index]
        if end > block.end:
            return None
        new_start = block.new_start + start - block.start
        new_end = new_start + end - start
        if block.reversed_size:
            new_start, new_end = block.reversed_size - new_end, block.reversed_size - new_start
        return block.sequence, new_start, new_end


def _read(path: Path, blocks: dict[str, list[_Block]]) -> None:
    old, new, start, new_start, reversed_size = "", "", 0, 0, 0
    for line in text_lines(path, lambda _: None):
        fields = line.split()
        if not fields or line.startswith("#"):
            continue
        if fields[0] == "chain":
            old, new = fields[2], fields[7]
            start, new_start = int(fields[5]), int(fields[10])
            reversed_size = int(fields[8]) if fields[9] == "-" else 0
            continue
        size, gap, new_gap = (*map(int, fields), 0, 0)[:3]
        blocks.setdefault(old, []).append(
            _Block(start, start + size, new, new_start, reversed_size)
        )
        start += size + gap
        new_start += size + new_gap
