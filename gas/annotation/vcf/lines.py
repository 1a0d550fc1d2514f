"""The input as numbered lines of text, whatever form it came in: plain, gzip, bgzip or BCF."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from gas.annotation.bcsq import bcftools
from gas.annotation.failure import over_limit, truncated
from gas.annotation.limits import MIB, Limits
from gas.annotation.vcf.recognise import recognise
from gas.annotation.vcf.text import plain_text
from gas.domain.errors import ErrorCode, PermanentError

_UTF8_BOM = b"\xef\xbb\xbf"


class InputLines:
    """Iterates over ``(line number from 1, text without its end)``.

    ``form`` names what the file turned out to be, ``fraction`` how much of it is read (0 to 1),
    ``ended_in_newline`` is False after a last line that was cut off or simply left open.
    Bytes that are not UTF-8 survive unchanged (surrogateescape).
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.form = ""
        self.ended_in_newline = True
        self._path = path
        self._limits = limits
        self._raw: IO[bytes] | None = None
        self._unpacked: IO[bytes] | None = None
        self._size = 1

    @property
    def fraction(self) -> float:
        return min(1.0, self._raw.tell() / self._size) if self._raw else 0.0

    def __iter__(self) -> Iterator[tuple[int, str]]:
        self.form = recognise(self._path)
        if self.form == "BCF":
            self._path = _bcf_to_text(self._path)
        self._size = max(1, self._path.stat().st_size)
        with self._path.open("rb") as raw:
            self._raw = raw
            packed = self.form in ("gzip", "bgzip")
            self._unpacked = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
            try:
                with _packing_faults():
                    yield from self._numbered(self._unpacked)
            finally:
                self._unpacked = None

    def check_rest(self) -> None:
        """Read on to the end, only to see whether the compressed data is sound.

        Checksums stand behind the data: a damaged file shows first as a senseless line.
        """
        if self._unpacked and self._unpacked is not self._raw:
            with _packing_faults():
                unread = self._limits.max_unpacked_bytes
                while unread > 0 and (chunk := self._unpacked.read(MIB)):
                    unread -= len(chunk)

    def _numbered(self, stream: IO[bytes]) -> Iterator[tuple[int, str]]:
        longest, most = self._limits.max_line_bytes, self._limits.max_unpacked_bytes
        number = total = 0
        while line := stream.readline(longest + 1):
            number += 1
            total += len(line)
            if len(line) > longest:
                raise over_limit(f"Line {number} is longer than {longest / MIB:.0f} MiB.")
            if total > most:
                raise over_limit(f"The input is larger than {most / MIB:.0f} MiB unpacked.")
            self.ended_in_newline = line.endswith(b"\n")
            if number == 1:
                line = line.removeprefix(_UTF8_BOM)
            yield number, plain_text(number, line.removesuffix(b"\n").removesuffix(b"\r"))


@contextmanager
def _packing_faults() -> Iterator[None]:
    """Says what is wrong with compressed data as the fault of the input."""
    try:
        yield
    except EOFError as error:
        raise truncated("The file is incomplete: its compressed data ends too early.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise PermanentError(
            ErrorCode.MALFORMED_VCF,
            f"The file is damaged: its compressed data cannot be unpacked ({error}).",
        ) from error


def _bcf_to_text(path: Path) -> Path:
    """Unpack a BCF beside us; line numbers then count the lines of its text form."""
    unpacked = Path("input.vcf")
    try:
        bcftools.run("view", "--no-version", "-O", "v", "-o", str(unpacked), str(path))
    except bcftools.BcftoolsError as error:
        raise PermanentError(
            ErrorCode.MALFORMED_VCF, f"The BCF file cannot be read: {error}"
        ) from error
    return unpacked
