"""What the child process does for an external command, from the untrusted input to the files.

The command gets a copy of the input that has passed our own checks: plain text, sorted, its
contigs declared. File names are relative to the folder it runs in, so that a command which
records how it was called gives the same bytes each time.
"""

import shlex
from collections.abc import Callable
from pathlib import Path

import pysam

from gas.annotation.external.clean_copy import write_clean_copy
from gas.annotation.external.command import ExternalCommand, fill_in
from gas.annotation.external.outcome import Outcome
from gas.annotation.external.running import run, tail
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import ANNOTATED_VCF, LOG, SUMMARY, EngineError, Progress
from gas.annotation.results.counts import summarise

# How much of the whole time each stage takes, roughly: its end on the bar of progress.
CHECKED, ANNOTATED, WRITTEN = 0.1, 0.8, 1.0
_INPUT, _OUTPUT, _WORK = Path("input.vcf"), Path("output.vcf"), Path("command")
_LONGEST_VERSION = 200


def run_external(
    source: Path,
    bundle: ReferenceBundle,
    command: ExternalCommand,
    limits: Limits,
    gas_version: str,
    on_progress: Callable[[Progress], None],
) -> str:
    """Annotate ``source`` into the working directory; returns the command's version.

    Raises PermanentError for what is wrong with the input, EngineError for what is wrong with
    the command or its output.
    """
    genome = command.genome(bundle)
    copy = write_clean_copy(
        _INPUT,
        source,
        bundle,
        limits,
        lambda done, n: on_progress(Progress("check", done * CHECKED, n)),
    )
    records = copy.counts.plain["records"]
    on_progress(Progress("annotate", CHECKED, records))
    _WORK.mkdir()
    version = _version(command, genome)
    said = _run(command, genome)
    on_progress(Progress("write", ANNOTATED, records))
    ours = [
        f"##GAS_version={gas_version}",
        f"##GAS_engine={command.name}: {version}",
        f"##GAS_command={shlex.join(command.arguments)}",
    ]
    with _INPUT.open("rb") as lines:
        Outcome(command.name, _OUTPUT, limits.max_line_bytes).write_annotated(
            Path(ANNOTATED_VCF),
            ours,
            copy.header.samples,
            (line for line in lines if not line.startswith(b"#")),
        )
    _index(command, records)
    summary = summarise(
        copy.counts,
        genome=bundle.name,
        samples=copy.header.samples,
        input_format=copy.form,
        sorted_by_gas=copy.sorted_by_gas,
        warnings=[*copy.warnings, _uncounted(command)],
    )
    Path(SUMMARY).write_text(summary.model_dump_json(indent=2) + "\n", encoding="utf-8")
    log = f"GAS {gas_version}: {command.name}, {version}\n$ {shlex.join(command.arguments)}\n{said}"
    Path(LOG).write_text(log.rstrip() + "\n", encoding="utf-8")
    on_progress(Progress("write", WRITTEN, records))
    return version


def _uncounted(command: ExternalCommand) -> str:
    return f"Annotated by {command.name}: its consequences and known variants are not counted here."


def _version(command: ExternalCommand, genome: str) -> str:
    """The first line of what the command says of its version."""
    printed, said = Path("version.out"), Path("version.err")
    arguments = fill_in(command.version_arguments, _values(genome))
    run(command.name, arguments, command.environment, stdout=printed, stderr=said)
    text = tail(printed) or tail(said)
    if not text:
        raise EngineError(f"{command.name} does not say its version.")
    return " ".join(text.splitlines()[0].split())[:_LONGEST_VERSION]


def _run(command: ExternalCommand, genome: str) -> str:
    """Run the command; returns the end of what it said on standard error."""
    said = Path("command.err")
    printed = _OUTPUT if command.prints_output else Path("command.out")
    arguments = fill_in(command.arguments, _values(genome))
    run(command.name, arguments, command.environment, stdout=printed, stderr=said)
    return tail(said)


def _values(genome: str) -> dict[str, str]:
    return {"input": str(_INPUT), "output": str(_OUTPUT), "work": str(_WORK), "genome": genome}


def _index(command: ExternalCommand, count: int) -> None:
    """Make the tabix index, and parse the file as any tool would."""
    try:
        pysam.tabix_index(ANNOTATED_VCF, preset="vcf", force=True, keep_original=True)
        with pysam.VariantFile(ANNOTATED_VCF) as vcf:
            read = sum(1 for _ in vcf)
    except (OSError, ValueError) as error:
        raise EngineError(
            f"The output of {command.name} cannot be indexed by common VCF tools ({error})."
        ) from error
    if read != count:
        raise EngineError(f"Of {count} records in the output of {command.name}, {read} parse.")
