"""What the report says of small files, which are looked at as a whole."""

import gzip

import pytest

from gas.annotation.preflight import PreflightReport, Verdict
from gas.annotation.preflight.report import SHOWN_PROBLEMS
from gas.annotation.vcf.text import OPEN_END
from gas.domain.errors import ErrorCode
from tests.unit.annotation.conftest import HEADER, MELAS, START_LOST, vcf_text

from .conftest import Inspect

FIRST = len(HEADER) + 2


def code(report: PreflightReport) -> ErrorCode | None:
    return report.refusal.code if report.refusal else None


def test_a_good_file(inspect_bytes: Inspect) -> None:
    genotyped = [f"{record}\tGT\t0/1\t0/0" for record in (MELAS, START_LOST)]
    report = inspect_bytes(vcf_text(*genotyped, samples=("mother", "child")))
    assert report.verdict is Verdict.OK
    assert (report.refusal, report.warnings, report.notes) == (None, [], [])
    assert (report.form, report.vcf_version) == ("plain", "4.2")
    assert (report.samples.count, report.samples.names) == (2, ["mother", "child"])
    assert (report.records.count, report.records.exact) == (2, True)
    assert report.coverage.complete
    assert report.coverage.bytes_looked_at == report.coverage.bytes_total
    assert report.is_sorted is True
    assert (report.duplicates, report.problems.total, report.passed_through) == (0, 0, {})
    assert report.genome == "rCRS"
    (genome,) = report.genomes
    assert (genome.compared, genome.matched, genome.match_rate) == (2, 2, 1.0)
    assert (genome.lengths_agreeing, genome.lengths_differing) == (1, [])
    assert [(contig.name, contig.records) for contig in report.contigs] == [("MT", 2)]


@pytest.mark.parametrize("name", ["chrM", "M", "NC_012920.1"])
def test_other_names_of_chromosomes_are_mapped_and_said(inspect_bytes: Inspect, name: str) -> None:
    header = (HEADER[0], *HEADER[2:])
    report = inspect_bytes(vcf_text(MELAS.replace("MT", name, 1), header=header))
    assert report.verdict is Verdict.OK
    assert f"{name} → MT" in report.notes[0]
    assert [(contig.name, contig.reference_name) for contig in report.contigs] == [(name, "MT")]


def test_a_last_line_without_an_end_is_told(inspect_bytes: Inspect) -> None:
    assert not inspect_bytes(vcf_text(MELAS)).warnings
    assert inspect_bytes(vcf_text(MELAS)[:-1]).warnings == [OPEN_END]


def test_order_duplicates_and_blank_lines_are_told(inspect_bytes: Inspect) -> None:
    report = inspect_bytes(vcf_text(START_LOST, MELAS, "", MELAS, MELAS))
    assert report.verdict is Verdict.OK_WITH_WARNINGS
    assert report.is_sorted is False
    assert report.duplicates == 2
    assert report.records.count == 4
    told = " ".join(report.warnings)
    assert all(word in told for word in ("not sorted", "2 duplicate records", "1 blank line "))


def test_what_passes_through_is_counted_by_reason(inspect_bytes: Inspect) -> None:
    report = inspect_bytes(
        vcf_text(
            MELAS.replace("\tA\tG\t", "\tA\tG,<DEL>,*,N\t"),
            MELAS,
            START_LOST,
            "MT\t3310\t.\tA\tG\t.\t.\t.",
            "MT\t99999\t.\tA\tG\t.\t.\t.",
            "7\t5\t.\tA\t.\t.\t.\t.",
        )
    )
    assert report.passed_through == {
        "unknown_contig": 1,
        "outside_contig": 1,
        "reference_mismatch": 1,
        "ambiguous_base": 1,
        "symbolic_allele": 1,
        "overlapping_deletion": 1,
    }
    assert report.verdict is Verdict.OK_WITH_WARNINGS
    assert len(report.warnings) == 3  # the other reasons are no fault


def test_all_problems_are_counted_and_some_shown(inspect_bytes: Inspect) -> None:
    bad = [MELAS.replace("3243", "x"), MELAS.replace("PASS", "PASS\0")] * 30
    report = inspect_bytes(vcf_text(MELAS, *bad, START_LOST))
    assert code(report) is ErrorCode.MALFORMED_VCF
    assert report.problems.total == 60
    assert len(report.problems.shown) == SHOWN_PROBLEMS
    assert report.records.count == 62
    first, second = report.problems.shown[:2]
    assert (first.place.line, first.column) == (FIRST + 1, 2)
    assert first.message == "Column 2 (POS): 'x' is not a position."
    assert (second.place.line, second.column) == (FIRST + 2, None)
    assert second.message.startswith("It holds a NUL byte")


def test_an_open_last_line_that_is_wrong_is_told_as_cut_off(inspect_bytes: Inspect) -> None:
    report = inspect_bytes(vcf_text(MELAS, START_LOST)[:-2])  # AC=1 lost its value
    assert code(report) is ErrorCode.TRUNCATED_FILE
    (problem,) = report.problems.shown
    assert problem.place.line == FIRST + 1
    assert problem.column == 8
    assert "cut off" in problem.message


def test_damage_is_the_reason_whatever_the_lines_look_like(inspect_bytes: Inspect) -> None:
    records = [f"MT\t3243\tid{n}\tA\tG\t.\t.\tAC={n}" for n in range(3000)]
    packed = bytearray(gzip.compress(vcf_text(*records)))
    packed[len(packed) // 2] ^= 0xFF
    report = inspect_bytes(bytes(packed))
    assert code(report) is ErrorCode.MALFORMED_VCF
    assert report.refusal
    assert "damaged" in report.refusal.message
    assert (report.problems.total, report.warnings) == (0, [])
    assert not report.coverage.complete


def test_a_chromosome_of_another_length(inspect_bytes: Inspect) -> None:
    header = (HEADER[0], "##contig=<ID=chrM,length=16571>")
    report = inspect_bytes(vcf_text("chrM\tx", header=header))
    assert code(report) is ErrorCode.REFERENCE_MISMATCH
    assert report.genomes[0].lengths_differing == ["chrM"]
    assert report.problems.total == 1  # told all the same


def test_what_is_no_text_is_made_printable(inspect_bytes: Inspect) -> None:
    content = vcf_text("M\xc4\t5", samples=("s\xe9",)).decode().encode("latin-1")
    report = inspect_bytes(content)
    assert report.samples.names == ["s\ufffd"]
    PreflightReport.model_validate_json(report.model_dump_json())
