"""``gas annotate``: one file to a place the user names; and the demo that comes with GAS."""

import runpy
from pathlib import Path

import pysam
import pytest

from gas.annotation import ReferenceBundle, annotate_file, demo_vcf
from gas.annotation.results.publish import sha256_of
from gas.domain.errors import PermanentError

from .conftest import MELAS, START_LOST, names_in, vcf_text

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return _write(tmp_path / "input.vcf", vcf_text(MELAS, START_LOST))


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def test_writes_the_vcf_and_its_index_and_nothing_else(
    tmp_path: Path, source: Path, bundle: ReferenceBundle
) -> None:
    output = tmp_path / "out.vcf.gz"
    result = await annotate_file(source, output, bundle)
    assert result.summary.alleles == 2
    assert result.written == (output, output.with_name("out.vcf.gz.tbi"))
    with pysam.TabixFile(str(output)) as indexed:
        assert len(list(indexed.fetch("MT"))) == 2
    assert names_in(tmp_path) == {"input.vcf", "out.vcf.gz", "out.vcf.gz.tbi"}


async def test_an_earlier_output_survives_a_bad_input(
    tmp_path: Path, source: Path, bundle: ReferenceBundle
) -> None:
    output = tmp_path / "out.vcf.gz"
    await annotate_file(source, output, bundle)
    before = sha256_of(output)
    bad = _write(tmp_path / "input.vcf", b"hello\n")
    with pytest.raises(PermanentError):
        await annotate_file(bad, output, bundle)
    assert sha256_of(output) == before
    assert len(names_in(tmp_path)) == 3


@pytest.mark.parametrize("name", ["out.vcf", "missing/out.vcf.gz", "input.vcf.gz"])
async def test_an_output_that_cannot_be_is_refused(
    tmp_path: Path, bundle: ReferenceBundle, name: str
) -> None:
    source = _write(tmp_path / "input.vcf.gz", vcf_text(MELAS))
    with pytest.raises(ValueError, match=r"output|folder"):
        await annotate_file(source, tmp_path / name, bundle)


def test_the_demo_is_what_its_script_writes(capsys: pytest.CaptureFixture[str]) -> None:
    script = runpy.run_path(str(REPOSITORY / "tools" / "make_demo_vcf.py"))
    assert script["main"]() == 0
    assert capsys.readouterr().out == demo_vcf().read_text()


def test_the_demo_fits_a_free_account() -> None:
    assert demo_vcf().stat().st_size < 150_000
    rows = [row.split("\t") for row in demo_vcf().read_text().splitlines() if row[0] != "#"]
    assert len(rows) > 300
    assert any("," in row[4] for row in rows)
