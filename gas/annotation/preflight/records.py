"""Checks every line that is read, as the annotation would, and goes on after a problem."""

from collections.abc import Iterator
from pathlib import Path

from gas.annotation.failure import over_limit
from gas.annotation.limits import MIB, Limits
from gas.annotation.preflight.problems import ProblemLog
from gas.annotation.preflight.reading import FileReader, Line
from gas.annotation.vcf.header import InputHeader, read_header
from gas.annotation.vcf.record import Record, RecordChecker
from gas.annotation.vcf.source import MAX_HEADER_BYTES
from gas.annotation.vcf.text import open_text
from gas.domain.errors import ErrorCode, PermanentError

Site = tuple[int | None, Record]
"""A record with the number of its line, if that is known."""

# Of so many records at most is remembered what they say, to tell duplicates.
_REMEMBERED = 2_000_000


class RecordReading:
    """What the lines say by themselves, without a genome.

    ``count`` are records that were looked at, right or wrong; the right ones can be read again by
    `sites`. ``stopped_by`` is the fault that ended the reading, if one did: of the packing (which
    is the reason for all that looked wrong before), or a limit.
    """

    def __init__(self, reader: FileReader) -> None:
        self.header: InputHeader | None = None
        self.problems = ProblemLog()
        self.stopped_by: PermanentError | None = None
        self.count = self.right_records = self.blank = self.duplicates = 0
        self.is_sorted = self.ends_in_newline = True
        self.contigs: dict[str, int] = {}
        self._reader = reader
        self._sites = Path("sites.tsv")
        self._seen: set[int] = set()
        self._ranks: dict[str, int] = {}
        self._last = (0, 0)

    def read(self, limits: Limits) -> None:
        """Once; afterwards the attributes say what was found."""
        lines = self._reader.lines()
        try:
            self.header = read_header(_numbered(lines))
            _check_samples(self.header, limits)
            self._read_records(lines, self.header)
        except PermanentError as error:
            self.stopped_by = error
            try:
                self._reader.check_rest()
            except PermanentError as damage:
                self.stopped_by = damage

    @property
    def is_damaged(self) -> bool:
        """Whether a fault ended the reading that is none of size: header, packing or encoding."""
        return self.stopped_by is not None and (
            self.stopped_by.code is not ErrorCode.LIMIT_EXCEEDED
        )

    @property
    def refusal(self) -> PermanentError | None:
        """What the annotation would fail with, as far as the lines tell."""
        if self.is_damaged:
            return self.stopped_by
        if self.problems.first or self.stopped_by:
            return self.problems.first or self.stopped_by
        if self._reader.complete and not self.count:
            return PermanentError(ErrorCode.NO_VARIANTS, "The file has a header but no variants.")
        return None

    def sites(self) -> Iterator[Site]:
        """The records that are right, in the order of the file."""
        with open_text(self._sites, "r") as stream:
            for row in stream:
                number, contig, position, reference, alternates = row[:-1].split("\t")
                yield (
                    int(number) or None,
                    Record(contig, int(position), reference, tuple(alternates.split(",")))
                    if alternates != "."
                    else Record(contig, int(position), reference, ()),
                )

    def _read_records(self, lines: Iterator[Line], header: InputHeader) -> None:
        checker = RecordChecker(header)
        with open_text(self._sites, "w") as sites:
            for line in lines:
                self.ends_in_newline = line.is_closed
                try:
                    record = _checked(checker, line)
                except PermanentError as error:
                    self.count += 1
                    self.problems.note(line.number, line.near_byte, error)
                    continue
                if record is None:
                    self.blank += 1
                    continue
                self.count += 1
                self.right_records += 1
                self._note(record)
                alternates = ",".join(record.alternates) or "."
                sites.write(
                    f"{line.number or 0}\t{record.contig}\t{record.position}\t"
                    f"{record.reference}\t{alternates}\n"
                )

    def _note(self, record: Record) -> None:
        self.contigs[record.contig] = self.contigs.get(record.contig, 0) + 1
        place = (self._ranks.setdefault(record.contig, len(self._ranks)), record.position)
        self.is_sorted = self.is_sorted and place >= self._last
        self._last = place
        said = hash((record.contig, record.position, record.reference, record.alternates))
        if said in self._seen:
            self.duplicates += 1
        elif len(self._seen) < _REMEMBERED:
            self._seen.add(said)


def _check_samples(header: InputHeader, limits: Limits) -> None:
    count, most = len(header.samples), limits.max_samples
    if count > most:
        raise over_limit(f"The input has {count:,} samples; {most:,} are the limit.")


def _numbered(lines: Iterator[Line]) -> Iterator[tuple[int, str]]:
    total = 0
    for line in lines:
        total += len(line.content)
        if total > MAX_HEADER_BYTES:
            raise over_limit(f"The header is larger than {MAX_HEADER_BYTES / MIB:.0f} MiB.")
        yield line.number or 0, line.text()


def _checked(checker: RecordChecker, line: Line) -> Record | None:
    """The record of a line, None for a blank one. Raises PermanentError as the scanner does."""
    content = line.content.removesuffix(b"\n").removesuffix(b"\r")
    if not content:
        return None
    return checker.check_line(line.number or 0, content, is_open=not line.is_closed)
