"""Text in and out of the builders: sources plain or compressed, results as bgzip with an index."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import pysam

from gas.domain.errors import ErrorCode, PermanentError

_GZIP_MAGIC, _ZIP_MAGIC = b"\x1f\x8b", b"PK\x03\x04"
_BUFFER_BYTES = 1024**2

_LINES_A_REPORT = 10_000

OnBytes = Callable[[int], None]
"""Told how many more bytes of a source, as it is stored, have been read."""


def byte_lines(path: Path, on_bytes: OnBytes) -> Iterator[bytes]:
    """The lines of a source: plain, gzip, bgzip, or the only file of a zip.

    Raises PermanentError REFERENCE_DAMAGED for compressed data that is cut off or altered.
    """
    try:
        with path.open("rb") as raw, ExitStack() as stack:
            stream, told = _unpacked(raw, stack), 0
            for number, line in enumerate(stream):
                if number % _LINES_A_REPORT == 0:
                    on_bytes(raw.tell() - told)
                    told = raw.tell()
                yield line
            on_bytes(path.stat().st_size - told)
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, zlib.error) as error:
        raise unusable(path, str(error)) from error


def text_lines(path: Path, on_bytes: OnBytes) -> Iterator[str]:
    """The lines of a source without their ends.

    What is not UTF-8 is kept as surrogates: names in old tables are Latin-1 now and then.
    Raises what `byte_lines` raises.
    """
    for line in byte_lines(path, on_bytes):
        yield line.decode("utf-8", "surrogateescape").rstrip("\r\n")


def _unpacked(raw: BinaryIO, stack: ExitStack) -> IO[bytes]:
    magic = raw.read(4)
    raw.seek(0)
    if magic == _ZIP_MAGIC:
        archive = stack.enter_context(zipfile.ZipFile(raw))
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise zipfile.BadZipFile(f"it holds {len(names)} files, not one")
        return stack.enter_context(archive.open(names[0]))
    if magic.startswith(_GZIP_MAGIC):
        return cast("IO[bytes]", stack.enter_context(gzip.open(raw)))
    return raw


@contextmanager
def bgzip_writer(path: Path) -> Iterator[Callable[[str], None]]:
    """Write text into a bgzip file."""
    out = pysam.BGZFile(str(path), "wb", None)
    pending: list[str] = []
    size = 0

    def write(text: str) -> None:
        nonlocal size
        pending.append(text)
        size += len(text)
        if size >= _BUFFER_BYTES:
            flush()

    def flush() -> None:
        nonlocal size
        out.write("".join(pending).encode("utf-8", "surrogateescape"))
        pending.clear()
        size = 0

    try:
        yield write
        flush()
    finally:
        out.close()


def index_table(path: Path) -> Path:
    """A tabix index for a table of known variants: chromosome, then a position from 1."""
    pysam.tabix_index(str(path), seq_col=0, start_col=1, end_col=1, zerobased=False, force=True)
    return path.with_name(f"{path.name}.tbi")


def index_bed(path: Path) -> Path:
    pysam.tabix_index(str(path), preset="bed", force=True)
    return path.with_name(f"{path.name}.tbi")


def unusable(path: Path, why: str) -> PermanentError:
    return PermanentError(ErrorCode.REFERENCE_DAMAGED, f"{path.name} cannot be used: {why}.")
