"""Large files, of which parts are looked at."""

import base64
import gzip
import os
import random
from collections.abc import Callable
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from gas.annotation import Limits, load_bundle
from gas.annotation.preflight import PreflightReport, windows_of
from gas.annotation.preflight.inspection import inspect
from gas.annotation.preflight.windows import HEAD_BYTES, WHOLE_BYTES
from gas.domain.errors import ErrorCode
from tests.unit.annotation.conftest import HEADER, vcf_text

RECORDS = 8000
DECLARED = (*HEADER, '##INFO=<ID=X,Number=1,Type=String,Description="Filler">')
Look = Callable[[Path], PreflightReport]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Few and long records, so that much is read in little time."""
    noise = random.Random(7)  # noqa: S311 - the same each time
    records = [
        f"MT\t{1 + n}\tid{n}\t{base}\t{'C' if base != 'C' else 'G'}\t.\tPASS\t"
        f"AC=1;X={base64.b64encode(noise.randbytes(3000)).decode().rstrip('=')}"
        for n, base in enumerate(rcrs()[:RECORDS])
        if base != "N"
    ]
    path = tmp_path_factory.mktemp("large") / "large.vcf"
    path.write_bytes(vcf_text(*records, header=DECLARED))
    assert path.stat().st_size > WHOLE_BYTES
    return path


@pytest.fixture(scope="module")
def bgzipped(plain: Path) -> Path:
    path = plain.with_suffix(".vcf.gz")
    pysam.tabix_compress(str(plain), str(path), force=True)
    assert path.stat().st_size > WHOLE_BYTES
    return path


def rcrs() -> str:
    bundle = load_bundle("rCRS")
    with pysam.FastaFile(str(bundle.path(bundle.sequence.file))) as fasta:
        return str(fasta.fetch("MT"))


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    monkeypatch.chdir(tmp_path)
    bundles = [load_bundle("rCRS").directory]
    return lambda source: inspect(source, bundles, None, Limits(), 60)


def holed(source: Path, target: Path) -> Path:
    """Only what the windows show, as the api fetches it."""
    size = source.stat().st_size
    with source.open("rb") as whole, target.open("wb") as parts:
        for window in windows_of(size):
            whole.seek(window.start)
            parts.seek(window.start)
            parts.write(whole.read(window.size))
    os.truncate(target, size)
    return target


@pytest.mark.parametrize("form", ["plain", "bgzip"])
def test_parts_of_it_tell_about_the_whole(
    plain: Path, bgzipped: Path, look: Look, tmp_path: Path, form: str
) -> None:
    source = plain if form == "plain" else bgzipped
    report = look(source)
    assert report.form == form
    assert report.refusal is None
    assert not report.coverage.complete
    assert 0 < report.coverage.bytes_looked_at < WHOLE_BYTES
    assert not report.records.exact
    assert report.records.count == pytest.approx(RECORDS, rel=0.02)
    assert report.is_sorted is True
    assert report.genomes[0].match_rate == 1.0
    assert look(holed(source, tmp_path / "holed")) == report


def test_of_gzip_and_bcf_only_the_beginning(plain: Path, look: Look, tmp_path: Path) -> None:
    packed = tmp_path / "large.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes(), compresslevel=1))
    binary = tmp_path / "large.bcf"
    pysam.bcftools.view("-Ob", "-o", str(binary), str(plain), catch_stdout=False)
    for source, form in ((packed, "gzip"), (binary, "BCF")):
        assert source.stat().st_size > WHOLE_BYTES
        report = look(holed(source, tmp_path / form))
        assert (report.form, report.refusal) == (form, None)
        assert report.coverage.bytes_looked_at <= HEAD_BYTES
        assert report.records.count == pytest.approx(RECORDS, rel=0.02)
        assert "the rest was not" in report.coverage.sentence


def test_a_bad_line_far_inside_is_found_and_placed(plain: Path, look: Look, tmp_path: Path) -> None:
    piece = windows_of(plain.stat().st_size)[3]
    content = bytearray(plain.read_bytes())
    at = content.index(b"\tPASS\t", piece.start + piece.size // 2)
    content[at + 5 : at + 6] = b" "  # the same length, one column less
    bad = tmp_path / "bad.vcf"
    bad.write_bytes(content)
    report = look(bad)
    assert report.refusal
    assert report.refusal.code is ErrorCode.MALFORMED_VCF
    assert f"near byte {piece.start:,}" in report.refusal.message
    (problem,) = report.problems.shown
    assert (problem.place.line, problem.place.near_byte) == (None, piece.start)


def test_a_file_cut_at_its_end(plain: Path, bgzipped: Path, look: Look, tmp_path: Path) -> None:
    text = plain.read_bytes()
    for content in (text[: text.rindex(b"PASS")], bgzipped.read_bytes()[:-5000]):
        cut = tmp_path / "cut"
        cut.write_bytes(content)
        report = look(cut)
        assert report.refusal
        assert report.refusal.code is ErrorCode.TRUNCATED_FILE


def test_time_that_runs_out_is_said(
    bgzipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = inspect(bgzipped, [load_bundle("rCRS").directory], None, Limits(), 0)
    assert report.refusal is None
    assert 0 < report.coverage.records_looked_at < RECORDS / 4
    assert any("time was too short" in warning for warning in report.warnings)
