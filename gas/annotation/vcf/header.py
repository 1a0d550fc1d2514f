"""Reads the header of the input, and refuses what common VCF tools would not read of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from gas.annotation.failure import malformed, not_a_vcf, truncated
from gas.annotation.vcf.header_line import HeaderLine, header_line
from gas.domain.errors import PermanentError

FIXED_COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
_FORMAT_LINE = "##fileformat="
_ASSUMED_MINOR = 2
_ASSUMED_FORMAT = f"{_FORMAT_LINE}VCFv4.{_ASSUMED_MINOR}"
_VERSION = re.compile(r"VCFv4\.([0-9]{0,3})(?![0-9])")
_DECLARATIONS = ("contig", "INFO", "FORMAT", "FILTER")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
# Written by an earlier run: see `without_earlier_annotation`.
_OUR_LINE = "##GAS_"
_OUR_SOURCE = 'Source="GAS"'


@dataclass
class InputHeader:
    """The header as it came: ``meta`` are its ``##`` lines, the first one ``##fileformat``.

    ``contigs`` maps a declared name to its declared length in bases, or None; ``info_types`` and
    ``format_types`` map a declared key to its Type. Of two lines that declare the same, the first
    counts. ``minor_versions`` are the 2 of VCF 4.2, one a ``##fileformat`` line.
    """

    meta: list[str] = field(default_factory=list)
    minor_versions: list[int] = field(default_factory=list)
    column_line: str = ""
    samples: list[str] = field(default_factory=list)
    contigs: dict[str, int | None] = field(default_factory=dict)
    info_types: dict[str, str] = field(default_factory=dict)
    format_types: dict[str, str] = field(default_factory=dict)
    filters: set[str] = field(default_factory=lambda: {"PASS"})
    warnings: list[str] = field(default_factory=list)
    earlier_fields: frozenset[str] = frozenset()

    @property
    def minor_version(self) -> int:
        """Where lines disagree, tools do too: what is right by the oldest is right by all."""
        return min(self.minor_versions, default=_ASSUMED_MINOR)

    @property
    def columns(self) -> int:
        return len(self.column_line.split("\t"))


def read_header(lines: Iterator[tuple[int, str]]) -> InputHeader:
    """Consume the lines up to and including ``#CHROM``."""
    header = InputHeader()
    unusable: list[PermanentError] = []
    number = 0
    for number, line in lines:
        if number == 1:
            _check_first_line(line, header)
        if line.startswith("##"):
            _read_meta(number, line, header, unusable)
        elif line.startswith("#CHROM"):
            _read_columns(number, line, header)
            if header.samples and unusable:
                raise unusable[0]
            return _without_earlier_annotation(header)
        elif line.strip():
            raise malformed(number, "a record stands before the line '#CHROM POS ID REF ALT …'.")
    raise truncated(f"The file ends after {number} header lines, before the line '#CHROM …'.")


def _check_first_line(line: str, header: InputHeader) -> None:
    if line.startswith(f"{_FORMAT_LINE}VCFv"):
        return
    if not line.startswith(("##", "#CHROM")):
        raise not_a_vcf("The file is not a VCF: it does not begin with '##fileformat=VCF'.")
    header.meta.append(_ASSUMED_FORMAT)
    header.warnings.append("The first line does not name the VCF version; 4.2 is assumed.")


def _read_meta(number: int, text: str, header: InputHeader, unusable: list[PermanentError]) -> None:
    """``unusable`` is told what is wrong only where there are samples."""
    if text.startswith(_FORMAT_LINE):
        _read_version(number, text, header)
    line = header_line(number, text)
    if line is None or line.kind not in _DECLARATIONS:
        header.meta.append(text)
        return
    header.meta.append(line.text)
    if not line.name:
        raise malformed(number, f"this ##{line.kind} line has no ID.")
    if line.is_usable:
        _note_declaration(line, header)
    if line.kind == "FORMAT" and (fault := _type_fault(line)):
        unusable.append(malformed(number, fault))


def _read_version(number: int, line: str, header: InputHeader) -> None:
    value = line.removeprefix(_FORMAT_LINE)
    version = _VERSION.match(value)
    if not version and value.startswith("VCFv"):
        raise malformed(
            number,
            f"this is VCF version {value.removeprefix('VCFv').strip()[:20]}; GAS reads versions "
            "4.0 to 4.5. Convert it, with vcf-convert of VCFtools if it is an older one.",
        )
    header.minor_versions.append(int(version[1] or 0) if version else _ASSUMED_MINOR)


def _type_fault(line: HeaderLine) -> str:
    """Why no sample can have values of this FORMAT."""
    kind = line.attributes.get("Type", "")
    if kind == "Flag":
        return f"FORMAT {line.name} is declared as Flag, but only INFO has flags."
    if line.name == "GT" and kind in ("Integer", "Float"):
        return f"GT is declared as {kind}, but genotypes are text: write Type=String."
    return ""


def _note_declaration(line: HeaderLine, header: InputHeader) -> None:
    kind = line.attributes.get("Type", "")
    match line.kind:
        case "contig":
            length = line.attributes.get("length", "")
            header.contigs.setdefault(line.name, int(length) if _LENGTH.match(length) else None)
        case "INFO":
            header.info_types.setdefault(line.name, kind)
        case "FORMAT":
            header.format_types.setdefault(line.name, kind)
        case _:
            header.filters.add(line.name)


def _read_columns(number: int, line: str, header: InputHeader) -> None:
    columns = line.split("\t")
    if tuple(columns[:8]) != FIXED_COLUMNS:
        if "\t" not in line:
            raise malformed(number, "the columns are separated by spaces; VCF wants tabs.")
        raise malformed(number, f"the columns must begin with {' '.join(FIXED_COLUMNS)}.")
    if len(columns) > 8 and columns[8] != "FORMAT":
        raise malformed(number, f"column 9 must be FORMAT, not {columns[8]!r}.")
    if len(columns) == 9:
        raise malformed(number, "column 9 is FORMAT, but no sample follows.")
    samples = columns[9:]
    name, count = next(iter(Counter(samples).most_common(1)), ("", 0))
    if count > 1:
        raise malformed(number, f"the sample {name!r} is named more than once.")
    for column, sample in enumerate(samples, start=10):
        if not sample.strip():
            raise malformed(number, f"column {column}: the sample has no name.")
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
