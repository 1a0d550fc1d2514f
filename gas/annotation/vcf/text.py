"""Text as the input has it: bytes that are no UTF-8 survive from input to output."""

from pathlib import Path
from typing import Literal, TextIO

from gas.annotation.failure import malformed

# What to tell of a file that ends so; cut off anywhere else in a line, it shows.
OPEN_END = "The last line has no line end; if the file was cut off there, records are missing."


def open_text(path: Path, mode: Literal["r", "w"]) -> TextIO:
    """A text file where any bytes survive (surrogateescape), and only LF ends a line."""
    return path.open(mode, encoding="utf-8", errors="surrogateescape", newline="\n")


def plain_text(number: int, line: bytes) -> str:
    """Line ``number`` of the input, given without its end; MALFORMED_VCF when it cannot be text."""
    if b"\0" in line:
        raise malformed(number, "it holds a NUL byte, so the file is not plain text.")
    if b"\r" in line:
        raise malformed(
            number, "lines end in CR alone (old Macintosh); save the file with LF or CRLF."
        )
    return decoded(line)


def decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    """The text for people and JSON: what is no UTF-8 becomes the replacement character."""
    return encoded(text).decode("utf-8", "replace")
