"""What a page says of a check."""

import pytest

from gas.annotation.preflight import PreflightReport
from gas.annotation.preflight.report import (
    ContigReport,
    Coverage,
    GenomeReport,
    Problems,
    RecordCount,
    Samples,
    Verdict,
)
from services.api.web.preflight_view import better_genome, confirmation, facts

OFFERED = ("GRCh38", "GRCh37")


def genome(name: str, rate: float | None, *, compared: int = 1000) -> GenomeReport:
    return GenomeReport(
        name=name,
        build=f"{name}.p1",
        compared=compared,
        matched=round((rate or 0) * compared),
        match_rate=rate,
        lengths_agreeing=0,
        lengths_differing=[],
    )


def report(*genomes: GenomeReport, chosen: str = "GRCh38") -> PreflightReport:
    return PreflightReport(
        verdict=Verdict.OK,
        refusal=None,
        warnings=[],
        notes=[],
        form="bgzip",
        vcf_version="4.2",
        samples=Samples(count=10, names=[f"S{n}" for n in range(10)]),
        records=RecordCount(count=12_345, exact=False),
        coverage=Coverage(
            complete=False,
            bytes_total=2 * 1024**2,
            bytes_looked_at=1,
            records_looked_at=1,
            sentence="Parts were looked at.",
        ),
        genome=chosen,
        genomes=list(genomes),
        contigs=[
            ContigReport(name="chr1", reference_name="1", records=5),
            ContigReport(name="2", reference_name="2", records=5),
            ContigReport(name="decoy", reference_name=None, records=1),
        ],
        is_sorted=False,
        duplicates=0,
        problems=Problems(total=0, shown=[]),
        passed_through={"reference_mismatch": 1_000},
    )


def test_facts_are_told_in_words() -> None:
    told = {fact.name: list(fact.texts) for fact in facts(report(genome("GRCh38", 0.9999)))}
    assert told == {
        "File": ["VCF 4.2, bgzip, 2 MB"],
        "Records": ["about 12,345"],
        "Samples": ["10: S0, S1, S2, S3, S4, S5, S6, S7, …"],
        "Chromosomes": ["chr1 (= 1), 2, decoy (unknown)"],
        "Genome": ["GRCh38 (GRCh38.p1): 99.9 % of 1,000 compared REF alleles agree"],
        "Sorted": ["no; the result will be"],
        "Stays unannotated": ["reference mismatch: 1,000"],
        "Looked at": ["Parts were looked at."],
    }


def test_what_is_not_known_is_left_out() -> None:
    nothing = report().model_copy(
        update={
            "form": None,
            "vcf_version": None,
            "contigs": [],
            "is_sorted": None,
            "passed_through": {},
        }
    )
    assert [fact.name for fact in facts(nothing)] == ["File", "Looked at"]


def test_the_genome_is_confirmed_where_it_could_be_compared() -> None:
    assert confirmation(report(genome("GRCh38", 1.0, compared=1))) == (
        "Genome GRCh38 (GRCh38.p1): 100 % of 1 compared REF allele agrees."
    )
    assert confirmation(report(genome("GRCh38", None))) is None
    assert confirmation(report(genome("GRCh37", 1.0))) is None


@pytest.mark.parametrize(
    ("rates", "better"),
    [
        ({"GRCh37": 0.99, "GRCh38": 0.4}, "GRCh37"),
        ({"GRCh37": 1.0}, "GRCh37"),  # the chosen one has none of the chromosomes
        ({"GRCh37": 1.0, "GRCh38": None}, "GRCh37"),
        ({"GRCh38": 1.0, "GRCh37": 0.4}, None),
        ({"GRCh37": 1.0, "GRCh38": 1.0}, None),  # no clear winner
        ({"GRCh37": 0.7, "GRCh38": 0.2}, None),  # neither fits
        ({"T2T": 1.0, "GRCh38": 0.2}, None),  # not on offer
        ({}, None),
    ],
)
def test_another_genome_is_offered_where_it_clearly_fits_better(
    rates: dict[str, float | None], better: str | None
) -> None:
    checked = report(*(genome(name, rate) for name, rate in rates.items()))
    assert better_genome(checked, "GRCh38", OFFERED) == better
