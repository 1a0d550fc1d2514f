"""Puts the findings together: which of them refuses the file, which warn, which are only told."""

from typing import TYPE_CHECKING

from gas.annotation.preflight.report import (
    SHOWN_CONTIGS,
    SHOWN_SAMPLES,
    ContigReport,
    Coverage,
    GenomeReport,
    PreflightReport,
    Problems,
    RecordCount,
    Refusal,
    Samples,
    Verdict,
)
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.vcf.allele import SkipReason
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.text import OPEN_END, printable
from gas.domain.errors import PermanentError

if TYPE_CHECKING:  # these load the C libraries, which the parent process leaves to the child
    from gas.annotation.preflight.genomes import Placement
    from gas.annotation.preflight.reading import FileReader
    from gas.annotation.preflight.records import RecordReading

_FITS, _FITS_NOT = 0.9, 0.5
_SHOWN_NAMES = 5
_LONGEST_NAME = 200
# What is wrong about alleles that pass through, rather than just what they are.
_WORTH_A_WARNING = {
    SkipReason.UNKNOWN_CONTIG: "on chromosomes that the genome does not have",
    SkipReason.OUTSIDE_CONTIG: "outside of the chromosome",
    SkipReason.REFERENCE_MISMATCH: "with another REF than the genome",
}


class Findings:
    """Filled step by step; `report` can be had at any time."""

    def __init__(self, size: int) -> None:
        self._refusal: PermanentError | None = None
        self._warnings: list[str] = []
        self._notes: list[str] = []
        self._form: str | None = None
        self._header: InputHeader | None = None
        self._records = RecordCount(count=0, exact=True)
        self._coverage = Coverage(
            complete=False,
            bytes_total=size,
            bytes_looked_at=0,
            records_looked_at=0,
            sentence="Only the first bytes of the file were looked at.",
        )
        self._contig_counts: dict[str, int] = {}
        self._is_sorted: bool | None = None
        self._duplicates = 0
        self._problems = Problems(total=0, shown=[])
        self._bundle: ReferenceBundle | None = None
        self._genomes: list[GenomeReport] = []
        self._passed_through: dict[str, int] = {}

    def refused(self, error: PermanentError) -> PreflightReport:
        self._refusal = error
        return self.report()

    def note_reading(self, reader: "FileReader", reading: "RecordReading") -> None:
        """What the file says by itself."""
        self._refusal = reading.refusal
        self._form = reader.form
        self._header = reading.header
        self._records = _count(reader, reading)
        self._coverage = _coverage(reader, reading)
        if reading.is_damaged:
            return  # what its lines say is not what somebody wrote
        self._contig_counts = reading.contigs
        self._duplicates = reading.duplicates
        self._problems = reading.problems.report()
        if reading.header:
            self._warnings += reading.header.warnings
        if reading.right_records:
            self._is_sorted = reading.is_sorted
        if not reading.ends_in_newline:
            self._warnings.append(OPEN_END)
        if reading.blank:
            self._warnings.append(
                f"{_counted(reading.blank, 'blank line')} will be left out of the result."
            )
        if not reading.is_sorted:
            self._warnings.append(
                "The records are not sorted by chromosome and position; GAS sorts the result."
            )
        if reading.duplicates:
            self._warnings.append(
                f"{_counted(reading.duplicates, 'duplicate record')} found; all are kept."
            )

    def note_genomes(
        self, bundle: ReferenceBundle, genomes: list[GenomeReport], placement: "Placement"
    ) -> None:
        """How the file fits the genomes, of which ``bundle`` is the one that counts."""
        self._bundle = bundle
        self._genomes = genomes
        self._passed_through = {
            reason.value: placement.skipped[reason]
            for reason in SkipReason
            if placement.skipped[reason]
        }
        self._note_renamed(bundle)
        # The annotation looks at the declared lengths before it looks at a record.
        if placement.refusal and (placement.header_is_at_fault or self._refusal is None):
            self._refusal = self._with_better_genome(placement.refusal, bundle.name)
        if self._refusal is None:
            self._warn_of_skipped(placement)

    def report(self) -> PreflightReport:
        header, refusal = self._header, self._refusal
        samples = header.samples if header else []
        names = {name: self._reference_name(name) for name in self._contig_counts}
        return PreflightReport(
            verdict=self._verdict(),
            refusal=Refusal(code=refusal.code, message=printable(refusal.message))
            if refusal
            else None,
            warnings=[printable(warning) for warning in self._warnings],
            notes=[printable(note) for note in self._notes],
            form=self._form,
            vcf_version=_version(header),
            samples=Samples(
                count=len(samples), names=[_shown(name) for name in samples[:SHOWN_SAMPLES]]
            ),
            records=self._records,
            coverage=self._coverage,
            genome=self._bundle.name if self._bundle else None,
            genomes=self._genomes,
            contigs=[
                ContigReport(
                    name=_shown(name),
                    reference_name=names[name],
                    records=self._contig_counts[name],
                )
                for name in list(names)[:SHOWN_CONTIGS]
            ],
            is_sorted=self._is_sorted,
            duplicates=self._duplicates,
            problems=self._problems,
            passed_through=self._passed_through,
        )

    def _verdict(self) -> Verdict:
        if self._refusal:
            return Verdict.REFUSED
        return Verdict.OK_WITH_WARNINGS if self._warnings else Verdict.OK

    def _reference_name(self, name: str) -> str | None:
        contig = self._bundle.contig(name) if self._bundle else None
        return contig.name if contig else None

    def _warn_of_skipped(self, placement: "Placement") -> None:
        for reason, what in _WORTH_A_WARNING.items():
            if count := placement.skipped[reason]:
                self._warnings.append(
                    f"{_counted(count, 'allele')} {what}; passed through unannotated."
                )
        if not placement.complete:
            self._warnings.append("The time was too short to compare all records with the genome.")

    def _note_renamed(self, bundle: ReferenceBundle) -> None:
        renamed = [
            f"{_shown(name)} → {contig.name}"
            for name in self._contig_counts
            if (contig := bundle.contig(name)) and contig.name != name
        ]
        if renamed:
            more = ", …" if len(renamed) > _SHOWN_NAMES else ""
            self._notes.append(
                "Chromosome names are mapped to those of the genome, and stay as they are in the "
                f"result: {', '.join(renamed[:_SHOWN_NAMES])}{more}."
            )

    def _with_better_genome(self, refusal: PermanentError, name: str) -> PermanentError:
        best = self._genomes[0]
        ours = next(report for report in self._genomes if report.name == name)
        if best is ours or (best.match_rate or 0) < _FITS or (ours.match_rate or 0) > _FITS_NOT:
            return refusal
        return PermanentError(
            refusal.code,
            f"{refusal.message} It fits {best.name}: {best.match_rate:.1%} of "
            f"{best.compared:,} sampled REFs agree.",
        )


