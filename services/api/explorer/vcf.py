"""The lines of an annotated VCF that a view wants, filtered as they pass by."""

import struct
import zlib
from collections.abc import Iterable

from gas.annotation.results.bgzf import BLOCK_SIZE, END_OF_FILE, bgzip_blocks

_BLOCK_HEADER = struct.Struct("<10xH2sHH")  # XLEN, then the extra field BC: its length, BSIZE
_MAGIC = b"\x1f\x8b\x08\x04"
_PACKED_AT_A_TIME = 16 * BLOCK_SIZE
_COLUMNS_LINE = b"#CHROM\t"
_ALT = 4
_NOTHING_MORE = -1


class DamagedVcfError(Exception):
    """The VCF is not what the annotation wrote beside the table of variants."""


class VcfFilter:
    """Takes an annotated VCF in pieces, as bgzip has it, and gives the wanted records, bgzipped.

    ``wanted`` has a byte for each row of the table of variants, 1 where the row is wanted: one
    row for each alternate allele, or for a record without any. A record is kept whole when any of
    its alleles is wanted. ``note`` becomes a line of the header. Needs as much memory as the
    longest line and a few pieces.
    """

    def __init__(self, wanted: bytes | bytearray, note: bytes) -> None:
        self._wanted = wanted
        self._note = note
        self._packed = b""  # the beginning of a block
        self._line = b""  # the beginning of a line
        self._kept = bytearray()
        self._row = 0
        self._next = 0
        self._in_header = True

    @property
    def is_done(self) -> bool:
        """Whether no record that is yet to come is wanted."""
        return not self._in_header and self._next == _NOTHING_MORE

    def feed(self, piece: bytes) -> bytes:
        """Compressed output, as far as it is complete. Raises DamagedVcfError."""
        packed = self._packed + piece
        texts, at = [self._line], 0
        while (size := _block_size(packed, at)) is not None:
            texts.append(_unpacked(packed[at : at + size]))
            at += size
        self._packed = packed[at:]
        *lines, self._line = b"".join(texts).split(b"\n")
        self._filter(lines)
        whole = len(self._kept) - len(self._kept) % BLOCK_SIZE
        if whole < _PACKED_AT_A_TIME:
            return b""
        ready, self._kept = self._kept[:whole], self._kept[whole:]
        return bgzip_blocks(bytes(ready)).data

    def finish(self) -> bytes:
        """The rest, when all pieces were fed or ``is_done``. Raises DamagedVcfError."""
        is_complete = not self._packed and not self._line and self._row == len(self._wanted)
        if not (self.is_done or is_complete):
            raise DamagedVcfError(f"ended after {self._row} alleles of {len(self._wanted)}")
        return bgzip_blocks(bytes(self._kept)).data + END_OF_FILE

    def _filter(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            if self.is_done:
                return
            if self._in_header:
                self._keep_header(line)
            else:
                self._look_at(line)

    def _keep_header(self, line: bytes) -> None:
        if line.startswith(_COLUMNS_LINE):
            self._kept += self._note + b"\n"
            self._in_header = False
            self._next = self._wanted.find(1)
        self._kept += line + b"\n"

    def _look_at(self, line: bytes) -> None:
        fields = line.split(b"\t", _ALT + 1)
        if len(fields) <= _ALT:
            raise DamagedVcfError("a record without its columns")
        self._row += fields[_ALT].count(b",") + 1
        if self._next < self._row:
            self._kept += line + b"\n"
            self._next = self._wanted.find(1, self._row)


def _block_size(packed: bytes, at: int) -> int | None:
    """Of the block that begins there, if it is here whole (SAM specification, section 4.1)."""
    if len(packed) < at + _BLOCK_HEADER.size:
        return None
    extra, kind, length, size_less_one = _BLOCK_HEADER.unpack_from(packed, at)
    if not packed.startswith(_MAGIC, at) or (extra, kind, length) != (6, b"BC", 2):
        raise DamagedVcfError("not a block of bgzip")
    size: int = size_less_one + 1
    return size if at + size <= len(packed) else None


def _unpacked(block: bytes) -> bytes:
    try:
        return zlib.decompress(block, wbits=zlib.MAX_WBITS | 16)
    except zlib.error as error:
        raise DamagedVcfError(str(error)) from error
