"""The preflight itself, inside the child process: from the untrusted file to the report."""

from contextlib import ExitStack
from pathlib import Path

from gas.annotation.limits import Limits
from gas.annotation.preflight.deadline import Deadline
from gas.annotation.preflight.findings import Findings
from gas.annotation.preflight.genomes import Genome, Placement, fit, open_genome, ranked, spread
from gas.annotation.preflight.reading import FileReader
from gas.annotation.preflight.records import RecordReading
from gas.annotation.preflight.report import GenomeReport, PreflightReport
from gas.domain.errors import PermanentError


def inspect(
    source: Path, bundles: list[Path], genome: str | None, limits: Limits, seconds: float
) -> PreflightReport:
    """Look at ``source`` for about ``seconds``; scratch files go to the working directory.

    ``bundles`` are the folders of the installed genomes, at least one; ``genome`` is the name of
    the one to judge by, or None for the one that fits best.
    """
    deadline = Deadline(seconds)
    findings = Findings(source.stat().st_size)
    try:
        reader = FileReader(source, limits, deadline)
    except PermanentError as error:
        return findings.refused(error)
    reading = RecordReading(reader)
    reading.read(limits)
    findings.note_reading(reader, reading)
    if reading.header is None:
        return findings.report()
    with ExitStack() as stack:
        genomes = {
            opened.bundle.name: opened
            for opened in (stack.enter_context(open_genome(folder)) for folder in bundles)
        }
        reports = _compare(genomes, reading)
        chosen = genomes[genome or reports[0].name]
        placement = Placement(chosen)
        placement.check_header(reading.header.contigs)
        if not reading.is_damaged:
            placement.place(reading.sites(), deadline)
        findings.note_genomes(chosen.bundle, reports, placement)
    return findings.report()


def _compare(genomes: dict[str, Genome], reading: RecordReading) -> list[GenomeReport]:
    sample = [] if reading.is_damaged else spread(reading.sites(), reading.right_records)
    declared = reading.header.contigs if reading.header else {}
    return ranked(fit(genome, sample, declared) for genome in genomes.values())
