"""Reads the header of the input, and notes what a complete header would have declared."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gas.annotation.failure import malformed, not_a_vcf, truncated

FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_ASSUMED_FORMAT = "##fileformat=VCFv4.2"
_DECLARATION = re.compile(r"##(contig|INFO|FORMAT|FILTER)=<(.*)>\s*$")
_ATTRIBUTE = re.compile(r'([A-Za-z0-9_.]+)=("(?:[^"\\]|\\.)*"|[^,"]*)')
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
# Written by an earlier run: see `without_earlier_annotation`.
_OUR_LINE = "##GAS_"
_OUR_SOURCE = 'Source="GAS"'


@dataclass
class InputHeader:
    """The header as it came: ``meta`` are its ``##`` lines, the first one ``##fileformat``.

    ``contigs`` maps a declared name to its declared length in bases, or None; ``info_types`` and
    ``format_types`` map a declared key to its Type.
    """

    meta: list[str] = field(default_factory=list)
    column_line: str = ""
    samples: list[str] = field(default_factory=list)
    contigs: dict[str, int | None] = field(default_factory=dict)
    info_types: dict[str, str] = field(default_factory=dict)
    format_types: dict[str, str] = field(default_factory=dict)
    filters: set[str] = field(default_factory=lambda: {"PASS"})
    warnings: list[str] = field(default_factory=list)
    earlier_fields: frozenset[str] = frozenset()

    @property
    def columns(self) -> int:
        return len(self.column_line.split("\t"))


def read_header(lines: Iterator[tuple[int, str]]) -> InputHeader:
    """Consume the lines up to and including ``#CHROM``."""
    header = InputHeader()
    number = 0
    for number, line in lines:
        if number == 1:
            _check_first_line(line, header)
        if line.startswith("##"):
            header.meta.append(line)
            _note_declaration(number, line, header)
        elif line.startswith("#CHROM"):
            _read_columns(number, line, header)
            return _without_earlier_annotation(header)
        elif line.strip():
            raise malformed(number, "a record stands before the line '#CHROM POS ID REF ALT …'.")
    raise truncated(f"The file ends after {number} header lines, before the line '#CHROM …'.")


def _check_first_line(line: str, header: InputHeader) -> None:
    if line.startswith("##fileformat=VCFv"):
        version = line.removeprefix("##fileformat=VCFv").strip()
        if not version.startswith("4."):
            raise malformed(1, f"this is VCF version {version}; GAS reads versions 4.0 to 4.5.")
    elif line.startswith(("##", "#CHROM")):
        header.meta.append(_ASSUMED_FORMAT)
        header.warnings.append("The first line does not name the VCF version; 4.2 is assumed.")
    else:
        raise not_a_vcf("The file is not a VCF: it does not begin with '##fileformat=VCF'.")


def _note_declaration(number: int, line: str, header: InputHeader) -> None:
    match = _DECLARATION.match(line)
    if not match:
        return
    kind, body = match.groups()
    attributes = {key: value.strip('"') for key, value in _ATTRIBUTE.findall(body)}
    name = attributes.get("ID", "")
    if not name:
        raise malformed(number, f"this ##{kind} line has no ID.")
    if kind == "contig":
        length = attributes.get("length", "")
        header.contigs[name] = int(length) if _LENGTH.match(length) else None
    elif kind == "INFO":
        header.info_types[name] = attributes.get("Type", "")
    elif kind == "FORMAT":
        header.format_types[name] = attributes.get("Type", "")
    else:
        header.filters.add(name)


def _read_columns(number: int, line: str, header: InputHeader) -> None:
    columns = line.split("\t")
    if tuple(columns[:8]) != FIXED_COLUMNS:
        if "\t" not in line:
            raise malformed(number, "the columns are separated by spaces; VCF wants tabs.")
        raise malformed(number, f"the columns must begin with {' '.join(FIXED_COLUMNS)}.")
    if len(columns) > 8 and columns[8] != "FORMAT":
        raise malformed(number, f"column 9 must be FORMAT, not {columns[8]!r}.")
    samples = columns[9:]
    name, count = next(iter(Counter(samples).most_common(1)), ("", 0))
    if count > 1:
        raise malformed(number, f"the sample {name!r} is named more than once.")
    if "" in samples:
        raise malformed(number, f"column {columns.index('', 9) + 1}: the sample has no name.")
    header.column_line, header.samples = line, samples


def _without_earlier_annotation(header: InputHeader) -> InputHeader:
    """Drop what GAS itself added in an earlier run: it is annotated anew, not twice."""
    if not any(line.startswith("##GAS_version=") for line in header.meta):
        return header
    earlier = {
        line.partition("<ID=")[2].partition(",")[0]
        for line in header.meta
        if line.startswith("##INFO=<") and _OUR_SOURCE in line
    }
    header.meta = [
        line
        for line in header.meta
        if not line.startswith(_OUR_LINE)
        and not (line.startswith("##INFO=<") and _OUR_SOURCE in line)
    ]
    for name in earlier:
        header.info_types.pop(name, None)
    header.earlier_fields = frozenset(earlier)
    header.warnings.append("Annotations of an earlier GAS run were replaced.")
    return header
