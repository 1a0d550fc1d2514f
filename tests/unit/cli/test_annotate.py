"""``gas annotate``, with the real engine."""

import gzip
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gas.cli.main import app

VCF = """\
##fileformat=VCFv4.2
##contig=<ID=MT,length=16569>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
MT\t73\t.\tA\tG\t.\tPASS\t.
MT\t11778\t.\tG\tA\t.\tPASS\t.
"""


def annotate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["annotate", *[str(argument) for argument in arguments]])


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "in.vcf"
    path.write_text(VCF, encoding="utf-8")
    return path


def test_writes_vcf_and_index_and_tells_the_summary(vcf: Path) -> None:
    target = vcf.with_name("out.vcf.gz")
    result = annotate(vcf, "-o", target)
    assert result.exit_code == 0, result.output
    assert "2 records, 2 alleles" in result.stdout
    assert "missense" in result.stdout
    assert "MT-ND4" in gzip.decompress(target.read_bytes()).decode()
    assert target.with_name("out.vcf.gz.tbi").exists()


def test_overwrites_only_by_force(vcf: Path) -> None:
    target = vcf.with_name("out.vcf.gz")
    target.write_bytes(b"precious")
    refused = annotate(vcf, "-o", target)
    assert (refused.exit_code, target.read_bytes()) == (2, b"precious")
    assert "--force" in refused.stderr
    assert annotate(vcf, "-o", target, "--force").exit_code == 0


def test_bad_input_is_exit_code_1_with_its_code(vcf: Path) -> None:
    vcf.write_text("hello", encoding="utf-8")
    result = annotate(vcf, "-o", vcf.with_name("out.vcf.gz"))
    assert result.exit_code == 1
    assert "(not_a_vcf)" in result.stderr
    assert list(vcf.parent.iterdir()) == [vcf]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("missing.vcf", "-o", "out.vcf.gz"), "There is no file missing.vcf"),
        (("in.vcf", "-o", "out.vcf"), "must be named"),
        (("in.vcf", "-o", "out.vcf.gz", "--genome", "hg3000"), "(unknown_genome)"),
    ],
)
def test_impossible_wishes_are_exit_code_2(
    vcf: Path, arguments: tuple[str, ...], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vcf.parent)
    result = annotate(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
