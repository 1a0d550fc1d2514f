"""Counts for the summary, kept while the annotated file is written."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from gas.annotation.bcsq.consequence import Effect
from gas.annotation.bcsq.lookup import Answer
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import GeneCount, Summary
from gas.annotation.vcf.allele import is_transition, variant_type
from gas.annotation.vcf.intake import CheckedRecord, Intake
from gas.annotation.vcf.text import printable

_TOP_GENES = 20


class Annotated(Protocol):
    @property
    def answer(self) -> Answer: ...
    @property
    def effect(self) -> Effect: ...


class Tally:
    """One `note` a record, then one `summary`."""

    def __init__(self) -> None:
        self._records = self._alleles = self._multiallelic = 0
        self._annotated = self._with_consequence = self._known = 0
        self._skipped: Counter[str] = Counter()
        self._consequences: Counter[str] = Counter()
        self._impacts: Counter[str] = Counter()
        self._types: Counter[str] = Counter()
        self._substitutions: Counter[bool] = Counter()
        self._chromosomes: Counter[str] = Counter()
        self._genes: Counter[str] = Counter()

    def note(self, record: CheckedRecord, alleles: Sequence[Annotated | None]) -> None:
        contig, _, _, reference, alternates, _ = record.line.split("\t", 5)
        self._records += 1
        self._chromosomes[contig] += 1
        self._multiallelic += len(alleles) > 1
        self._alleles += 0 if alternates == "." else len(alleles)
        for alternate, skip, allele in zip(
            alternates.split(","), record.skips, alleles, strict=True
        ):
            if allele is None:
                self._skipped[str(skip)] += 1
                continue
            self._annotated += 1
            self._with_consequence += bool(allele.answer.bcsq)
            self._known += bool(allele.answer.known)
            self._consequences[allele.effect.consequence] += 1
            self._impacts[allele.effect.impact] += 1
            self._genes.update(allele.effect.genes)
            kind = variant_type(reference, alternate)
            self._types[kind] += 1
            if kind == "snv":
                self._substitutions[is_transition(reference, alternate)] += 1

    def summary(self, intake: Intake, bundle: ReferenceBundle, warnings: Sequence[str]) -> Summary:
        transitions, transversions = self._substitutions[True], self._substitutions[False]
        return Summary(
            genome=bundle.name,
            records=self._records,
            alleles=self._alleles,
            annotated_alleles=self._annotated,
            with_consequence=self._with_consequence,
            known=self._known,
            novel=self._annotated - self._known,
            skipped=_by_count(self._skipped),
            consequences=_by_count(self._consequences),
            impacts=_by_count(self._impacts),
            variant_types=_by_count(self._types),
            transitions=transitions,
            transversions=transversions,
            ti_tv=round(transitions / transversions, 3) if transversions else None,
            chromosomes={printable(name): n for name, n in self._chromosomes.items()},
            top_genes=[
                GeneCount(gene=gene, alleles=count)
                for gene, count in list(_by_count(self._genes).items())[:_TOP_GENES]
            ],
            samples=[printable(name) for name in intake.header.samples],
            multiallelic_records=self._multiallelic,
            input_format=intake.form,
            sorted_by_gas=intake.sorted_by_gas,
            warnings=list(warnings),
        )


def _by_count(counter: Counter[str]) -> dict[str, int]:
    """Most frequent first; equal counts by name, so that the order is always the same."""
    return dict(sorted(counter.items(), key=lambda item: (-item[1], item[0])))
