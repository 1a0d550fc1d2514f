"""Which genome a file was made for, by its REFs and the lengths it declares."""

import json
import random
from pathlib import Path

import pysam
import pytest

from gas.annotation import Limits, load_bundle
from gas.annotation.preflight import PreflightReport
from gas.annotation.preflight.genomes import SAMPLED_RECORDS
from gas.annotation.preflight.inspection import inspect
from gas.domain.errors import ErrorCode

LENGTH = 20_000
ALIKE = 3000  # the genomes begin alike, as GRCh37 and GRCh38 do


def bases(seed: int) -> str:
    def some(seed: int, count: int) -> str:
        return "".join(random.Random(seed).choices("ACGT", k=count))  # noqa: S311 - the same each time

    return some(0, ALIKE) + some(seed, LENGTH - ALIKE)


GENOMES = {"First": bases(1), "Second": bases(2)}


@pytest.fixture
def bundles(tmp_path: Path) -> list[Path]:
    return [make_bundle(tmp_path / name, name, text) for name, text in GENOMES.items()]


def make_bundle(folder: Path, name: str, text: str) -> Path:
    """As much of a bundle as a preflight needs: its names and its sequence."""
    template = load_bundle("rCRS")
    manifest = json.loads((template.directory / "bundle.json").read_text())
    contig = manifest["contigs"][0] | {"name": "1", "length": LENGTH, "aliases": ["chr1"]}
    folder.mkdir()
    fasta = folder / template.sequence.file.path
    fasta.write_text(f">1\n{text}\n")
    pysam.faidx(str(fasta))
    described = manifest | {"name": name, "build": name, "aliases": [], "contigs": [contig]}
    (folder / "bundle.json").write_text(json.dumps(described))
    return folder


def look(
    bundles: list[Path], monkeypatch: pytest.MonkeyPatch, content: str, genome: str | None = None
) -> PreflightReport:
    work = bundles[0].parent / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    Path("input.vcf").write_text(content)
    return inspect(Path("input.vcf"), bundles, genome, Limits(), 60)


def vcf(text: str, positions: range, contig_line: str = "") -> str:
    rows = [
        f"chr1\t{at}\t.\t{text[at - 1]}\t{'C' if text[at - 1] != 'C' else 'G'}\t.\t.\t.\n"
        for at in positions
    ]
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    return "".join(["##fileformat=VCFv4.2\n", contig_line, columns, *rows])


def test_the_genome_that_fits_is_found_with_the_others_for_comparison(
    bundles: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = look(bundles, monkeypatch, vcf(GENOMES["Second"], range(1, LENGTH, 3)))
    assert report.genome == "Second"
    assert report.refusal is None
    best, other = report.genomes
    assert (best.name, best.match_rate) == ("Second", 1.0)
    assert (other.name, other.compared) == ("First", best.compared)
    assert SAMPLED_RECORDS / 2 < best.compared <= SAMPLED_RECORDS
    assert other.match_rate is not None
    # One in four bases agrees by chance; the beginning is the same.
    assert 0.25 < other.match_rate < 0.5


def test_a_file_for_another_genome_is_told_which_one_it_fits(
    bundles: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = vcf(GENOMES["Second"], range(ALIKE, LENGTH, 5))
    report = look(bundles, monkeypatch, text, genome="First")
    assert report.genome == "First"
    assert report.refusal
    assert report.refusal.code is ErrorCode.REFERENCE_MISMATCH
    assert "It fits Second: 100.0%" in report.refusal.message


def test_declared_lengths_decide_where_no_ref_can(
    bundles: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = bundles[0] / "bundle.json"
    described = json.loads(manifest.read_text())
    described["contigs"][0]["length"] = LENGTH - 1
    manifest.write_text(json.dumps(described))
    text = vcf(GENOMES["First"], range(1, ALIKE, 9), f"##contig=<ID=chr1,length={LENGTH}>\n")
    report = look(bundles, monkeypatch, text)
    assert report.genome == "Second"
    assert [genome.lengths_agreeing for genome in report.genomes] == [1, 0]
    assert report.genomes[1].lengths_differing == ["chr1"]
