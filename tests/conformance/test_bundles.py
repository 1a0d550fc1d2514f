"""Bundles of real data: built, installed from local mirrors, verified, loaded, annotated with."""

import gzip
import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from gas.annotation import ANNOTATED_VCF, Limits, annotate, load_bundle
from gas.annotation.genes.store import read_models
from gas.annotation.reference.bundle import ReferenceBundle, find_bundle
from gas.annotation.reference.installing.install import install_recipe
from gas.annotation.reference.installing.origins import open_origin
from gas.annotation.reference.recipe import find_recipe
from gas.annotation.reference.verification import verify
from gas.domain.errors import PermanentError
from tests.support.bundles import CHR21_RECIPE, build_chr21, mirror_of_chr21
from tests.support.file_server import serving

_MT_RECIPE = """\
name = "mitomap"
version = "2025-02"
description = "The mitochondrial genome, from the reference data"
species = "Homo sapiens"
build = "NC_012920.1"
contigs = [
    { name = "MT", length = 16569, md5 = "c68f52674c9fb33aef52dcf399755519", genetic_code = 2, aliases = ["chrM"] },
]
sources = [
    { name = "MITOMAP", version = "2025-02", licence = "CC BY 3.0", commercial_use = true, attribution = "MITOMAP", url = "https://www.mitomap.org" },
]
sequence = { source = "MITOMAP", url = "https://mirror.invalid/MT.fa" }
genes = { source = "MITOMAP", url = "https://mirror.invalid/MT.gff3", keep = true }

[[known]]
name = "mitomap"
source = "MITOMAP"
url = "https://mirror.invalid/known.tsv.gz"
form = "table"
columns = [
    { name = "MITOMAP_AC", type = "Integer", role = "count", origin = "6", description = "Count" },
    { name = "MITOMAP_AF", type = "Float", role = "frequency", origin = "7", description = "Frequency" },
]
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GAS_REFERENCE_DIRECTORY", str(tmp_path / "installed"))
    return tmp_path / "installed"


@pytest.fixture(scope="module")
def chr21(refdata: Path, tmp_path_factory: pytest.TempPathFactory) -> ReferenceBundle:
    return build_chr21(refdata, tmp_path_factory.mktemp("bundles") / "chr21")


def _rows(bundle: ReferenceBundle) -> Iterator[tuple[str, ...]]:
    with gzip.open(bundle.path(bundle.known[0].file), "rt") as table:
        for line in table:
            yield tuple(line.rstrip("\n").split("\t"))


def test_the_sequence_is_the_publishers(refdata: Path, chr21: ReferenceBundle) -> None:
    (contig,) = chr21.contigs
    with pysam.FastaFile(str(refdata / "chr21" / "chr21.fa.gz")) as fasta:
        bases = fasta.fetch("21").upper()
    assert (contig.length, contig.md5) == (
        len(bases),
        hashlib.md5(bases.encode(), usedforsecurity=False).hexdigest(),
    )


def test_all_transcripts_with_exons_are_there(chr21: ReferenceBundle) -> None:
    """The GFF3 has 72; two (ENST00000419219 and a copy of it) have no exon."""
    models = read_models(chr21.path(chr21.genes["21"]))
    assert (len(models), len({model.gene_id for model in models})) == (70, 25)


def test_the_known_alleles_are_those_of_bcftools_norm(
    refdata: Path, chr21: ReferenceBundle, tmp_path: Path
) -> None:
    """Every allele of dbSNP, in the very form that another implementation gives it."""
    vcf, fasta = refdata / "chr21" / "dbsnp149.vcf.gz", chr21.path(chr21.sequence.file)
    split = tmp_path / "split.vcf"
    pysam.bcftools.norm(
        *("-m", "-any", "-c", "e", "-f", str(fasta), "-O", "v", "-o", str(split), str(vcf)),
        catch_stdout=False,
    )
    with split.open() as lines:
        records = (line.split("\t", 5)[:5] for line in lines if not line.startswith("#"))
        expected = {(int(position), ref, alt) for _, position, _, ref, alt in records}
    rows = list(_rows(chr21))
    assert {(int(row[1]), row[2], row[3]) for row in rows} == expected
    assert len(rows) == len(expected) == chr21.known[0].rows
    assert [int(row[1]) for row in rows] == sorted(int(row[1]) for row in rows)


def test_frequencies_are_of_the_very_allele(refdata: Path, chr21: ReferenceBundle) -> None:
    frequencies = {row[4]: row[5] for row in _rows(chr21)}
    with gzip.open(refdata / "chr21" / "dbsnp149.split.tsv.gz", "rt") as table:
        minor = [row.rstrip("\n").split("\t") for row in table]
    single = {row[4]: row for row in minor if row[5] != "."}
    agreeing = [
        float(frequencies[name]) in (float(row[5]), pytest.approx(1 - float(row[5])))
        for name, row in single.items()
        if name in frequencies and frequencies[name] != "."
    ]
    assert len(agreeing) > 20_000
    assert all(agreeing)


@pytest.mark.parametrize("over_http", [False, True])
async def test_installed_from_a_mirror_and_annotated_with(
    refdata: Path, root: Path, tmp_path: Path, *, over_http: bool
) -> None:
    mirror = tmp_path / "mirror"
    mirror_of_chr21(refdata, mirror)
    recipe = find_recipe(str(CHR21_RECIPE)).selected(noncommercial=True)
    with serving(mirror) as server:
        server.drop_after = [100_000, None]
        with open_origin(server.url if over_http else str(mirror)) as origin:
            install_recipe(recipe, origin, root, lambda *_: None)
    bundle = load_bundle("GRCh38-chr21")
    assert verify(bundle.directory, bundle.all_files()) == []
    source = tmp_path / "in.vcf"
    source.write_text(
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "chr21\t25000001\t.\tC\tG,T\t.\t.\t.\n"
    )
    result = await annotate(source, tmp_path / "out", bundle, limits=Limits())
    (record,) = pysam.VariantFile(str(result.files[ANNOTATED_VCF].path))
    assert record.info["DBSNP"] == (".", "rs574523538")
    assert record.info["AF"] == (None, pytest.approx(0.0002))


def test_a_corrupted_mirror_is_refused(refdata: Path, root: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    mirror_of_chr21(refdata, mirror)
    genes = mirror / "chr21.gff3.gz"
    whole = genes.read_bytes()
    genes.write_bytes(whole[:4000] + bytes(100) + whole[4100:])
    with open_origin(str(mirror)) as origin, pytest.raises(PermanentError):
        install_recipe(find_recipe(str(CHR21_RECIPE)), origin, root, lambda *_: None)
    with pytest.raises(PermanentError):
        find_bundle("chr21")


async def test_the_mitochondrial_genome(refdata: Path, root: Path, tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    shutil.copytree(refdata / "mt", mirror)
    (tmp_path / "recipe.toml").write_text(_MT_RECIPE, encoding="utf-8")
    with open_origin(str(mirror)) as origin:
        recipe = find_recipe(str(tmp_path / "recipe.toml"))
        bundle = install_recipe(recipe, origin, root, lambda *_: None)
    assert verify(bundle.directory, bundle.all_files()) == []
    source = tmp_path / "in.vcf"
    source.write_text(
        "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        "chrM\t5\t.\tA\tC\t.\t.\t.\n"
    )
    result = await annotate(source, tmp_path / "out", load_bundle("mitomap"), limits=Limits())
    (record,) = pysam.VariantFile(str(result.files[ANNOTATED_VCF].path))
    assert record.info["MITOMAP_AC"] == (15,)
