"""Text as the input has it: bytes that are no UTF-8 survive from input to output."""

from pathlib import Path
from typing import Literal, TextIO


def open_text(path: Path, mode: Literal["r", "w"]) -> TextIO:
    """A text file where any bytes survive (surrogateescape), and only LF ends a line."""
    return path.open(mode, encoding="utf-8", errors="surrogateescape", newline="\n")


def printable(text: str) -> str:
    """The text for people and JSON: what is no UTF-8 becomes the replacement character."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
