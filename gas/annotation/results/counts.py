"""Counts for the summary: of each chunk for itself, then added up in any order."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.tally import (
    LONGEST_COUNTED,
    count_alleles,
    count_below,
    count_present,
    count_values,
)
from gas.annotation.result import GeneCount, SampleGenotypes, Summary
from gas.annotation.results.info import CONSEQUENCE, GENE, IMPACT
from gas.annotation.vcf.text import printable

FREQUENCY_BOUNDS = (0.0001, 0.001, 0.01, 0.05, 0.5)
_FREQUENCY_LABELS = (
    "0",
    *(f"<{bound:g}" for bound in FREQUENCY_BOUNDS),
    f">={FREQUENCY_BOUNDS[-1]:g}",
)
_NO_FREQUENCY = "unknown"
_INTERGENIC = b"intergenic_variant"
_TOP_GENES = 20


@dataclass
class Counts:
    """``frequencies`` has for each column that holds frequencies its numbers by FREQUENCY_BOUNDS."""

    plain: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    chromosomes: Counter[str] = field(default_factory=Counter)
    consequences: Counter[bytes] = field(default_factory=Counter)
    impacts: Counter[bytes] = field(default_factory=Counter)
    genes: Counter[bytes] = field(default_factory=Counter)
    frequencies: dict[str, Counter[str]] = field(default_factory=dict)
    genotypes: list[Counter[str]] = field(default_factory=list)

    def add(self, other: "Counts") -> None:
        """Add another chunk's counts of the same input; names stay in the order they came in."""
        for mine, others in (
            (self.plain, other.plain),
            (self.skipped, other.skipped),
            (self.kinds, other.kinds),
            (self.chromosomes, other.chromosomes),
        ):
            mine.update(others)
        self.lengths.update(other.lengths)
        self.consequences.update(other.consequences)
        self.impacts.update(other.impacts)
        self.genes.update(other.genes)
        for name, frequencies in other.frequencies.items():
            self.frequencies.setdefault(name, Counter()).update(frequencies)
        if not self.genotypes:
            self.genotypes = [Counter() for _ in other.genotypes]
        for sample, genotypes in zip(self.genotypes, other.genotypes, strict=True):
            sample.update(genotypes)


def count_chunk(
    scan: Scan,
    effects: Mapping[str, Column],
    known: Sequence[Column],
    frequencies: Sequence[Column],
) -> Counts:
    """Count a placed and annotated chunk.

    ``effects`` are the columns of effects by their plain names (none of them, if consequences
    were not asked for), ``known`` all columns of known variants, ``frequencies`` those among them
    that hold allele frequencies.
    """
    alleles = count_alleles(scan.records)
    counts = Counts(
        plain=Counter(
            records=alleles.records,
            alleles=alleles.alleles,
            annotated=alleles.annotated,
            multiallelic=alleles.multiallelic,
            transitions=alleles.transitions,
            transversions=alleles.transversions,
            known=count_present(scan.records, list(known)),
        ),
        skipped=Counter(alleles.skipped),
        kinds=Counter(alleles.kinds),
        lengths=Counter(alleles.lengths),
        frequencies={column.name: _histogram(column, alleles.annotated) for column in frequencies},
        genotypes=[
            Counter(dict(zip(SampleGenotypes.COUNTED, numbers, strict=True)))
            for numbers in scan.genotypes
        ],
    )
    for name, first_site, end_site, _, _ in scan.runs:
        counts.chromosomes[name] += end_site - first_site
    for into, name in (
        (counts.consequences, CONSEQUENCE),
        (counts.impacts, IMPACT),
        (counts.genes, GENE),
    ):
        if name in effects:
            into.update(count_values(effects[name]))
    return counts


def _histogram(column: Column, annotated: int) -> Counter[str]:
    numbers = count_below(column, FREQUENCY_BOUNDS)
    bins = dict(zip(_FREQUENCY_LABELS, numbers, strict=True))
    return Counter({**bins, _NO_FREQUENCY: annotated - sum(numbers)})


def summarise(
    counts: Counts,
    *,
    genome: str,
    samples: Sequence[str],
    input_format: str,
    sorted_by_gas: bool,
    warnings: Sequence[str],
) -> Summary:
    """The summary of a whole input."""
    plain = counts.plain
    transitions, transversions = plain["transitions"], plain["transversions"]
    return Summary(
        genome=genome,
        records=plain["records"],
        alleles=plain["alleles"],
        annotated_alleles=plain["annotated"],
        with_consequence=sum(counts.impacts.values()) - counts.consequences[_INTERGENIC],
        known=plain["known"],
        novel=plain["annotated"] - plain["known"],
        skipped=_by_count(counts.skipped),
        consequences=_by_count(_texts(counts.consequences)),
        impacts=_by_count(_texts(counts.impacts)),
        variant_types=_by_count(counts.kinds),
        transitions=transitions,
        transversions=transversions,
        ti_tv=round(transitions / transversions, 3) if transversions else None,
        chromosomes={printable(name): count for name, count in counts.chromosomes.items()},
        top_genes=[
            GeneCount(gene=gene, alleles=count)
            for gene, count in list(_by_count(_texts(counts.genes)).items())[:_TOP_GENES]
        ],
        samples=[printable(name) for name in samples],
        genotypes=[
            SampleGenotypes(sample=printable(name), **numbers)
            for name, numbers in zip(samples, counts.genotypes, strict=False)
        ],
        frequencies={
            name: {label: bins[label] for label in (*_FREQUENCY_LABELS, _NO_FREQUENCY)}
            for name, bins in counts.frequencies.items()
        },
        indel_lengths={_length(gained): n for gained, n in sorted(counts.lengths.items())},
        multiallelic_records=plain["multiallelic"],
        input_format=input_format,
        sorted_by_gas=sorted_by_gas,
        warnings=list(warnings),
    )


def _length(gained: int) -> str:
    if abs(gained) < LONGEST_COUNTED:
        return str(gained)
    return f">={gained}" if gained > 0 else f"<={gained}"


def _texts(counter: Counter[bytes]) -> Counter[str]:
    return Counter({text.decode("utf-8", "replace"): count for text, count in counter.items()})


def _by_count(counter: Counter[str]) -> dict[str, int]:
    """Most frequent first; equal counts by name, so that the order is always the same."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
