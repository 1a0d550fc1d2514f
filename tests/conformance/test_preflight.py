"""The preflight of real and of odd files, against what the annotation makes of them."""

import shutil
from pathlib import Path

from gas.annotation import Limits, annotate, load_bundle
from gas.annotation.preflight import PreflightReport, preflight_file
from gas.domain.errors import ErrorCode, PermanentError


async def look(source: Path) -> PreflightReport:
    return await preflight_file(source, genome="rCRS")


async def test_odd_input_is_refused_as_the_annotation_refuses_it(
    refdata: Path, tmp_path: Path
) -> None:
    inputs = sorted((refdata / "bad").iterdir())
    assert len(inputs) >= 45
    told = {source.name: _code(await look(source)) for source in inputs}
    failed = {source.name: await _failure(source, tmp_path) for source in inputs}
    assert told == failed
    assert sum(code is not None for code in told.values()) > 20


async def test_a_report_tells_what_a_summary_tells(refdata: Path, tmp_path: Path) -> None:
    for name in ("anntools/test.vcf", "bad/symbolic.vcf", "bad/unknown_contig_declared.vcf"):
        report = await look(refdata / name)
        result = await annotate(
            refdata / name, tmp_path / name, load_bundle("rCRS"), limits=Limits()
        )
        assert report.records.count == result.summary.records, name
        assert report.passed_through == result.summary.skipped, name
        assert report.is_sorted is not result.summary.sorted_by_gas, name


async def test_a_file_of_another_genome(refdata: Path) -> None:
    report = await look(refdata / "anntools" / "free_2.vcf")
    assert _code(report) is ErrorCode.UNKNOWN_CONTIG
    assert report.passed_through["unknown_contig"] == report.records.count


async def test_a_real_file_is_looked_at_as_a_whole(refdata: Path) -> None:
    report = await look(refdata / "chr21" / "dbsnp149.vcf.gz")
    assert (report.records.count, report.records.exact) == (115_426, True)
    assert (report.problems.total, report.is_sorted) == (0, True)


def _code(report: PreflightReport) -> ErrorCode | None:
    return report.refusal.code if report.refusal else None


async def _failure(source: Path, scratch: Path) -> ErrorCode | None:
    out_dir = scratch / source.name
    try:
        await annotate(source, out_dir, load_bundle("rCRS"), limits=Limits())
    except PermanentError as error:
        return error.code
    finally:
        shutil.rmtree(out_dir, ignore_errors=True)
    return None
