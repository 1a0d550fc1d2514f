"""How well the records fit a genome: which build it is, and what would pass through unannotated."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pysam

from gas.annotation.preflight.deadline import Deadline
from gas.annotation.preflight.records import Site
from gas.annotation.preflight.report import GenomeReport
from gas.annotation.reference.bundle import ReferenceBundle, read_bundle
from gas.annotation.vcf.allele import SkipReason, reasons_to_skip
from gas.annotation.vcf.genome_check import GenomeVerdict, check_declared_lengths
from gas.annotation.vcf.record import Record
from gas.annotation.vcf.text import printable
from gas.domain.errors import PermanentError

SAMPLED_RECORDS = 1000
_SHOWN_LENGTHS = 5
_SITES_BETWEEN_LOOKS_AT_THE_CLOCK = 256

BasesAt = Callable[[str, int, int], str]


@dataclass(frozen=True)
class Genome:
    """A bundle whose sequence is open."""

    bundle: ReferenceBundle
    bases_at: BasesAt


@contextmanager
def open_genome(directory: Path) -> Iterator[Genome]:
    bundle = read_bundle(directory)
    with pysam.FastaFile(str(bundle.path(bundle.sequence.file))) as fasta:

        def bases_at(contig: str, position: int, length: int) -> str:
            return str(fasta.fetch(contig, position - 1, position - 1 + length)).upper()

        yield Genome(bundle, bases_at)


def spread(sites: Iterable[Site], total: int) -> list[Record]:
    """At most `SAMPLED_RECORDS` of ``total`` sites, evenly spread over the file.

    The beginning alone would mislead: chromosome 1 begins alike in GRCh37 and GRCh38.
    """
    step = -(-total // SAMPLED_RECORDS) or 1
    return [record for index, (_, record) in enumerate(sites) if index % step == 0]


def fit(genome: Genome, sample: Iterable[Record], declared: dict[str, int | None]) -> GenomeReport:
    """Compare the sampled REFs, and the lengths that the header declares."""
    reasons = [
        reasons_to_skip(record, contig, genome.bases_at)[0]
        for record in sample
        if (contig := genome.bundle.contig(record.contig))
    ]
    compared = [reason for reason in reasons if reason is not SkipReason.AMBIGUOUS_BASE]
    missed = sum(
        reason in (SkipReason.REFERENCE_MISMATCH, SkipReason.OUTSIDE_CONTIG) for reason in compared
    )
    agreeing, differing = 0, []
    for name, length in declared.items():
        contig = genome.bundle.contig(name)
        if contig and length is not None:
            if length == contig.length:
                agreeing += 1
            else:
                differing.append(printable(name))
    return GenomeReport(
        name=genome.bundle.name,
        build=genome.bundle.build,
        compared=len(compared),
        matched=len(compared) - missed,
        match_rate=1 - missed / len(compared) if compared else None,
        lengths_agreeing=agreeing,
        lengths_differing=differing[:_SHOWN_LENGTHS],
    )


def ranked(reports: Iterable[GenomeReport]) -> list[GenomeReport]:
    """The best match first: by REF where anything could be compared, then by declared lengths."""
    return sorted(
        reports,
        key=lambda report: (
            -(report.match_rate or 0),
            -report.lengths_agreeing,
            len(report.lengths_differing),
            -report.compared,
            report.name,
        ),
    )


class Placement:
    """What would become of the sites: ``skipped`` counts alleles by reason.

    ``refusal`` is what the annotation would fail with against this genome, if need be even
    before it looks at a record (``header_is_at_fault``); ``complete`` is False where the time ran
    out.
    """

    def __init__(self, genome: Genome) -> None:
        self.refusal: PermanentError | None = None
        self.skipped: Counter[SkipReason] = Counter()
        self.header_is_at_fault = False
        self.complete = True
        self._genome = genome

    def check_header(self, declared: dict[str, int | None]) -> None:
        try:
            check_declared_lengths(declared, self._genome.bundle)
        except PermanentError as error:
            self.refusal, self.header_is_at_fault = error, True

    def place(self, sites: Iterable[Site], deadline: Deadline) -> None:
        verdict = GenomeVerdict(self._genome.bundle)
        seen = 0
        for seen, (number, record) in enumerate(sites, 1):
            reasons = reasons_to_skip(
                record, self._genome.bundle.contig(record.contig), self._genome.bases_at
            )
            verdict.note(number or 0, record, reasons[0])
            self.skipped.update(reason for reason in reasons if reason)
            if seen % _SITES_BETWEEN_LOOKS_AT_THE_CLOCK == 0 and deadline.past(1):
                self.complete = False
                break
        if seen and self.refusal is None:
            self._judge(verdict)

    def _judge(self, verdict: GenomeVerdict) -> None:
        try:
            verdict.judge()
        except PermanentError as error:
            # Where lines were not counted there is no number to tell.
            message = error.message.replace("line 0, ", "")
            self.refusal = PermanentError(error.code, message)
