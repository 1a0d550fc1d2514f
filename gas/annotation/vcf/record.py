"""Checks one record of the input, in plain Python, before any C library may see it."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from gas.annotation.failure import malformed
from gas.annotation.vcf.header import InputHeader

# A tabix index (.tbi) addresses 512 Mbases.
MAX_POSITION = 2**29 - 1
_CONTIG_NAME = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*\Z")
_BASES = re.compile(r"[ACGTNacgtnRYSWKMBDHVryswkmbdhv]+\Z")
_BREAKEND = re.compile(r"[^\s,]*[\[\]][^\s,]+[\[\]][^\s,]*\Z|\.[A-Za-z]+\Z|[A-Za-z]+\.\Z")
_SYMBOLIC = re.compile(r"[A-Za-z]*<[^\s<>]+>\Z")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z")
_FLOAT = re.compile(
    r"[+-]?(([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?|nan|inf|infinity)\Z", re.IGNORECASE
)
_ALLELE_INDEX = re.compile(r"[0-9]{1,9}\Z")
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
        # Records repeat the same few INFO entries and genotypes many times.
        self._number_fault = lru_cache(maxsize=20_000)(self._find_number_fault)
        self._highest_allele = lru_cache(maxsize=10_000)(_find_highest_allele)

    def check(self, number: int, line: str) -> Record:
        columns = line.split("\t")
        if len(columns) != self._columns:
            raise malformed(number, self._wrong_count(line, len(columns)))
        contig, position, _, reference, alternate, quality, filters, info = columns[:8]
        if contig not in self._header.contigs and contig not in self.undeclared.contigs:
            if not _CONTIG_NAME.match(contig):
                raise malformed(number, f"column 1 (CHROM): {contig!r} is no chromosome name.")
            self.undeclared.contigs[contig] = None
        record = Record(
            contig,
            _position(number, position),
            _reference(number, reference),
            _alternates(number, alternate),
        )
        if quality != "." and not _FLOAT.match(quality):
            raise malformed(number, f"column 6 (QUAL): {quality!r} is not a number.")
        self._check_filters(number, filters)
        self._check_info(number, info)
        if len(columns) > 9:
            self._check_samples(number, columns[8], columns[9:], len(record.alternates))
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
                raise malformed(number, f"column 7 (FILTER): {filters!r} is not a list of names.")
            if name not in self._header.filters:
                self.undeclared.filters.setdefault(name)

    def _check_info(self, number: int, info: str) -> None:
        if info == ".":
            return
        if not info:
            raise malformed(number, "column 8 (INFO) is empty; a missing value is written '.'.")
        for entry in info.split(";"):
            if not entry:
                continue
            key, has_value, _ = entry.partition("=")
            if key not in self._header.info_types and key not in self._header.earlier_fields:
                self.undeclared.info[key] = self.undeclared.info.get(key, False) or bool(has_value)
            elif self._header.info_types.get(key) in _NUMBERS and (
                fault := self._number_fault(entry)
            ):
                raise malformed(number, f"column 8 (INFO): {fault}")

    def _find_number_fault(self, entry: str) -> str:
        key, has_value, values = entry.partition("=")
        kind = self._header.info_types[key]
        pattern = _NUMBERS[kind]
        if not has_value:
            return ""
        for value in values.split(","):
            if value != "." and not pattern.match(value):
                return f"{key} is declared as {kind}, but its value is {value!r}."
        return ""

    def _check_samples(
        self, number: int, formats: str, samples: list[str], alternates: int
    ) -> None:
        keys = formats.split(":")
        for key in keys:
            if key not in self._header.formats and key != ".":
                self.undeclared.formats.setdefault(key)
        if "GT" in keys[1:]:
            raise malformed(number, "column 9 (FORMAT): GT must come first.")
        has_genotypes = keys[0] == "GT"
        for index, sample in enumerate(samples):
            if sample.count(":") >= len(keys):
                raise malformed(
                    number, f"column {index + 10}: more values than FORMAT names ({formats})."
                )
            if not has_genotypes:
                continue
            genotype = sample.partition(":")[0]
            highest = self._highest_allele(genotype)
            if highest is None:
                raise malformed(number, f"column {index + 10}: {genotype!r} is not a genotype.")
            if highest > alternates:
                raise malformed(
                    number,
                    f"column {index + 10}: genotype {genotype!r} names allele {highest}, "
                    f"but the record has {alternates} alternate alleles.",
                )


def _find_highest_allele(genotype: str) -> int | None:
    """The highest allele index of a genotype (0 for none), or None when it is not one."""
    highest = 0
    for index in genotype.lstrip("/|").replace("|", "/").split("/"):
        if _ALLELE_INDEX.match(index):
            highest = max(highest, int(index))
        elif index != ".":
            return None
    return highest


def _position(number: int, text: str) -> int:
    # A leading zero makes htslib read the number as octal.
    if not (text.isascii() and text.isdecimal()) or (text[0] == "0" and text != "0"):
        raise malformed(number, f"column 2 (POS): {text!r} is not a position.")
    position = int(text) if len(text) <= 12 else MAX_POSITION + 1
    if position > MAX_POSITION:
        raise malformed(
            number, f"column 2 (POS): {text} is beyond {MAX_POSITION}, what an index can hold."
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
            _BASES.match(alternate) or _SYMBOLIC.match(alternate) or _BREAKEND.match(alternate)
        ):
            raise malformed(number, f"column 5 (ALT): {_short(alternate)} is not an allele.")
    return alternates


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:30]}…")
