"""Reads the rows of a place from a table that bgzip compressed and tabix indexed.

Formats: BGZF, section 4.1 of the SAM specification, and its companion "The Tabix index file
format" (samtools.github.io/hts-specs). Rows are not looked at: they come as text, a megabyte at a
time, so that the kernels can do that.
"""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import deflate

from gas.domain.errors import ErrorCode, PermanentError

_PIECE = 1 << 20  # bytes of text
_FURTHEST = 1 << 29  # a .tbi knows nothing beyond
_WINDOW_SHIFT = 14
# The numbers of the first bin of each size, and that size as a power of two.
_BIN_SIZES = ((0, 29), (1, 26), (9, 23), (73, 20), (585, 17), (4681, 14))
_BLOCK_HEADER = struct.Struct("<4s 6x H 2s H H")  # magic, XLEN, the BC subfield, BSIZE
_BLOCK_MAGIC = b"\x1f\x8b\x08\x04"

_Chunk = tuple[int, int]  # virtual offsets: of a compressed block, times 2**16, plus in its text


class IndexedTable:
    """A table and its ``.tbi``, open until closed. Not for two threads at once.

    Raises PermanentError: REFERENCE_DAMAGED, on opening and while reading.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._index = _Index(path.with_name(path.name + ".tbi"))
        self._file = path.open("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    def pieces(self, contig: str, start: int, end: int) -> Iterator[bytes]:
        """Every row that overlaps [start, end), 0-based, half open, in the file's order.

        Rows around that place may come too; a piece is about a megabyte of whole lines. A contig
        that the table does not have gives nothing.
        """
        return self.pieces_around(contig, [(start, end)])

    def pieces_around(self, contig: str, places: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        """The same for several places: the rows of all, each once, in the file's order."""
        chunks = {
            chunk for start, end in places for chunk in self._index.chunks(contig, start, end)
        }
        rest, length = [], 0
        for text in self._blocks(_joined(sorted(chunks))):
            rest.append(text)
            length += len(text)
            if length >= _PIECE:
                whole, newline, behind = b"".join(rest).rpartition(b"\n")
                if newline:
                    yield whole + newline
                rest, length = [behind], len(behind)
        if length:
            yield b"".join(rest)

    def _blocks(self, chunks: list[_Chunk]) -> Iterator[bytes]:
        """The text of the chunks, block by block."""
        for begin, end in chunks:
            self._file.seek(begin >> 16)
            at, skipped = begin >> 16, begin & 0xFFFF
            while at < end >> 16 or (at == end >> 16 and skipped < end & 0xFFFF):
                size, text = self._block()
                yield text[skipped : end & 0xFFFF if at == end >> 16 else None]
                at += size
                skipped = 0

    def _block(self) -> tuple[int, bytes]:
        """``(compressed size, text)`` of the block at which the file stands."""
        header = self._file.read(_BLOCK_HEADER.size)
        if len(header) < _BLOCK_HEADER.size:
            _ends_early(self._path)
        magic, _, subfield, _, last = _BLOCK_HEADER.unpack(header)
        if magic != _BLOCK_MAGIC or subfield != b"BC":
            _damaged(self._path, "it is not compressed by bgzip, or its index is not its own")
        block = header + self._file.read(last + 1 - len(header))
        return len(block), _unpacked(self._path, block)


class _Index:
    def __init__(self, path: Path) -> None:
        raw = path.read_bytes()
        parts, at = [], 0
        while at < len(raw):
            if len(raw) - at < _BLOCK_HEADER.size or raw[at : at + 4] != _BLOCK_MAGIC:
                _damaged(path, "it is not compressed by bgzip")
            size = _BLOCK_HEADER.unpack_from(raw, at)[-1] + 1
            parts.append(_unpacked(path, raw[at : at + size]))
            at += size
        self._path = path
        self._data = b"".join(parts)
        try:
            self._contigs = self._found_contigs()
        except struct.error:
            _ends_early(path)
        # Of the contig asked for last: chunk after chunk of an input is on the same.
        self._latest = ""
        self._bins: dict[int, tuple[int, int]] = {}
        self._windows: tuple[int, ...] = ()

    def _found_contigs(self) -> dict[str, int]:
        """Where the part of each contig begins."""
        magic, count, length = struct.unpack_from("<4si24xi", self._data)
        if magic != b"TBI\1":
            _damaged(self._path, "it is no tabix index")
        at = 36 + length
        names = self._data[36:at].decode().split("\0")[:count]
        contigs = {}
        for name in names:
            contigs[name] = at
            (bins,) = struct.unpack_from("<i", self._data, at)
            at += 4
            for _ in range(bins):
                at += 8 + 16 * int(struct.unpack_from("<i", self._data, at + 4)[0])
            at += 4 + 8 * int(struct.unpack_from("<i", self._data, at)[0])
        if at > len(self._data):
            _ends_early(self._path)
        return contigs

    def chunks(self, contig: str, start: int, end: int) -> list[_Chunk]:
        """Where the rows that overlap [start, end) stand."""
        start, end = max(start, 0), min(end, _FURTHEST)
        if contig not in self._contigs or start >= end:
            return []
        if self._latest != contig:
            self._bins, self._windows = self._contents(self._contigs[contig])
            self._latest = contig
        if start >> _WINDOW_SHIFT >= len(self._windows):
            return []
        first_row = self._windows[start >> _WINDOW_SHIFT]
        found: list[_Chunk] = []
        for first, shift in _BIN_SIZES:
            for number in range(first + (start >> shift), first + ((end - 1) >> shift) + 1):
                at, count = self._bins.get(number, (0, 0))
                offsets = struct.unpack_from(f"<{2 * count}Q", self._data, at)
                found += zip(offsets[::2], offsets[1::2], strict=True)
        return [chunk for chunk in found if chunk[1] > first_row]

    def _contents(self, at: int) -> tuple[dict[int, tuple[int, int]], tuple[int, ...]]:
        """Of a contig: where each bin's chunks stand and how many; for each window, its first row."""
        bins = {}
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        for _ in range(count):
            number, chunks = struct.unpack_from("<Ii", self._data, at)
            bins[number] = (at + 8, chunks)
            at += 8 + 16 * chunks
        (windows,) = struct.unpack_from("<i", self._data, at)
        return bins, struct.unpack_from(f"<{windows}Q", self._data, at + 4)


def _joined(chunks: list[_Chunk]) -> list[_Chunk]:
    """Chunks that meet in one block become one, so that no block is unpacked twice."""
    joined: list[_Chunk] = []
    for begin, end in chunks:
        if joined and begin >> 16 <= joined[-1][1] >> 16:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _unpacked(path: Path, block: bytes) -> bytes:
    size = int.from_bytes(block[-4:], "little")
    if size > 1 << 16:
        _damaged(path, "a block is larger than BGZF allows")
    try:
        return bytes(deflate.gzip_decompress(block, size)) if size else b""
    except deflate.DeflateError:
        _damaged(path, "a block cannot be unpacked")


def _ends_early(path: Path) -> NoReturn:
    _damaged(path, "it ends early")


def _damaged(path: Path, what: str) -> NoReturn:
    raise PermanentError(
        ErrorCode.REFERENCE_DAMAGED, f"The reference file {path.name} cannot be read: {what}."
    )
