"""Third pass: writes the records with their annotations."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pysam

from gas.annotation.bcsq.consequence import Effect, effect_of, with_overrides
from gas.annotation.bcsq.lookup import Answer, Answers
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.results.fields import (
    BCSQ,
    CONSEQUENCE,
    GENE,
    IMPACT,
    PROTEIN,
    SKIPPED,
    fields_of,
)
from gas.annotation.results.tally import Tally
from gas.annotation.vcf.intake import CheckedRecord, Intake, read_records

_REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class AnnotatedAllele:
    answer: Answer
    effect: Effect


def write_annotated(
    target: Path,
    intake: Intake,
    header: list[str],
    names: dict[str, str],
    bundle: ReferenceBundle,
    answers: Answers,
    tally: Tally,
    on_progress: Callable[[int], None],
) -> None:
    """Write ``target`` (bgzip); every input record is in it."""
    order = [(field.name, names[field.name]) for field in fields_of(bundle)]
    with pysam.BGZFile(str(target), "wb", None) as out:
        out.write(_bytes("\n".join(header)))
        for index, record in enumerate(read_records(intake)):
            alleles = [
                _annotated(answer, bundle) if answer else None for answer in answers.of(record)
            ]
            values = _values(record, alleles, bundle)
            added = [f"{name}={values[plain]}" for plain, name in order if plain in values]
            out.write(_bytes(_with_info(record.line, added, intake.header.earlier_fields)))
            tally.note(record, alleles)
            if (index + 1) % _REPORT_EVERY == 0:
                on_progress(index + 1)


def _annotated(answer: Answer, bundle: ReferenceBundle) -> AnnotatedAllele:
    entries = with_overrides(list(answer.bcsq), bundle.consequence_overrides)
    return AnnotatedAllele(Answer(tuple(entries), answer.known), effect_of(entries))


def _values(
    record: CheckedRecord, alleles: list[AnnotatedAllele | None], bundle: ReferenceBundle
) -> dict[str, str]:
    """Plain field name -> value, for the fields that at least one allele has."""
    columns: dict[str, list[str]] = {
        CONSEQUENCE: [a.effect.consequence if a else "" for a in alleles],
        IMPACT: [a.effect.impact if a else "" for a in alleles],
        GENE: ["&".join(a.effect.genes) if a else "" for a in alleles],
        PROTEIN: ["&".join(a.effect.proteins) if a else "" for a in alleles],
        SKIPPED: [skip or "" for skip in record.skips],
    }
    for column in bundle.known_columns:
        columns[column.name] = [a.answer.known.get(column.name, "") if a else "" for a in alleles]
    values = {
        name: ",".join(value or "." for value in column)
        for name, column in columns.items()
        if any(column)
    }
    entries = [entry for a in alleles if a for entry in a.answer.bcsq]
    if entries:
        values[BCSQ] = ",".join(dict.fromkeys(entries))
    return values


def _with_info(line: str, added: list[str], replaced: frozenset[str]) -> str:
    """The record with ``added`` behind its own INFO entries, all else as it was."""
    if not added and not replaced:
        return line
    columns = line.split("\t", 8)
    kept = [
        entry
        for entry in columns[7].split(";")
        if entry != "." and entry.partition("=")[0] not in replaced
    ]
    columns[7] = ";".join(kept + added) or "."
    return "\t".join(columns)


def _bytes(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape") + b"\n"
