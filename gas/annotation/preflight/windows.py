"""Which parts of a file are looked at: all of a small one, pieces of a large one.

A pure function of the size, so that whoever fetches a large file from a store can fetch these
parts alone, and leave holes for the rest.
"""

from dataclasses import dataclass

from gas.annotation.limits import MIB

WHOLE_BYTES = 16 * MIB
HEAD_BYTES = 8 * MIB
PIECE_BYTES = MIB // 8
PIECES = 8


@dataclass(frozen=True)
class Window:
    """Bytes ``start`` to ``end`` (half open) of the file as it is, packed or not."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start


def windows_of(size: int) -> tuple[Window, ...]:
    """Windows in ascending order, apart from each other; the last one reaches the file's end."""
    if size <= WHOLE_BYTES:
        return (Window(0, size),)
    return (Window(0, HEAD_BYTES), *pieces_of(HEAD_BYTES, size))


def pieces_of(start: int, size: int) -> tuple[Window, ...]:
    """Pieces spread over the bytes from ``start`` on; none where they would not be apart."""
    step = (size - start - PIECE_BYTES) / PIECES
    if step < PIECE_BYTES:
        return ()
    begins = [start + round(step * index) for index in range(1, PIECES + 1)]
    return tuple(Window(begin, begin + PIECE_BYTES) for begin in begins)
