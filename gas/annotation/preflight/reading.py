"""The lines of a file's windows, whatever form it comes in: plain, gzip, bgzip or BCF.

What is wrong with the bytes themselves (another format, damaged data, no text) is said by the same
functions as when the file is annotated.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pysam

from gas.annotation.failure import over_limit
from gas.annotation.limits import MIB, Limits
from gas.annotation.preflight.blocks import whole_blocks
from gas.annotation.preflight.deadline import Deadline
from gas.annotation.preflight.windows import Window, pieces_of, windows_of
from gas.annotation.vcf.recognise import recognise
from gas.annotation.vcf.text import encoded, plain_text
from gas.annotation.vcf.unpack import unpacked
from gas.domain.errors import ErrorCode, PermanentError

_UTF8_BOM = b"\xef\xbb\xbf"
# The head of the file may take so much of the time, all windows so much.
HEAD_SHARE, READING_SHARE = 0.4, 0.65
_LINES_BETWEEN_LOOKS_AT_THE_CLOCK = 256
_STEP_BYTES = 2**16


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is, with its end. ``number`` is from 1; None in a window further on.

    ``near_byte`` is where its window begins.
    """

    number: int | None
    near_byte: int
    content: bytes

    @property
    def is_closed(self) -> bool:
        return self.content.endswith(b"\n")

    def text(self) -> str:
        """Without the line's end. Raises PermanentError for what is no text."""
        line = self.content.removesuffix(b"\n").removesuffix(b"\r")
        return plain_text(self.number or 0, line)


class FileReader:
    """Reads one file once.

    ``form`` is what it turned out to be; after `lines`, ``complete`` says whether all of it was
    read, ``bytes_read`` how much.
    """

    def __init__(self, path: Path, limits: Limits, deadline: Deadline) -> None:
        self._path = path
        self._limits = limits
        self._deadline = deadline
        self.size = path.stat().st_size
        self.form = recognise(path)
        self.complete = True
        self.bytes_read = 0
        self._unpacked = 0

    def lines(self) -> Iterator[Line]:
        """Whole lines only; the last one of the file may be open.

        Raises PermanentError for damaged data and for what is beyond the limits.
        """
        if self.form == "BCF":
            yield from self._bcf_lines()
            return
        head, *pieces = windows_of(self.size)
        self.complete = not pieces
        yield from self._window_lines(head, HEAD_SHARE, first=True)
        if self.form == "gzip":
            return  # there is no way into the middle of it
        if not pieces and not self.complete:
            pieces = list(pieces_of(self.bytes_read, self.size))
        for index, window in enumerate(pieces, 1):
            share = HEAD_SHARE + (READING_SHARE - HEAD_SHARE) * index / len(pieces)
            yield from self._window_lines(window, share, first=False)

    def check_rest(self) -> None:
        """Raise PermanentError if a fault in the lines is only the sign of damaged packed data.

        Checksums stand behind the data.
        """
        if self.form not in ("gzip", "bgzip") or len(windows_of(self.size)) > 1:
            return
        with self._path.open("rb") as raw:
            unread = self._limits.max_unpacked_bytes
            for piece in unpacked(raw, self.form, MIB):
                unread -= len(piece)
                if unread < 0 or self._deadline.past(1):
                    return

    def _window_lines(self, window: Window, share: float, *, first: bool) -> Iterator[Line]:
        with self._path.open("rb") as raw:
            bounds: tuple[int, int] | None = (window.start, window.end)
            if not first and self.form == "bgzip":
                bounds = whole_blocks(raw, window.start, window.end)
            if bounds is None:
                return
            part = _Part(raw, *bounds)
            is_cut = window.end < self.size
            try:
                yield from self._numbered(
                    self._pieces(part, is_cut=is_cut),
                    window.start,
                    share,
                    first=first,
                    is_cut=is_cut,
                )
            finally:
                self.bytes_read += part.taken

    def _pieces(self, part: "_Part", *, is_cut: bool) -> Iterator[bytes]:
        try:
            for piece in unpacked(cast("IO[bytes]", part), self.form, MIB):
                self._unpacked += len(piece)
                if self._unpacked > self._limits.max_unpacked_bytes:
                    most = self._limits.max_unpacked_bytes / MIB
                    raise over_limit(f"The input is larger than {most:.0f} MiB unpacked.")
                yield piece
        except PermanentError as error:
            if not (is_cut and error.code is ErrorCode.TRUNCATED_FILE):  # we cut it
                raise

    def _numbered(
        self,
        pieces: Iterator[bytes],
        near_byte: int,
        share: float,
        *,
        first: bool,
        is_cut: bool,
    ) -> Iterator[Line]:
        number = 0
        for line in self._split(pieces):
            number += 1
            content = line.removeprefix(_UTF8_BOM) if first and number == 1 else line
            if len(content) > self._limits.max_line_bytes:
                raise self._too_long(number if first else None, near_byte)
            is_open = not content.endswith(b"\n")
            if (is_open and is_cut) or (number == 1 and not first):
                continue  # the window's ends cut it
            yield Line(number if first else None, near_byte, content)
            if number % _LINES_BETWEEN_LOOKS_AT_THE_CLOCK == 0 and self._deadline.past(share):
                self.complete = False
                return

    def _split(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Lines with their ends. One that is too long may come in part."""
        pending: list[bytes] = []
        length = 0
        for piece in pieces:
            *ended, rest = piece.split(b"\n")
            for line in ended:
                yield b"".join((*pending, line, b"\n"))
                pending, length = [], 0
            pending.append(rest)
            length += len(rest)
            if length > self._limits.max_line_bytes:
                break
        if length:
            yield b"".join(pending)

    def _too_long(self, number: int | None, near_byte: int) -> PermanentError:
        where = f"Line {number}" if number else f"A line near byte {near_byte:,}"
        most = self._limits.max_line_bytes / MIB
        return over_limit(f"{where} is longer than {most:.0f} MiB.")

    def _bcf_lines(self) -> Iterator[Line]:
        """As text. Of a large one only the head: there is no telling records apart further on."""
        head = windows_of(self.size)[0]
        self.complete = head.end == self.size
        source = self._path if self.complete else self._copy_of(head)
        number = 0
        try:
            with pysam.VariantFile(str(source), ignore_truncation=not self.complete) as bcf:
                for text in str(bcf.header).splitlines():
                    number += 1
                    yield Line(number, 0, encoded(f"{text}\n"))
                for record in bcf:
                    number += 1
                    yield Line(number, 0, encoded(str(record)))
                    self.bytes_read = bcf.tell() >> 16  # of a virtual offset, the block's
                    if self._deadline.past(HEAD_SHARE):
                        self.complete = False
                        return
            self.bytes_read = head.end
        except (OSError, ValueError) as error:
            if self.complete or number == 0:
                raise PermanentError(
                    ErrorCode.MALFORMED_VCF, f"The BCF file cannot be read: {error}"
                ) from error

    def _copy_of(self, window: Window) -> Path:
        """The window alone, in the working directory: what follows it may be a hole."""
        copy = Path("head.bcf")
        with self._path.open("rb") as raw:
            copy.write_bytes(raw.read(window.size))
        return copy


class _Part:
    """A part of a file, to be read in small steps, so that ``taken`` says what was made use of."""

    def __init__(self, raw: IO[bytes], start: int, end: int) -> None:
        self._raw = raw
        self._left = end - start
        self.taken = 0
        raw.seek(start)

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes, but a block of bgzip's largest size, unless the end is nearer."""
        content = self._raw.read(min(size, _STEP_BYTES, self._left))
        self._left -= len(content)
        self.taken += len(content)
        return content
