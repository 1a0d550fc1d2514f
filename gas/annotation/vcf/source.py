"""The input as chunks of whole lines behind its header, whatever form it came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from gas.annotation.bcsq import bcftools
from gas.annotation.failure import over_limit
from gas.annotation.limits import MIB, Limits
from gas.annotation.vcf.header import InputHeader, read_header
from gas.annotation.vcf.recognise import recognise
from gas.annotation.vcf.text import plain_text
from gas.annotation.vcf.unpack import unpacked
from gas.domain.errors import ErrorCode, PermanentError

CHUNK_BYTES = 2 * MIB
MAX_HEADER_BYTES = 64 * MIB
_UTF8_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Chunk:
    """Whole lines of the input; only the last line of the file may lack its end.

    ``first_line`` is the number of the first of them, from 1; when they are in another order than
    in the input, ``numbers`` has the number of each. ``fraction`` (0 to 1) is the share of the
    compressed input that was read when the chunk was whole.
    """

    text: bytes
    first_line: int
    fraction: float
    numbers: tuple[int, ...] | None = None

    def line_number(self, offset: int) -> int:
        """The number in the input of the line that byte ``offset`` of the text belongs to."""
        before = self.text.count(b"\n", 0, offset)
        return self.numbers[before] if self.numbers else self.first_line + before


class Input:
    """An untrusted file: its ``form`` (plain, gzip, bgzip, BCF), its ``header``, its chunks.

    Whatever reads it raises PermanentError when the input is at fault or beyond the limits.
    A context manager; to be read once. Chunks are of about ``chunk_bytes``. A BCF is first unpacked into the working directory, and
    line numbers then are those of its text form.
    """

    def __init__(self, path: Path, limits: Limits, chunk_bytes: int = CHUNK_BYTES) -> None:
        self._limits = limits
        self._chunk_bytes = chunk_bytes
        self.form = recognise(path)
        if self.form == "BCF":
            path = _bcf_to_text(path)
        self._size = max(1, path.stat().st_size)
        self._stream = path.open("rb")
        self._pieces = self._bounded_pieces()
        self._pending, self._at = b"", 0  # what is unpacked, and how much of that is consumed
        self._lines = 0  # consumed
        self.ends_in_newline = True  # known once all chunks are read; if not, it may be cut off
        try:
            self.header = self._read_header()
        except PermanentError:
            with self:
                self.check_rest()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def chunks(self) -> Iterator[Chunk]:
        """The lines behind the header, blank lines included; longer lines make longer chunks."""
        pending = self._pending[self._at :]
        parts, length = [pending], len(pending)
        unended = length - (pending.rfind(b"\n") + 1)
        for piece in self._pieces:
            parts.append(piece)
            length += len(piece)
            cut = piece.rfind(b"\n") + 1
            unended = len(piece) - cut if cut else unended + len(piece)
            if unended > self._limits.max_line_bytes or (
                length >= self._chunk_bytes and length > unended
            ):
                whole = b"".join(parts)
                self._refuse_long_lines(whole)
                yield self._chunk(whole[: length - unended])
                parts, length = [whole[length - unended :]], unended
        rest = b"".join(parts)
        if rest:
            self._refuse_long_lines(rest)
            self.ends_in_newline = rest.endswith(b"\n")
            yield self._chunk(rest)

    def check_rest(self) -> None:
        """Read on to the end, only to see whether the compressed data is sound.

        To be called when a line is found to be wrong, before that is told: in a gzip file the
        checksum stands behind the data, so damage shows first as a senseless line. Raises
        PermanentError when the data is damaged, which then is the true reason.
        """
        if self.form != "gzip":
            return
        try:
            for _ in self._pieces:
                pass
        except PermanentError as error:
            if error.code is not ErrorCode.LIMIT_EXCEEDED:
                raise

    def _bounded_pieces(self) -> Iterator[bytes]:
        total, most = 0, self._limits.max_unpacked_bytes
        for piece in unpacked(self._stream, self.form, min(MIB, self._chunk_bytes)):
            total += len(piece)
            if total > most:
                raise over_limit(f"The input is larger than {most / MIB:.0f} MiB unpacked.")
            yield piece

    def _read_header(self) -> InputHeader:
        header = read_header(self._header_lines())
        most = self._limits.max_samples
        if len(header.samples) > most:
            raise over_limit(
                f"The input has {len(header.samples):,} samples; {most:,} are the limit."
            )
        return header

    def _header_lines(self) -> Iterator[tuple[int, str]]:
        total = 0
        while line := self._next_line():
            total += len(line)
            if total > MAX_HEADER_BYTES:
                raise over_limit(f"The header is larger than {MAX_HEADER_BYTES / MIB:.0f} MiB.")
            if self._lines == 1:
                line = line.removeprefix(_UTF8_BOM)
            yield self._lines, plain_text(self._lines, line.removesuffix(b"\n").removesuffix(b"\r"))

    def _next_line(self) -> bytes:
        """The next line of the header with its end; nothing at the end of the file."""
        while (end := self._pending.find(b"\n", self._at) + 1) == 0:
            self._refuse_long_lines(self._pending[self._at :])
            piece = next(self._pieces, b"")
            if not piece:
                end = len(self._pending)
                break
            self._pending, self._at = self._pending[self._at :] + piece, 0
        line = self._pending[self._at : end]
        self._refuse_long_lines(line)
        self._at = end
        self._lines += 1
        return line

    def _chunk(self, text: bytes) -> Chunk:
        first = self._lines + 1
        self._lines += text.count(b"\n")
        return Chunk(text, first, min(1.0, self._stream.tell() / self._size))

    def _refuse_long_lines(self, text: bytes) -> None:
        """Look at the lines of ``text``, the next ones to be consumed, from limit to limit."""
        longest, start = self._limits.max_line_bytes, 0
        while len(text) - start > longest:
            end = text.rfind(b"\n", start, start + longest + 1)
            if end < 0:
                number = self._lines + 1 + text.count(b"\n", 0, start)
                if b"\r" in text[start : start + longest]:
                    plain_text(number, text[start : start + longest])
                raise over_limit(f"Line {number} is longer than {longest / MIB:.0f} MiB.")
            start = end + 1


def _bcf_to_text(path: Path) -> Path:
    target = Path("input.vcf")
    try:
        bcftools.run("view", "--no-version", "-O", "v", "-o", str(target), str(path))
    except bcftools.BcftoolsError as error:
        raise PermanentError(
            ErrorCode.MALFORMED_VCF, f"The BCF file cannot be read: {error}"
        ) from error
    return target
