"""Checks one record of the input, in plain Python, before any C library may see it."""

import re
from dataclasses import dataclass, field

from gas.annotation.failure import malformed, truncated
from gas.annotation.vcf.capacity import MOST_ALTERNATES, MOST_INFO_ENTRIES
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.sample_columns import SampleColumns
from gas.annotation.vcf.text import plain_text
from gas.annotation.vcf.values import FIELD_NAME, FLOAT, INTEGER, number_fault, short, too_many
from gas.domain.errors import ErrorCode, PermanentError

# A tabix index (.tbi) addresses 512 Mbases.
MAX_POSITION = 2**29 - 1
# INFO entries by which a record reaches further than its REF.
EXTENTS = ("END", "SVLEN")
_CONTIG_NAME = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*\Z")
_BASES = re.compile(r"[ACGTNacgtnRYSWKMBDHVryswkmbdhv]+\Z")
_BREAKEND = re.compile(r"[^\s,]*[\[\]][^\s,]+[\[\]][^\s,]*\Z|\.[A-Za-z]+\Z|[A-Za-z]+\.\Z")
SYMBOLIC = re.compile(r"[A-Za-z]*<[^\s<>]+>\Z")


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
    """Checks records against the header they stand under.

    What it accepts, htslib reads, with the fields of GAS added. Raises PermanentError MALFORMED_VCF,
    and LIMIT_EXCEEDED for what is right but more than htslib can hold.
    """

    def __init__(self, header: InputHeader) -> None:
        self.undeclared = Undeclared()
        self._header = header
        self._columns = header.columns
        self._samples = SampleColumns(header)

    def check_line(self, number: int, line: bytes, *, is_open: bool) -> Record:
        """Line ``number`` of the input without its end; ``is_open`` if it had none.

        Then whatever is wrong with it comes of that, and raises PermanentError TRUNCATED_FILE.
        """
        try:
            text = plain_text(number, line)
            if text.startswith("#"):
                raise malformed(number, "a header line stands among the records.")
            return self.check(number, text)
        except PermanentError as error:
            if not is_open or error.code is ErrorCode.LIMIT_EXCEEDED:
                raise
            raise truncated(
                f"The file seems to be cut off in its last line. {error.message}"
            ) from error

    def check(self, number: int, line: str) -> Record:
        columns = line.split("\t")
        if len(columns) != self._columns:
            raise malformed(number, self._wrong_count(line, len(columns)))
        contig, position, _, reference, alternate, quality, filters, info = columns[:8]
        if contig not in self._header.contigs and contig not in self.undeclared.contigs:
            if not _CONTIG_NAME.match(contig):
                raise malformed(number, f"column 1 (CHROM): {short(contig)} is no chromosome name.")
            self.undeclared.contigs[contig] = None
        record = Record(
            contig,
            _position(number, position),
            _reference(number, reference),
            _alternates(number, alternate),
        )
        if quality != "." and not FLOAT.match(quality):
            raise malformed(number, f"column 6 (QUAL): {short(quality)} is not a number.")
        self._check_filters(number, filters)
        self._check_info(number, info)
        if len(columns) > 9:
            self._samples.check(
                number, columns[8:], len(record.alternates), self.undeclared.formats
            )
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
                    number, f"column 7 (FILTER): {short(filters)} is not a list of names."
                )
            if name not in self._header.filters:
                if not FIELD_NAME.match(name):
                    raise malformed(number, f"column 7 (FILTER): {short(name)} is no name.")
                self.undeclared.filters.setdefault(name)

    def _check_info(self, number: int, info: str) -> None:
        if info == ".":
            return
        if not info:
            raise malformed(number, "column 8 (INFO) is empty; a missing value is written '.'.")
        entries = info.split(";")
        if len(entries) > MOST_INFO_ENTRIES:
            raise too_many(number, "column 8 (INFO)", len(entries), "entries", MOST_INFO_ENTRIES)
        for entry in entries:
            if entry not in ("", "."):
                self._check_entry(number, entry)

    def _check_entry(self, number: int, entry: str) -> None:
        key, has_value, values = entry.partition("=")
        if key in EXTENTS and not _is_reachable(values):
            raise malformed(
                number,
                f"column 8 (INFO): {short(entry)} is beyond {MAX_POSITION}, what an index can hold.",
            )
        if key in self._header.info_types:
            kind = self._header.info_types[key]
            if has_value and (fault := number_fault(key, kind, values)):
                raise malformed(number, f"column 8 (INFO): {fault}")
        elif key not in self._header.earlier_fields:
            if not FIELD_NAME.match(key):
                raise malformed(number, f"column 8 (INFO): {short(key)} is no name.")
            self.undeclared.info[key] = self.undeclared.info.get(key, False) or bool(has_value)


def _is_reachable(values: str) -> bool:
    """Whether no END or SVLEN among ``values`` is further than a position can be."""
    for value in values.split(","):
        digits = value.lstrip("+-").lstrip("0")
        if INTEGER.match(value) and (len(digits) > 9 or int(digits or 0) > MAX_POSITION):
            return False
    return True


def _position(number: int, text: str) -> int:
    # A leading zero makes htslib read the number as octal.
    if not (text.isascii() and text.isdecimal()) or (text[0] == "0" and text != "0"):
        raise malformed(number, f"column 2 (POS): {short(text)} is not a position.")
    position = int(text) if len(text) <= 12 else MAX_POSITION + 1
    if position > MAX_POSITION:
        raise malformed(
            number,
            f"column 2 (POS): {short(text)} is beyond {MAX_POSITION}, what an index can hold.",
        )
    return position


def _reference(number: int, text: str) -> str:
    if not _BASES.match(text):
        raise malformed(number, f"column 4 (REF): {short(text)} is not a sequence of bases.")
    return text


def _alternates(number: int, text: str) -> tuple[str, ...]:
    if text == ".":
        return ()
    alternates = tuple(text.split(","))
    if len(alternates) > MOST_ALTERNATES:
        raise too_many(number, "column 5 (ALT)", len(alternates), "alleles", MOST_ALTERNATES)
    for alternate in alternates:
        if alternate != "*" and not (
            _BASES.match(alternate) or SYMBOLIC.match(alternate) or _BREAKEND.match(alternate)
        ):
            raise malformed(number, f"column 5 (ALT): {short(alternate)} is not an allele.")
    return alternates
