"""Checks one record of the input, in plain Python, before any C library may see it."""

import re
from dataclasses import dataclass, field

from gas.annotation.failure import malformed
from gas.annotation.vcf.header import InputHeader

# A tabix index (.tbi) addresses 512 Mbases.
MAX_POSITION = 2**29 - 1
# INFO entries by which a record reaches further than its REF.
EXTENTS = ("END", "SVLEN")
_CONTIG_NAME = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*\Z")
_BASES = re.compile(r"[ACGTNacgtnRYSWKMBDHVryswkmbdhv]+\Z")
_BREAKEND = re.compile(r"[^\s,]*[\[\]][^\s,]+[\[\]][^\s,]*\Z|\.[A-Za-z]+\Z|[A-Za-z]+\.\Z")
SYMBOLIC = re.compile(r"[A-Za-z]*<[^\s<>]+>\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_FLOAT = re.compile(
    r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\Z",
    re.IGNORECASE | re.ASCII,
)
# VCF 4.4 allows a separator before the first allele too.
_GENOTYPE = re.compile(r"[/|]?(\.|[0-9]{1,9})([/|](\.|[0-9]{1,9}))*\Z")
_ALLELE_INDEX = re.compile(r"[0-9]+")
# What a name may be for the header to declare it.
_FIELD_NAME = re.compile(r"[^\s,;=<>\"]+\Z")
_NUMBERS = {"Integer": _INTEGER, "Float": _FLOAT}


@dataclass(frozen=True, slots=True)
class Record:
    """A record's site: ``position`` from 1 (0 before the first base), ``alternates`` as written."""

    contig: str
    position: int
    reference: str
    alternates: tuple[str, ...]


@dataclass
class Undeclared:
    """Names that records use and the header does not declare, in order of first use."""

    contigs: dict[str, None] = field(default_factory=dict)
    info: dict[str, bool] = field(default_factory=dict)  # whether it is used with a value
    formats: dict[str, None] = field(default_factory=dict)
    filters: dict[str, None] = field(default_factory=dict)


class RecordChecker:
    """Checks records against the header they stand under; raises PermanentError MALFORMED_VCF."""

    def __init__(self, header: InputHeader) -> None:
        self.undeclared = Undeclared()
        self._header = header
        self._columns = header.columns

    def check(self, number: int, line: str) -> Record:
        columns = line.split("\t")
        if len(columns) != self._columns:
            raise malformed(number, self._wrong_count(line, len(columns)))
        contig, position, _, reference, alternate, quality, filters, info = columns[:8]
        if contig not in self._header.contigs and contig not in self.undeclared.contigs:
            if not _CONTIG_NAME.match(contig):
                raise malformed(
                    number, f"column 1 (CHROM): {_short(contig)} is no chromosome name."
                )
            self.undeclared.contigs[contig] = None
        record = Record(
            contig,
            _position(number, position),
            _reference(number, reference),
            _alternates(number, alternate),
        )
        if quality != "." and not _FLOAT.match(quality):
            raise malformed(number, f"column 6 (QUAL): {_short(quality)} is not a number.")
        self._check_filters(number, filters)
        self._check_info(number, info)
        if len(columns) > 9:
            keys = columns[8].split(":")
            self._check_format(number, keys)
            self._check_samples(number, keys, columns[9:], len(record.alternates))
        return record

    def _wrong_count(self, line: str, count: int) -> str:
        if count == 1 and len(line.split()) >= 8:
            return "the columns are separated by spaces; VCF wants tabs."
        return f"it has {count} columns, where the header has {self._columns}."

    def _check_filters(self, number: int, filters: str) -> None:
        if filters in (".", "PASS"):
            return
        for name in filters.split(";"):
            if not name or " " in name:
                raise malformed(
                    number, f"column 7 (FILTER): {_short(filters)} is not a list of names."
                )
            if name not in self._header.filters:
                if not _FIELD_NAME.match(name):
                    raise malformed(number, f"column 7 (FILTER): {_short(name)} is no name.")
                self.undeclared.filters.setdefault(name)

    def _check_info(self, number: int, info: str) -> None:
        if info == ".":
            return
        if not info:
            raise malformed(number, "column 8 (INFO) is empty; a missing value is written '.'.")
        for entry in info.split(";"):
            if entry in ("", "."):
                continue
            key, has_value, values = entry.partition("=")
            if key in EXTENTS and not _is_reachable(values):
                raise malformed(
                    number,
                    f"column 8 (INFO): {_short(entry)} is beyond {MAX_POSITION}, "
                    "what an index can hold.",
                )
            if key in self._header.info_types:
                kind = self._header.info_types[key]
                if has_value and (fault := _number_fault(key, kind, values)):
                    raise malformed(number, f"column 8 (INFO): {fault}")
            elif key not in self._header.earlier_fields:
                if not _FIELD_NAME.match(key):
                    raise malformed(number, f"column 8 (INFO): {_short(key)} is no name.")
                self.undeclared.info[key] = self.undeclared.info.get(key, False) or bool(has_value)

    def _check_format(self, number: int, keys: list[str]) -> None:
        for key in keys:
            if key not in self._header.format_types and key != ".":
                if not _FIELD_NAME.match(key):
                    raise malformed(number, f"column 9 (FORMAT): {_short(key)} is no name.")
                self.undeclared.formats.setdefault(key)
        if "GT" in keys[1:]:
            raise malformed(number, "column 9 (FORMAT): GT must come first.")

    def _check_samples(
        self, number: int, keys: list[str], samples: list[str], alternates: int
    ) -> None:
        # A genotype is text, whatever the header may say.
        kinds = ["" if key == "GT" else self._header.format_types.get(key, "") for key in keys]
        for column, sample in enumerate(samples, start=10):
            values = sample.split(":")
            if len(values) > len(keys):
                raise malformed(
                    number, f"column {column}: more values than FORMAT names ({':'.join(keys)})."
                )
            for key, kind, value in zip(keys, kinds, values, strict=False):
                if value and (fault := _number_fault(key, kind, value)):
                    raise malformed(number, f"column {column}: {fault}")
            if keys[0] == "GT" and (fault := _genotype_fault(values[0], alternates)):
                raise malformed(number, f"column {column}: {fault}")


