"""Finds the whole blocks in any part of a bgzip file (SAM specification, section 4.1)."""

import zlib
from typing import IO

_MAGIC = b"\x1f\x8b\x08\x04"
_HEADER_BYTES = 18
_SUBFIELD = b"BC\x02\x00"
_LONGEST_BLOCK = 2**16


def whole_blocks(stream: IO[bytes], start: int, end: int) -> tuple[int, int] | None:
    """Where the first block at or after ``start`` begins, and the last one by ``end`` ends.

    None where no block lies between them.
    """
    stream.seek(start)
    text = stream.read(end - start)
    begin = _first_block(text)
    if begin is None:
        return None
    stop = begin
    while size := _block_size(text, stop):
        stop += size
    return start + begin, start + stop


def _first_block(text: bytes) -> int | None:
    """The magic bytes may stand in packed data too, so the block must also unpack."""
    at = text.find(_MAGIC)
    while at >= 0:
        size = _block_size(text, at)
        if size and _unpacks(text[at : at + size]):
            return at
        at = text.find(_MAGIC, at + 1)
    return None


def _block_size(text: bytes, at: int) -> int | None:
    """Bytes of the block at ``at``; None where none is that ends within the text."""
    header = text[at : at + _HEADER_BYTES]
    if len(header) < _HEADER_BYTES or not header.startswith(_MAGIC) or header[12:16] != _SUBFIELD:
        return None
    size = int.from_bytes(header[16:18], "little") + 1
    return size if _HEADER_BYTES < size <= min(_LONGEST_BLOCK, len(text) - at) else None


def _unpacks(block: bytes) -> bool:
    inflater = zlib.decompressobj(wbits=31)  # with gzip's header: checks size and CRC too
    try:
        inflater.decompress(block)
    except zlib.error:
        return False
    return inflater.eof and not inflater.unused_data
