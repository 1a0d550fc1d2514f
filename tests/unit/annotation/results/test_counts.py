"""The counts of the summary, against plain counting, and however the input is cut."""

import random
from collections import Counter

import pytest

from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.distinct import Distinct
from gas.annotation.result import GeneCount, SampleGenotypes, Summary
from gas.annotation.results.counts import Counts, count_chunk, summarise

from .conftest import column_of, scan_lines, scan_text

SAMPLES = ("a", "b")
LINES = (
    "1\t5\t.\tA\tG,C\t.\t.\t.\tGT\t0/1\t./.",  # a transition, a transversion
    "1\t6\t.\tA\tAT\t.\t.\t.\tGT\t1/1\t0/0",  # an insertion
    "1\t7\t.\tAAAA\tA\t.\t.\t.\tGT\t0/0\t0/0",  # a deletion of three
    "1\t8\t.\tAA\tCC\t.\t.\t.\tGT\t0|1\t1",  # an MNV
    "1\t9\t.\tA\t.\t.\t.\t.\tGT\t0|0\t.",  # no alternate
    f"2\t9\t.\tA\tA{'T' * 60},<DEL>\t.\t.\t.\tGT\t1|2\t0/.",  # too long for a length of its own
    "2\t9\t.\ta\tg\t.\t.\t.\tGT\t0|0\t0/0",
)
CONSEQUENCES = ["missense_variant", "intergenic_variant", "a&b", "a", "", "", "a", "", "b"]
IMPACTS = ["MODERATE", "MODIFIER", "LOW", "LOW", "", "", "LOW", "", "LOW"]
GENES = ["X", "", "X&Y", "Y", "", "", "X", "", "Z"]
FREQUENCIES = ["0", "0.00009", "0.0001", "0.5", "", "", "0.49", "", "x"]


def counted(scan: Scan, first: int = 0) -> Counts:
    end = first + scan.records.count_of_alleles
    effects = {
        name: column_of(name, *values[first:end])
        for name, values in (
            ("CONSEQUENCE", CONSEQUENCES),
            ("IMPACT", IMPACTS),
            ("GENE", GENES),
        )
    }
    frequency = column_of("AF", *FREQUENCIES[first:end])
    return count_chunk(scan, effects, [frequency], [frequency])


def summary_of(counts: Counts) -> Summary:
    return summarise(
        counts,
        genome="toy",
        samples=SAMPLES,
        input_format="vcf",
        sorted_by_gas=False,
        warnings=["careful"],
    )


def test_everything_is_counted() -> None:
    assert summary_of(counted(scan_lines(*LINES, samples=SAMPLES))) == Summary(
        genome="toy",
        records=7,
        alleles=8,
        annotated_alleles=7,
        with_consequence=5,
        known=6,
        novel=1,
        skipped={"no_alternate": 1, "symbolic_allele": 1},
        consequences={"a": 3, "b": 2, "intergenic_variant": 1, "missense_variant": 1},
        impacts={"LOW": 4, "MODERATE": 1, "MODIFIER": 1},
        variant_types={"snv": 3, "insertion": 2, "deletion": 1, "mnv": 1},
        transitions=2,
        transversions=1,
        ti_tv=2.0,
        chromosomes={"1": 5, "2": 2},
        top_genes=[
            GeneCount(gene="X", alleles=3),
            GeneCount(gene="Y", alleles=2),
            GeneCount(gene="Z", alleles=1),
        ],
        samples=["a", "b"],
        genotypes=[
            SampleGenotypes(sample="a", hom_ref=3, het=3, hom_alt=1, missing=0),
            SampleGenotypes(sample="b", hom_ref=3, het=0, hom_alt=1, missing=3),
        ],
        frequencies={
            "AF": {
                "0": 1,
                "<0.0001": 1,
                "<0.001": 1,
                "<0.01": 0,
                "<0.05": 0,
                "<0.5": 1,
                ">=0.5": 1,
                "unknown": 2,
            }
        },
        indel_lengths={"-3": 1, "1": 1, ">=51": 1},
        multiallelic_records=2,
        input_format="vcf",
        sorted_by_gas=False,
        warnings=["careful"],
    )


@pytest.mark.parametrize("cut", [1, 2, 3, 5])
def test_chunks_add_up(cut: int) -> None:
    first = scan_lines(*LINES[:cut], samples=SAMPLES)
    parts = [
        counted(first),
        counted(scan_lines(*LINES[cut:], samples=SAMPLES), first.records.count_of_alleles),
    ]
    whole = summary_of(counted(scan_lines(*LINES, samples=SAMPLES)))
    for order in (parts, parts[::-1]):
        total = Counts()
        for part in order:
            total.add(part)
        assert summary_of(total) == whole


def test_nothing_is_counted_as_nothing() -> None:
    summary = summary_of(Counts())
    assert (summary.records, summary.ti_tv, summary.genotypes) == (0, None, [])
    assert summary_of(count_chunk(scan_text(b""), {}, [], [])).records == 0


def test_without_consequences_none_are_counted() -> None:
    counts = count_chunk(scan_lines(*LINES, samples=SAMPLES), {}, [], [])
    summary = summary_of(counts)
    assert (summary.with_consequence, summary.known, summary.novel) == (0, 0, 7)
    assert (summary.consequences, summary.top_genes, summary.frequencies) == ({}, [], {})


def test_distinct_values_are_counted_however_many_there_are() -> None:
    chance = random.Random(7)  # noqa: S311 - test data
    values = [
        f"gene{chance.randrange(5_000)}" if chance.random() < 0.9 else "" for _ in range(30_000)
    ]
    distinct = Distinct(column_of("GENE", *values))
    expected = Counter(value.encode() for value in values if value)
    assert distinct.counts() == expected
    assert distinct.nulls == values.count("")
    assert [distinct.values[at] for at in range(len(distinct.values))] == list(expected)
