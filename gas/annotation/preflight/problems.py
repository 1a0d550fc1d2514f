"""Gathers what breaks the rules of VCF, over all lines."""

import re

from gas.annotation.preflight.report import SHOWN_PROBLEMS, Place, Problem, Problems
from gas.annotation.vcf.text import printable
from gas.domain.errors import PermanentError

_PLACED = re.compile(r"Line \d+: (?P<what>(?:column (?P<column>\d+)\b)?.*)", re.DOTALL)
_LONGEST_MESSAGE = 500


class ProblemLog:
    """Keeps the first problems, counts all. ``first`` is what the annotation would fail with."""

    def __init__(self) -> None:
        self.first: PermanentError | None = None
        self._total = 0
        self._shown: list[Problem] = []

    def note(self, number: int | None, near_byte: int, error: PermanentError) -> None:
        """``error`` as `gas.annotation.failure.malformed` words it, for line ``number``."""
        self._total += 1
        place = Place(line=number, near_byte=None if number else near_byte)
        if self.first is None:
            self.first = PermanentError(error.code, _told(place, error.message))
        if len(self._shown) < SHOWN_PROBLEMS:
            self._shown.append(_problem(place, error.message))

    def report(self) -> Problems:
        return Problems(total=self._total, shown=self._shown)


def _problem(place: Place, message: str) -> Problem:
    """The place goes into fields of its own, the sentence stays one without it."""
    before, column, what = "", None, message
    if parts := _PLACED.search(message):
        before, column, what = message[: parts.start()], parts["column"], parts["what"]
    return Problem(
        place=place,
        column=int(column) if column else None,
        message=printable(f"{before}{what[0].upper()}{what[1:]}")[:_LONGEST_MESSAGE],
    )


def _told(place: Place, message: str) -> str:
    """The message, with the place that is known instead of a line number that is not."""
    if place.line is None:
        return message.replace("Line 0:", f"In a line near byte {place.near_byte:,}:", 1)
    return message
