"""``gas reference``, with a made-up genome."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gas.cli.main import app
from tests.support.tiny_genome import make_mirror


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAS_REFERENCE_DIRECTORY", str(tmp_path / "installed"))
    return tmp_path / "installed"


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return make_mirror(tmp_path / "mirror")


def reference(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["reference", *[str(argument) for argument in arguments]])


def test_lists_what_is_installed_and_what_can_be() -> None:
    result = reference("list")
    assert result.exit_code == 0, result.output
    assert "rCRS\t" in result.stdout
    assert "GRCh38\t" in result.stdout
    assert "no: not for commercial use" in result.stdout


def test_lists_for_machines() -> None:
    told = json.loads(reference("list", "--json").stdout)
    assert [bundle["name"] for bundle in told["installed"]] == ["rCRS"]
    recipes = {recipe["name"]: recipe["sources"] for recipe in told["recipes"]}
    assert set(recipes) == {"GRCh37", "GRCh38"}
    off = {s["name"] for s in recipes["GRCh38"] if not s["taken_by_default"]}
    assert off == {"gnomAD", "DGV", "TargetScan"}


def test_installs_verifies_and_removes(mirror: Path, root: Path) -> None:
    installed = reference("install", mirror / "recipe.toml", "--from", mirror)
    assert installed.exit_code == 0, installed.output
    assert "variants: building" in installed.stdout
    assert "installed: tiny 1, " in installed.stdout
    assert "tiny\t1\ttiny1" in reference("list").stdout
    assert "intact: tiny 1" in reference("verify", "tiny").stdout
    assert reference("remove", "tiny").exit_code == 0
    assert "tiny" not in reference("list").stdout
    assert not (root / "tiny").exists()


def test_takes_the_sources_asked_for(mirror: Path) -> None:
    arguments = ("--from", mirror, "--json", "--with", "Big", "--without", "Symbols")
    result = reference("install", mirror / "recipe.toml", *arguments, "--with-noncommercial")
    sources = {source["name"] for source in json.loads(result.stdout)["sources"]}
    assert sources == {"Genes", "Variants", "Academic", "Big"}


def test_builds_a_folder_to_install_elsewhere(mirror: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle"
    built = reference("build", mirror / "recipe.toml", "--from", mirror, "-o", target)
    assert built.exit_code == 0, built.output
    assert reference("install", "tiny", "--from", target).exit_code == 0
    again = reference("build", mirror / "recipe.toml", "--from", mirror, "-o", target)
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)


def test_a_damaged_file_is_named_with_exit_code_1(mirror: Path, root: Path) -> None:
    reference("install", mirror / "recipe.toml", "--from", mirror)
    (root / "tiny" / "current" / "genes.gff3").write_bytes(b"")
    result = reference("verify", "tiny", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["faults"] == ["genes.gff3 has 0 bytes, not 813"]
    assert "reference_damaged" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("install", "hg12"), 1, "There is no recipe 'hg12'; there is: GRCh37, GRCh38."),
        (("install", "GRCh38", "--from", "/nowhere"), 1, "There is no folder /nowhere."),
        (("install", "GRCh38", "--with", "COSMIC"), 1, "no source COSMIC"),
        (("verify", "hg12"), 2, "unknown_genome"),
        (("remove", "rCRS"), 2, "comes with GAS"),
        (("build", "GRCh38"), 2, "--from"),
    ],
)
def test_what_is_not_possible_is_said(arguments: tuple[str, ...], code: int, says: str) -> None:
    result = reference(*arguments)
    assert result.exit_code == code
    assert says in " ".join(result.stderr.split())
