"""``gas preflight``: what the annotation would make of a file, told before it is begun."""

from collections.abc import Iterator
from pathlib import Path

from rich.filesize import decimal

from gas.annotation import EngineError
from gas.annotation.preflight import (
    ContigReport,
    GenomeReport,
    Place,
    PreflightReport,
    Verdict,
    preflight_file,
)
from gas.cli.errors import JOB_FAILED, OK, JobFailedError, UsageError
from gas.cli.output import Output
from gas.domain.errors import ErrorCode, PermanentError

_SAID = {
    Verdict.OK: "ok",
    Verdict.OK_WITH_WARNINGS: "ok, with warnings",
    Verdict.REFUSED: "refused",
}
_SHOWN_NAMES = 8


async def preflight_here(source: Path, genome: str | None, output: Output) -> int:
    """Print the report of ``source``; the exit code is that of its verdict."""
    _check(source)
    try:
        report = await preflight_file(source, genome=genome)
    except PermanentError as error:
        wrong_wish = error.code is ErrorCode.UNKNOWN_GENOME
        raise (UsageError if wrong_wish else JobFailedError)(error.message, error.code) from error
    except EngineError as error:
        raise JobFailedError(str(error)) from error
    output.document(report.model_dump(mode="json"))
    output.line(f"{source}: {_SAID[report.verdict]}")
    for line in report_lines(report):
        output.line(line)
    return JOB_FAILED if report.verdict is Verdict.REFUSED else OK


def _check(source: Path) -> None:
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")


def report_lines(report: PreflightReport) -> Iterator[str]:
    """The report for people: what decides first, then what is known, then the bad lines."""
    if report.refusal:
        yield f"{'reason':12} {report.refusal.message} ({report.refusal.code})"
    for warning in report.warnings:
        yield f"{'warning':12} {warning}"
    for note in report.notes:
        yield f"{'note':12} {note}"
    for name, fact in _facts(report).items():
        if fact:
            yield f"{name:12} {fact}"
    for genome in report.genomes:
        chosen = ", judged by this one" if genome.name == report.genome else ""
        yield f"{'genome':12} {_fit(genome)}{chosen}"
    for reason, count in report.passed_through.items():
        yield f"{'unannotated':12} {count:,} {reason}"
    yield from _problem_lines(report)


def _facts(report: PreflightReport) -> dict[str, str | None]:
    size = decimal(report.coverage.bytes_total)
    records = report.records
    return {
        "file": f"VCF {report.vcf_version}, {report.form}, {size}" if report.vcf_version else size,
        "looked at": report.coverage.sentence,
        "records": f"{'' if records.exact else 'about '}{records.count:,}" if report.form else None,
        "samples": _listed(report.samples.count, report.samples.names) if report.form else None,
        "chromosomes": _listed(len(report.contigs), [_contig(contig) for contig in report.contigs])
        if report.contigs
        else None,
        "sorted": {True: "yes", False: "no", None: None}[report.is_sorted],
        "duplicates": f"{report.duplicates:,}" if report.duplicates else None,
    }


def _listed(count: int, names: list[str]) -> str:
    if not count:
        return "none"
    more = ", …" if count > _SHOWN_NAMES else ""
    return f"{count:,}: {', '.join(names[:_SHOWN_NAMES])}{more}"


def _contig(contig: ContigReport) -> str:
    if contig.reference_name in (None, contig.name):
        return contig.name if contig.reference_name else f"{contig.name} (unknown)"
    return f"{contig.name} (= {contig.reference_name})"


def _fit(genome: GenomeReport) -> str:
    rate = (
        "no REF could be compared"
        if genome.match_rate is None
        else f"{genome.match_rate:.1%} of {genome.compared:,} sampled REFs agree"
    )
    lengths = (
        f", other lengths: {', '.join(genome.lengths_differing)}"
        if genome.lengths_differing
        else ""
    )
    return f"{genome.name} ({genome.build}): {rate}{lengths}"


def _problem_lines(report: PreflightReport) -> Iterator[str]:
    problems = report.problems
    if not problems.total:
        return
    yield f"{'problems':12} {problems.total:,}"
    for problem in problems.shown:
        yield f"  {_place(problem.place)}: {problem.message}"
    if problems.total > len(problems.shown):
        yield f"  … and {problems.total - len(problems.shown):,} more"


def _place(place: Place) -> str:
    return f"line {place.line:,}" if place.line else f"near byte {place.near_byte:,}"
