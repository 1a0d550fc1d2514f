"""Sizes, spans and moments in words, and names that users typed, fit for one line."""

import re
from datetime import UTC, datetime, timedelta

_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SIZES = ((1024**4, "TB"), (1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))
_NEXT_UNIT_FROM = 2  # "90 minutes", not "2 hours"; "2 hours", not "120 minutes"

_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TURNS_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def size(count: int) -> str:
    """Of bytes, in powers of 1024, as file managers and the plans' limits tell it."""
    for unit, name in _SIZES:
        if count >= unit:
            value = count / unit
            digits = 0 if value >= 10 or value == round(value) else 1
            return f"{value:.{digits}f} {name}"
    return f"{count} byte{_s(count)}"


def span(length: timedelta) -> str:
    """A length of time, rounded in the unit that fits; what is over or just begins is no span."""
    seconds = length.total_seconds()
    for unit, name in _SPANS:
        if seconds >= unit * _NEXT_UNIT_FROM or (seconds >= unit and seconds % unit == 0):
            count = round(seconds / unit)
            return f"{count} {name}{_s(count)}"
    return "a moment"


def moment(when: datetime) -> str:
    """For readers whose zone is unknown: "22 November 2026, 16:20 UTC"."""
    utc = when.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def one_line(text: str, longest: int | None = None) -> str:
    """What a user typed, as part of a line of ours: a mail's header, a sentence, a log.

    No control character ends the line, none that turns the direction of writing makes a name look
    like another (Unicode TR 36, section 2.5). Longer than ``longest`` characters, its end is cut.
    """
    line = _TURNS_DIRECTION.sub("", _CONTROLS.sub(" ", text)).strip()
    if longest is not None and len(line) > longest:
        return line[: longest - 1].rstrip() + "…"
    return line


def _s(count: int) -> str:
    return "" if count == 1 else "s"
