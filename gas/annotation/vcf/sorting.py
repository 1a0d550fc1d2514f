"""Sorts files of lines larger than memory: sorted pieces on disk, then one merge."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

from gas.annotation.vcf.text import open_text

PIECE_CHARACTERS = 64 * 1024**2


def sort_lines(
    path: Path,
    target: Path,
    key: Callable[[str], tuple[int, ...]],
    piece_characters: int = PIECE_CHARACTERS,
) -> None:
    """Write the lines of ``path`` to ``target`` in order of ``key``; equal keys keep their order."""
    with ExitStack() as stack:
        pieces = []
        for index, lines in enumerate(_batches(path, piece_characters)):
            piece = path.with_name(f"{path.name}.{index}")
            stack.callback(piece.unlink)
            lines.sort(key=key)
            with open_text(piece, "w") as stream:
                stream.writelines(lines)
            pieces.append(piece)
        streams = [stack.enter_context(open_text(piece, "r")) for piece in pieces]
        with open_text(target, "w") as stream:
            stream.writelines(heapq.merge(*streams, key=key))


def _batches(path: Path, characters: int) -> Iterator[list[str]]:
    with open_text(path, "r") as stream:
        while lines := stream.readlines(characters):
            yield lines
