"""First pass: reads and checks every line of the input, and sets the records in order.

Afterwards nothing the user wrote is parsed by a C library until the finished file is verified:
the annotators only ever see the clean copy of the alleles that `lookup` makes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gas.annotation.failure import malformed, truncated
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.vcf.allele import SkipReason, reasons_to_skip
from gas.annotation.vcf.genome_check import GenomeVerdict, check_declared_lengths
from gas.annotation.vcf.header import InputHeader, read_header
from gas.annotation.vcf.lines import InputLines
from gas.annotation.vcf.record import Record, RecordChecker, Undeclared
from gas.annotation.vcf.sorting import sort_lines
from gas.annotation.vcf.text import open_text
from gas.domain.errors import ErrorCode, PermanentError

_ANNOTATED = "-"


@dataclass(frozen=True, slots=True)
class CheckedRecord:
    """A record in output order; ``line_number`` is its line in the input.

    ``skips`` has one entry an alternate allele, at least one: a SkipReason, or None.
    """

    line_number: int
    skips: tuple[SkipReason | None, ...]
    line: str


@dataclass(frozen=True)
class Intake:
    """The checked input: its ``records`` file, sorted, read by `read_records`."""

    records: Path
    count: int
    header: InputHeader
    undeclared: Undeclared
    form: str
    sorted_by_gas: bool
    warnings: tuple[str, ...]


def take_in(
    source: Path,
    bundle: ReferenceBundle,
    bases_at: Callable[[str, int, int], str],
    limits: Limits,
    on_progress: Callable[[float, int], None],
) -> Intake:
    """Check ``source`` and write its records, sorted, to the working directory.

    ``on_progress`` is told the fraction read and the records so far. Raises PermanentError when
    the file is no VCF, breaks its rules, or was made for another genome than ``bundle``.
    """
    lines = InputLines(source, limits)
    try:
        return _take_in(lines, bundle, bases_at, on_progress)
    except PermanentError:
        lines.check_rest()
        raise


def _take_in(
    lines: InputLines,
    bundle: ReferenceBundle,
    bases_at: Callable[[str, int, int], str],
    on_progress: Callable[[float, int], None],
) -> Intake:
    numbered = iter(lines)
    header = read_header(numbered)
    check_declared_lengths(header.contigs, bundle)
    checker = RecordChecker(header)
    order = _Order()
    verdict = GenomeVerdict(bundle)
    unsorted = Path("records.tsv")
    blank = count = 0
    with open_text(unsorted, "w") as out:
        for number, line in numbered:
            if not line:
                blank += 1
                continue
            if line.startswith("#"):
                raise malformed(number, "a header line stands among the records.")
            record = _checked(checker, number, line, lines)
            contig = bundle.contig(record.contig)
            skips = reasons_to_skip(record, contig, bases_at)
            verdict.note(number, record, skips[0])
            rank = order.note(record.contig, record.position)
            shown = ",".join(reason or _ANNOTATED for reason in skips)
            out.write(f"{rank}\t{record.position}\t{number}\t{shown}\t{line}\n")
            count += 1
            if count % 1000 == 0:
                on_progress(lines.fraction, count)
    if not count:
        raise PermanentError(ErrorCode.NO_VARIANTS, "The file has a header but no variants.")
    verdict.judge()
    warnings = list(header.warnings)
    if blank:
        warnings.append(f"{blank} blank lines were left out.")
    records = unsorted
    if not order.is_sorted:
        records = Path("records.sorted.tsv")
        sort_lines(unsorted, records, _sort_key)
        unsorted.unlink()
        warnings.append("The input was not sorted by chromosome and position; the result is.")
    return Intake(
        records, count, header, checker.undeclared, lines.form, not order.is_sorted, tuple(warnings)
    )


def read_records(intake: Intake) -> Iterator[CheckedRecord]:
    with open_text(intake.records, "r") as stream:
        for row in stream:
            _, _, number, skips, line = row.rstrip("\n").split("\t", 4)
            reasons = tuple(
                None if reason == _ANNOTATED else SkipReason(reason) for reason in skips.split(",")
            )
            yield CheckedRecord(int(number), reasons, line)


def _sort_key(row: str) -> tuple[int, int]:
    rank, position, _ = row.split("\t", 2)
    return int(rank), int(position)


def _checked(checker: RecordChecker, number: int, line: str, lines: InputLines) -> Record:
    try:
        return checker.check(number, line)
    except PermanentError as error:
        if lines.ended_in_newline:
            raise
        raise truncated(
            f"The file seems to be cut off in its last line. {error.message}"
        ) from error


class _Order:
    """Whether records come chromosome by chromosome (in order of first use), by position."""

    def __init__(self) -> None:
        self.is_sorted = True
        self._ranks: dict[str, int] = {}
        self._last = (0, 0)

    def note(self, contig: str, position: int) -> int:
        rank = self._ranks.setdefault(contig, len(self._ranks))
        self.is_sorted = self.is_sorted and (rank, position) >= self._last
        self._last = (rank, position)
        return rank
