"""What an annotation gives: its progress, its files, its summary, and how it can fail."""

import signal as signals
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

ANNOTATED_VCF = "annotated.vcf.gz"
ANNOTATED_INDEX = "annotated.vcf.gz.tbi"
SUMMARY = "summary.json"
VARIANTS_PARQUET = "variants.parquet"
VARIANTS_TSV = "variants.tsv.gz"
LOG = "annotation.log"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Progress:
    """How far the work is: ``fraction`` of the whole (0 to 1), ``records`` seen in this stage."""

    stage: str
    fraction: float
    records: int


@dataclass(frozen=True)
class OutputFile:
    """A published file; ``size`` in bytes, ``sha256`` in hexadecimal."""

    path: Path
    size: int
    sha256: str


class GeneCount(BaseModel):
    model_config = ConfigDict(frozen=True)

    gene: str
    alleles: int


class SampleGenotypes(BaseModel):
    """Records by a sample's genotype; ``missing`` are those where it is not wholly known."""

    COUNTED: ClassVar[tuple[str, ...]] = ("hom_ref", "het", "hom_alt", "missing")
    model_config = ConfigDict(frozen=True)

    sample: str
    hom_ref: int
    het: int
    hom_alt: int
    missing: int


class Summary(BaseModel):
    """Counts over the annotated file.

    ``records`` are lines, ``alleles`` the alternate alleles on them; ``skipped`` counts, by
    reason, the alleles (or whole records without an alternate) that pass through unannotated.
    ``consequences`` and ``impacts`` count each annotated allele once, by its most severe one;
    ``with_consequence`` are those that have one in or near a gene.
    ``frequencies`` has for each known frequency the annotated alleles by bins, each below its
    bound and not below the one before, ``unknown`` where there is none. ``indel_lengths`` counts
    insertions, deletions and replacements by the bases gained, or lost (negative).
    """

    model_config = ConfigDict(frozen=True)

    genome: str
    records: int
    alleles: int
    annotated_alleles: int
    with_consequence: int
    known: int
    novel: int
    skipped: dict[str, int]
    consequences: dict[str, int]
    impacts: dict[str, int]
    variant_types: dict[str, int]
    transitions: int
    transversions: int
    ti_tv: float | None
    chromosomes: dict[str, int]
    top_genes: list[GeneCount]
    samples: list[str]
    genotypes: list[SampleGenotypes] = []
    frequencies: dict[str, dict[str, int]] = {}
    indel_lengths: dict[str, int] = {}
    multiallelic_records: int
    input_format: str
    sorted_by_gas: bool
    warnings: list[str]


@dataclass(frozen=True)
class AnnotationResult:
    """The published files by name, and the summary that ``summary.json`` holds.

    ``timings`` tell of each stage how many seconds it took: by the clock and, added up over
    threads, of computing.
    """

    files: dict[str, OutputFile]
    summary: Summary
    timings: dict[str, dict[str, float]] = field(default_factory=dict)


class ChildDiedError(Exception):
    """The child process died by a signal that none of its limits explains.

    Whether this is the input's fault is for the caller to judge: a second death by the same
    input makes it POISON_INPUT (rule R8).
    """

    def __init__(self, signal: int) -> None:
        name = signals.Signals(signal).name if signal in list(signals.Signals) else str(signal)
        super().__init__(f"The annotation process was ended by signal {name}.")
        self.signal = signal


class EngineError(Exception):
    """The engine itself failed; the message ends with what the child process last said."""
