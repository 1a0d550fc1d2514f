"""Unpacks gzip and bgzip in pieces of bounded size."""

import struct
import zlib
from collections.abc import Iterator
from typing import IO

import deflate

from gas.annotation.failure import truncated
from gas.annotation.limits import MIB
from gas.annotation.vcf.recognise import Form
from gas.domain.errors import ErrorCode, PermanentError

_READ_BYTES = MIB
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31  # zlib: the largest window, with a gzip header and trailer
# Of a bgzip block (SAM specification, section 4.1): a gzip header with one extra subfield, BC,
# which holds the block's size - 1; the trailer is CRC-32 and unpacked size.
_BLOCK_HEADER = struct.Struct("<4sIBBHccHH")
_BLOCK_START = b"\x1f\x8b\x08\x04"
_LARGEST_BLOCK = 2**16


def unpacked(stream: IO[bytes], form: Form, most: int) -> Iterator[bytes]:
    """The content of ``stream`` in pieces of at most ``most`` bytes, or a bgzip block (64 KiB).

    Raises PermanentError: TRUNCATED_FILE when compressed data ends too early, MALFORMED_VCF when it
    is damaged.
    """
    if form == "bgzip":
        yield from _blocks(stream, most)
    elif form == "gzip":
        yield from _members(stream, b"", most)
    else:
        while piece := stream.read(most):
            yield piece


def _blocks(stream: IO[bytes], most: int) -> Iterator[bytes]:
    """Block by block, which is faster than as one stream, and no byte goes out unproven."""
    packed, at = b"", 0
    while True:
        if len(packed) - at < _LARGEST_BLOCK:
            packed, at = packed[at:] + stream.read(_READ_BYTES), 0
            if not packed:
                return
        size = _block_size(packed, at)
        if size is None:  # another tool's gzip was appended
            yield from _members(stream, packed[at:], most)
            return
        if size > len(packed) - at:
            raise _cut_short()
        block = packed[at : at + size]
        at += size
        content = _one_block(block)
        if content:
            yield content


def _block_size(packed: bytes, at: int) -> int | None:
    if len(packed) - at < _BLOCK_HEADER.size:
        return None
    start, _, _, _, extra, first, second, length, last = _BLOCK_HEADER.unpack_from(packed, at)
    if start != _BLOCK_START or (extra, first, second, length) != (6, b"B", b"C", 2):
        return None
    return int(last) + 1


def _one_block(block: bytes) -> bytes:
    size = int.from_bytes(block[-4:], "little")
    if size > _LARGEST_BLOCK:
        raise _damaged("a block says that it is larger than a block can be")
    try:
        # Room for one byte at least, or the empty end-of-file block would be of unknown size.
        return bytes(deflate.gzip_decompress(block, max(size, 1)))
    except deflate.DeflateError as error:
        raise _damaged("a block does not agree with its checksum") from error


def _members(stream: IO[bytes], packed: bytes, most: int) -> Iterator[bytes]:
    """One gzip stream behind the other, as ``cat a.gz b.gz`` makes them."""
    while packed := packed or stream.read(_READ_BYTES):
        member = zlib.decompressobj(_GZIP_WINDOW)
        while not member.eof:
            try:
                piece = member.decompress(packed, most)
            except zlib.error as error:
                raise _damaged(str(error)) from error
            if piece:
                yield piece
            packed = member.unconsumed_tail
            has_more = len(piece) == most  # without further input
            if not packed and not has_more and not member.eof:
                packed = stream.read(_READ_BYTES)
                if not packed:
                    raise _cut_short()
        packed = _next_member(stream, member.unused_data)


def _next_member(stream: IO[bytes], packed: bytes) -> bytes:
    """What follows a member: nothing, or another one; zeros between them are padding."""
    while not (packed := packed.lstrip(b"\0")):
        packed = stream.read(_READ_BYTES)
        if not packed:
            return b""
    packed += stream.read(1) if len(packed) == 1 else b""
    if not packed.startswith(_GZIP_MAGIC):
        raise _damaged("something that is not gzip follows")
    return packed


def _cut_short() -> PermanentError:
    return truncated("The file is incomplete: its compressed data ends too early.")


def _damaged(how: str) -> PermanentError:
    return PermanentError(
        ErrorCode.MALFORMED_VCF,
        f"The file is damaged: its compressed data cannot be unpacked ({how}).",
    )
