"""All that happens inside the child process, from the untrusted input to the finished files."""

import shlex
from collections.abc import Callable
from pathlib import Path

import pysam

from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.lookup import commands, look_up
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import ANNOTATED_VCF, LOG, SUMMARY, Progress
from gas.annotation.results.fields import Provenance, fields_of, free_names, output_header
from gas.annotation.results.output import write_annotated
from gas.annotation.results.tally import Tally
from gas.annotation.results.verify import index_and_verify
from gas.annotation.vcf.intake import Intake, read_records, take_in

# How much of the whole time each stage takes, roughly: its end on the bar of progress.
CHECKED, ANNOTATED, WRITTEN, VERIFIED = 0.3, 0.6, 0.9, 1.0
_UNPLACED = "No allele could be annotated; see the reasons under 'skipped'."


def run_pipeline(
    source: Path,
    bundle: ReferenceBundle,
    limits: Limits,
    gas_version: str,
    on_progress: Callable[[Progress], None],
) -> None:
    """Annotate ``source`` into the working directory: the VCF, its index, summary and log.

    Raises PermanentError for what is wrong with the input.
    """
    provenance = Provenance(
        gas_version,
        f"pysam {bcftools.pysam_version()}, bcftools {bcftools.version()}",
        tuple(shlex.join(["bcftools", *command]) for command in commands(bundle)),
    )
    log = [f"GAS {gas_version}: {provenance.engine}, reference {bundle.name} {bundle.version}"]

    def bases_at(contig: str, position: int, length: int) -> str:
        return str(fasta.fetch(contig, position - 1, position - 1 + length)).upper()

    with pysam.FastaFile(str(bundle.path(bundle.files.sequence))) as fasta:
        intake = take_in(
            source,
            bundle,
            bases_at,
            limits,
            lambda done, n: on_progress(Progress("check", done * CHECKED, n)),
        )
    log.append(f"checked: {intake.count} records, {intake.form}")
    on_progress(Progress("check", CHECKED, intake.count))

    def on_step(done: int, said: str) -> None:
        log.append(f"$ {provenance.commands[done - 1]}")
        if " sort " not in provenance.commands[done - 1]:  # it only names its temporary files
            log.extend(line for line in said.splitlines() if line.strip())
        share = (ANNOTATED - CHECKED) * done / len(provenance.commands)
        on_progress(Progress("annotate", CHECKED + share, intake.count))

    answers = look_up(read_records(intake), bundle, limits.max_alleles_nearby, on_step)
    names, warnings = _names(intake, bundle)
    on_progress(Progress("write", ANNOTATED, 0))
    tally = Tally()
    target = Path(ANNOTATED_VCF)
    write_annotated(
        target,
        intake,
        output_header(intake.header, intake.undeclared, bundle, names, provenance),
        names,
        bundle,
        answers,
        tally,
        lambda n: on_progress(
            Progress("write", ANNOTATED + (WRITTEN - ANNOTATED) * n / intake.count, n)
        ),
    )
    on_progress(Progress("verify", WRITTEN, intake.count))
    index_and_verify(target, intake)
    summary = tally.summary(intake, bundle, [*intake.warnings, *warnings])
    if not summary.annotated_alleles:
        summary = summary.model_copy(update={"warnings": [*summary.warnings, _UNPLACED]})
    Path(SUMMARY).write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
    log.extend(f"warning: {warning}" for warning in summary.warnings)
    log.append(
        f"done: {summary.alleles} alleles, {summary.annotated_alleles} annotated, "
        f"{summary.with_consequence} with a consequence in a gene, {summary.known} known"
    )
    Path(LOG).write_text("\n".join(log) + "\n", encoding="utf-8")
    on_progress(Progress("verify", VERIFIED, intake.count))


def _names(intake: Intake, bundle: ReferenceBundle) -> tuple[dict[str, str], list[str]]:
    """The names to write our fields under, and a warning where they are not the plain ones."""
    taken = set(intake.header.info_types) | set(intake.undeclared.info)
    names = free_names(fields_of(bundle), taken)
    renamed = [f"{plain} as {name}" for plain, name in names.items() if plain != name]
    if not renamed:
        return names, []
    return names, [f"The input uses names of ours, which are written {', '.join(renamed)}."]