def _genotype_fault(genotype: str, alternates: int) -> str:
    if not _GENOTYPE.match(genotype):
        return f"{_short(genotype)} is not a genotype."
    highest = max(map(int, _ALLELE_INDEX.findall(genotype)), default=0)
    if highest > alternates:
        return (
            f"genotype {_short(genotype)} names allele {highest}, "
            f"but the record has {alternates} alternate alleles."
        )
    return ""


def _is_reachable(values: str) -> bool:
    """Whether no END or SVLEN among ``values`` is further than a position can be."""
    for value in values.split(","):
        digits = value.lstrip("+-").lstrip("0")
        if _INTEGER.match(value) and (len(digits) > 9 or int(digits or 0) > MAX_POSITION):
            return False
    return True


def _number_fault(key: str, kind: str, values: str) -> str:
    """What is wrong with the values, separated by commas, of a field of this declared Type."""
    pattern = _NUMBERS.get(kind)
    if not pattern:
        return ""
    for value in values.split(","):
        if value != "." and not pattern.match(value):
            return f"{key} is declared as {kind}, but its value is {_short(value)}."
    return ""


def _position(number: int, text: str) -> int:
    # A leading zero makes htslib read the number as octal.
    if not (text.isascii() and text.isdecimal()) or (text[0] == "0" and text != "0"):
        raise malformed(number, f"column 2 (POS): {_short(text)} is not a position.")
    position = int(text) if len(text) <= 12 else MAX_POSITION + 1
    if position > MAX_POSITION:
        raise malformed(
            number,
            f"column 2 (POS): {_short(text)} is beyond {MAX_POSITION}, what an index can hold.",
        )
    return position


def _reference(number: int, text: str) -> str:
    if not _BASES.match(text):
        raise malformed(number, f"column 4 (REF): {_short(text)} is not a sequence of bases.")
    return text


def _alternates(number: int, text: str) -> tuple[str, ...]:
    if text == ".":
        return ()
    alternates = tuple(text.split(","))
    for alternate in alternates:
        if alternate != "*" and not (
            _BASES.match(alternate) or SYMBOLIC.match(alternate) or _BREAKEND.match(alternate)
        ):
            raise malformed(number, f"column 5 (ALT): {_short(alternate)} is not an allele.")
    return alternates


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:30]}…")
