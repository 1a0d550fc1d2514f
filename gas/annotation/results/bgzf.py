"""Blocked gzip (BGZF; SAM specification, section 4.1), as VCF indexes need it."""

import shutil
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import deflate

from gas.annotation.kernel.memory import Buffer

# Unpacked bytes of a block, as bgzip cuts them: even what cannot be compressed fits into 64 KiB.
BLOCK_SIZE = 65_280
# libdeflate's fastest: a quarter more bytes than bgzip's usual level, in a third of the time.
LEVEL = 1
# An empty block, which tells a complete file from one that was cut off.
END_OF_FILE = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
# gzip's header with the extra field BC, which holds the size of the block less one.
_HEADER = struct.Struct("<4BI2BH2B2H")
_TRAILER = struct.Struct("<2I")
_COPY_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Blocks:
    """Compressed text: ``starts`` are where in ``data`` each block begins, then its length."""

    data: bytes
    starts: list[int]


def bgzip_blocks(text: bytes | Buffer) -> Blocks:
    """Compress ``text``, each block of it but the last of BLOCK_SIZE bytes; not the file's end.

    Most of it runs without the GIL, so that threads can compress side by side.
    """
    view = memoryview(text)
    parts: list[bytes | bytearray] = []
    starts, length = [0], 0
    for begin in range(0, len(view), BLOCK_SIZE):
        block = view[begin : begin + BLOCK_SIZE]
        body = deflate.deflate_compress(block, LEVEL)
        size = _HEADER.size + len(body) + _TRAILER.size
        parts += [
            _HEADER.pack(31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, size - 1),
            body,
            _TRAILER.pack(deflate.crc32(block), len(block)),
        ]
        length += size
        starts.append(length)
    return Blocks(b"".join(parts), starts)


def write_bgzip(target: Path, text: bytes | Buffer) -> None:
    """Write ``text`` as a complete file."""
    target.write_bytes(bgzip_blocks(text).data + END_OF_FILE)


def assemble(header: bytes, bodies: Iterable[Path], target: Path) -> int:
    """Write ``target``: the header, the blocks of ``bodies``, the end; how long the header became.

    The header of an annotated file is known only when its last record is written.
    """
    blocks = bgzip_blocks(header).data
    with target.open("wb") as out:
        out.write(blocks)
        for body in bodies:
            with body.open("rb") as stream:
                shutil.copyfileobj(stream, out, _COPY_BYTES)
        out.write(END_OF_FILE)
    return len(blocks)
