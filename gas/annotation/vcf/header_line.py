"""One structured line of the header, ``##KIND=<KEY=value,KEY="value",…>``, as htslib takes it apart.

The specification leaves the odd cases open (a quote that is never closed, brackets in brackets). What
records may use depends on what the reader of the result finds declared; hence htslib's reading
(``bcf_hdr_parse_line`` of its version 1.24), not a stricter one.
"""

import re
from dataclasses import dataclass

from gas.annotation.failure import malformed

_START = re.compile(r"##([^=]+)=<")
_KEY = re.compile(r" *([A-Za-z_][0-9A-Za-z_.]*) *= *")
_QUOTED = re.compile(r'"(?:[^"\\]++|\\.?)*+')
_LIST = re.compile(r"\[(?:[^\]\\]++|\\.?)*+")
_MARK = re.compile(r"[<>,]")
# What htslib finds again under the same spelling, even where it has to declare it by itself.
_USABLE = re.compile(r'(?![\[" ])[^,<>]*[^,<> ]\Z')
# BCF's own number of a name.
_INDEX = "IDX"


@dataclass(frozen=True)
class HeaderLine:
    """The values of ``attributes`` are as written, with their quotes; of a key used twice, the last.

    ``text`` is the line without BCF's numbers, which some writers leave in the text form: htslib
    refuses a header where they are at odds with each other, or with lines that lack them.
    """

    kind: str
    attributes: dict[str, str]
    text: str

    @property
    def name(self) -> str:
        return self.attributes.get("ID", "")

    @property
    def is_usable(self) -> bool:
        """Whether it declares something that records can name."""
        return bool(_USABLE.match(self.name))


def header_line(number: int, text: str) -> HeaderLine | None:
    """None for a line that is not structured, or so broken that htslib passes it over.

    Raises PermanentError MALFORMED_VCF for what makes htslib refuse the whole header.
    """
    begin = _START.match(text)
    if not begin:
        return None
    attributes: dict[str, str] = {}
    kept: list[str] = []
    at, depth, has_index = begin.end() - 1, 1, False  # of '<', then of what parts two attributes
    while at < len(text) and depth:
        key = _KEY.match(text, at + 1)
        if not key:
            return None
        stop, depth = _value_end(number, text, key.end(), depth)
        attributes[key[1]] = text[key.end() : stop].rstrip(" ")
        if key[1].upper() == _INDEX:
            has_index = True
        else:
            kept.append(text[at + 1 : stop])
        at = stop
        if text.startswith(">", at):
            depth, at = 0, at + 1
    if has_index:
        text = f"{begin[0]}{','.join(kept)}{'' if depth else '>'}{text[at:]}"
    return HeaderLine(begin[1], attributes, text)


def _value_end(number: int, text: str, at: int, depth: int) -> tuple[int, int]:
    """Where the value that begins ``at`` ends, and how many angle brackets are open there."""
    if quoted := _QUOTED.match(text, at):
        return min(quoted.end() + 1, len(text)), depth
    if listed := _LIST.match(text, at):
        if listed.end() == len(text):
            raise malformed(number, "a list that begins with '[' is never closed by ']'.")
        return listed.end() + 1, depth
    for mark in _MARK.finditer(text, at):
        if mark[0] != ",":
            depth += 1 if mark[0] == "<" else -1
        if depth == 0 or (mark[0] == "," and depth == 1):
            return mark.start(), depth
    return len(text), depth
