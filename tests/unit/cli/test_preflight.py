"""``gas preflight``, with the real child process."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gas.cli.main import app
from tests.unit.cli.test_annotate import VCF


def preflight(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["preflight", *[str(argument) for argument in arguments]])


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "in.vcf"
    path.write_text(VCF, encoding="utf-8")
    return path


def test_a_good_file_is_exit_code_0(vcf: Path) -> None:
    result = preflight(vcf)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0] == f"{vcf}: ok"
    assert "records      2" in lines
    assert (
        "genome       rCRS (NC_012920.1): 100.0% of 2 sampled REFs agree, judged by this one"
        in (lines)
    )


def test_warnings_are_exit_code_0_too(vcf: Path) -> None:
    header, records = VCF.split("MT\t73", 1)
    vcf.write_text(f"{header}chrM\t73{records}chrM\t1\t.\tT\tC\t.\t.\t.\n", encoding="utf-8")
    result = preflight(vcf)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{vcf}: ok, with warnings\n")
    assert "note         Chromosome names are mapped" in result.stdout
    assert "chromosomes  2: chrM (= MT), MT" in result.stdout
    assert "not sorted" in result.stdout


def test_a_refused_file_is_exit_code_1_with_its_bad_lines(vcf: Path) -> None:
    vcf.write_text(VCF + "MT\tx\n" * 25, encoding="utf-8")
    result = preflight(vcf)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{vcf}: refused\nreason       Line 6: ")
    assert "(malformed_vcf)" in result.stdout
    assert "problems     25" in result.stdout
    assert "  line 6: It has 2 columns, where the header has 8.\n" in result.stdout
    assert "  … and 5 more" in result.stdout


def test_json_is_the_whole_report_and_nothing_else(vcf: Path) -> None:
    result = preflight(vcf, "--json", "--genome", "rcrs")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["format_version"], report["verdict"], report["genome"]) == (1, "ok", "rCRS")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("missing.vcf",), "There is no file missing.vcf"),
        (("in.vcf", "--genome", "hg3000"), "(unknown_genome)"),
    ],
)
def test_impossible_wishes_are_exit_code_2(
    vcf: Path, arguments: tuple[str, ...], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(vcf.parent)
    result = preflight(*arguments)
    assert result.exit_code == 2
    assert reason in result.stderr
