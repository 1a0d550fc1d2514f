"""The order of records: chromosome by chromosome as they first appear, by position, else as they came."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

from gas.annotation.kernel.intake.order import KEY_BYTES, keyed_lines
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.limits import MIB
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.scanning import scanner_for
from gas.annotation.vcf.source import CHUNK_BYTES, Chunk

PIECE_BYTES = 32 * MIB
# Python keeps this much beside the bytes of each line.
_LINE_OVERHEAD = 64
# So many files are open at once.
_FAN_IN = 32
_READ_BUFFER = 128 * 1024


class Order:
    """Whether the chunks of an input, noted one after the other, are in order altogether."""

    def __init__(self) -> None:
        self.is_sorted = True
        self._contigs: dict[str, int] = {}
        self._last: tuple[str, int] | None = None

    def note(self, scan: Scan) -> None:
        if scan.first is None:
            return
        self.is_sorted = self.is_sorted and scan.in_order
        for at, (contig, *_) in enumerate(scan.runs):
            if at == 0 and self._last and contig == self._last[0]:
                self.is_sorted = self.is_sorted and self._last[1] <= scan.first[1]
            elif contig in self._contigs:
                self.is_sorted = False
            self.rank(contig)
        self._last = scan.last

    def rank(self, contig: str) -> int:
        """The place of a contig among all noted, from 0; a new one comes last."""
        return self._contigs.setdefault(contig, len(self._contigs))


def sort_chunks(
    chunks: Iterable[Chunk],
    header: InputHeader,
    folder: Path,
    on_progress: Callable[[float], None],
    piece_bytes: int = PIECE_BYTES,
    chunk_bytes: int = CHUNK_BYTES,
) -> Iterator[Chunk]:
    """The same records in order, in chunks of ``chunk_bytes`` that know the line numbers.

    Checks every line on the way, so that an error is told of the first wrong line of the input.
    Keeps about ``piece_bytes`` in memory, and beyond that files in ``folder``, half as large again
    as the input unpacked, which are gone at the end. ``on_progress`` hears the share of the input
    that is read, which happens before the first chunk comes out.
    """
    with ExitStack() as stack:
        pieces = _Pieces(stack, folder)
        lines: list[bytes] = []
        held = total = 0
        order, scanner = Order(), scanner_for(header)
        for chunk in chunks:
            scan = scanner.scan(chunk.text, chunk.first_line)
            ranks = [order.rank(contig) for contig, *_ in scan.runs]
            added = keyed_lines(scan.records, ranks, chunk.first_line)
            lines += added
            total += len(added)
            held += len(chunk.text) + len(added) * (KEY_BYTES + _LINE_OVERHEAD)
            if held >= piece_bytes:
                lines.sort()
                pieces.add(lines)
                lines, held = [], 0
            on_progress(chunk.fraction)
        lines.sort()
        yield from _chunks(pieces.merged_with(lines), total, chunk_bytes)


class _Pieces:
    """Sorted files of lines, at most _FAN_IN of them."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack = stack
        self._folder = folder
        self._numbers = count()
        self._paths: list[Path] = []

    def add(self, lines: Iterable[bytes]) -> None:
        if len(self._paths) == _FAN_IN:
            full, self._paths = self._paths, []
            self._write(_merged(full))
            for path in full:
                path.unlink()
        self._write(lines)

    def merged_with(self, lines: list[bytes]) -> Iterator[bytes]:
        return _merged(self._paths, lines)

    def _write(self, lines: Iterable[bytes]) -> None:
        path = self._folder / f"records.{next(self._numbers)}"
        self._stack.callback(path.unlink, missing_ok=True)
        self._paths.append(path)
        with path.open("wb", buffering=_READ_BUFFER) as stream:
            stream.writelines(lines)


def _merged(paths: list[Path], *more: Iterable[bytes]) -> Iterator[bytes]:
    with ExitStack() as stack:
        streams = [stack.enter_context(path.open("rb", buffering=_READ_BUFFER)) for path in paths]
        yield from heapq.merge(*streams, *more)


def _chunks(keyed: Iterator[bytes], total: int, chunk_bytes: int) -> Iterator[Chunk]:
    lines: list[bytes] = []
    numbers: list[int] = []
    size = done = 0
    for line in keyed:
        lines.append(line[KEY_BYTES:])
        numbers.append(int(line[16:KEY_BYTES], 16))
        size += len(line) - KEY_BYTES
        if size >= chunk_bytes:
            done += len(lines)
            yield Chunk(b"".join(lines), 1, done / total, tuple(numbers))
            lines, numbers, size = [], [], 0
    if lines:
        yield Chunk(b"".join(lines), 1, 1.0, tuple(numbers))
