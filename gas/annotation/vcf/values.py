"""What single values of a record look like, and how it is worded when they do not."""

import re

from gas.annotation.failure import over_limit
from gas.domain.errors import PermanentError

INTEGER = re.compile(r"[+-]?[0-9]+\Z")
FLOAT = re.compile(
    r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\Z",
    re.IGNORECASE | re.ASCII,
)
# What a name may be for the header to declare it; a bracket would begin a list there.
FIELD_NAME = re.compile(r"(?!\[)[^\s,;=<>\"]+\Z")
_NUMBERS = {"Integer": INTEGER, "Float": FLOAT}


def number_fault(key: str, kind: str, values: str) -> str:
    """What is wrong with the values, separated by commas, of a field of this declared Type."""
    pattern = _NUMBERS.get(kind)
    if not pattern:
        return ""
    for value in values.split(","):
        if value != "." and not pattern.match(value):
            return f"{key} is declared as {kind}, but its value is {short(value)}."
    return ""


def too_many(number: int, column: str, count: int, what: str, most: int) -> PermanentError:
    return over_limit(f"Line {number}: {column} has {count:,} {what}; {most:,} are the limit.")


def short(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:30]}…")