def _version(header: InputHeader | None) -> str | None:
    return header.meta[0].partition("=VCFv")[2].strip()[:20] or None if header else None


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _shown(name: str) -> str:
    return printable(name[:_LONGEST_NAME])


def _count(reader: "FileReader", reading: "RecordReading") -> RecordCount:
    """Estimated, where there is more to read, from the bytes that a record took so far."""
    if reader.complete or not reader.bytes_read:
        return RecordCount(count=reading.count, exact=reading.stopped_by is None)
    unread = max(0, reader.size - reader.bytes_read)
    estimate = reading.count + round(unread * reading.count / reader.bytes_read)
    return RecordCount(count=_rounded(estimate), exact=False)


def _rounded(count: int) -> int:
    """To three digits: more would be a promise."""
    return int(float(f"{count:.2e}"))


def _coverage(reader: "FileReader", reading: "RecordReading") -> Coverage:
    share = reader.bytes_read / reader.size
    if reader.complete and reading.stopped_by is None:
        sentence = "The whole file was looked at."
    elif reading.stopped_by:
        sentence = f"The reading stopped at {share:.0%} of the file."
    elif reader.form in ("gzip", "BCF"):
        sentence = f"The first {share:.0%} of the file were looked at, the rest was not."
    else:
        sentence = (
            f"The beginning and pieces further on were looked at, {share:.0%} of the file; "
            "the rest was not."
        )
    return Coverage(
        complete=reader.complete and reading.stopped_by is None,
        bytes_total=reader.size,
        bytes_looked_at=reader.bytes_read,
        records_looked_at=reading.count,
        sentence=sentence,
    )
