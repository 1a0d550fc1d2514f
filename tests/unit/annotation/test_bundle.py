"""The reference bundle: what it holds is what its manifest says."""

import gzip
import hashlib
import shutil
from pathlib import Path

import pysam
import pytest

from gas.annotation import ReferenceBundle, bundle_names, load_bundle
from gas.annotation.reference import bundle
from gas.domain.errors import ErrorCode, PermanentError


def test_is_found_by_name_and_by_alias() -> None:
    assert bundle_names() == ("rCRS",)
    assert load_bundle("rcrs").name == load_bundle("NC_012920.1").name == "rCRS"


def test_an_unknown_genome_is_told_with_the_known_ones() -> None:
    with pytest.raises(PermanentError, match="there is: rCRS") as caught:
        load_bundle("hg19")
    assert caught.value.code is ErrorCode.UNKNOWN_GENOME


def test_the_sequence_is_the_rcrs(bundle: ReferenceBundle) -> None:
    (contig,) = bundle.contigs
    with pysam.FastaFile(str(bundle.path(bundle.files.sequence))) as fasta:
        sequence = fasta.fetch(contig.name)
    assert len(sequence) == contig.length == 16569
    assert hashlib.md5(sequence.encode(), usedforsecurity=False).hexdigest() == contig.md5
    assert sequence[3106] == "N"  # the placeholder that keeps the historical numbering


def test_every_known_allele_lies_on_the_sequence(bundle: ReferenceBundle) -> None:
    (contig,) = bundle.contigs
    with pysam.FastaFile(str(bundle.path(bundle.files.sequence))) as fasta:
        sequence = fasta.fetch(contig.name)
    last, seen = 0, set()
    with gzip.open(bundle.path(bundle.files.known), "rt") as table:
        for row in table:
            name, position, reference, alternate, *values = row.rstrip("\n").split("\t")
            start = int(position) - 1
            assert name == contig.name
            assert sequence[start : start + len(reference)] == reference != alternate
            assert len(values) == len(bundle.known_columns)
            assert any(value != "." for value in values)
            assert start >= last
            last = start
            seen.add((position, reference, alternate))
    assert len(seen) == 19868


def test_every_source_has_a_licence_and_every_file_a_source(bundle: ReferenceBundle) -> None:
    names = {source.name for source in bundle.sources}
    for file in bundle.files.all():
        assert set(file.sources) <= names
    for column in bundle.known_columns:
        assert column.source in names
    for source in bundle.sources:
        assert source.licence
        assert source.attribution


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_a_damaged_bundle_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    copy = tmp_path / "data" / "rCRS"
    shutil.copytree(load_bundle("rCRS").directory, copy)
    genes = copy / "genes.gff3"
    if damage == "altered":
        genes.write_text(genes.read_text().replace("3307", "3308"))
    else:
        genes.unlink()
    monkeypatch.setattr(bundle, "_bundle_directories", lambda: [copy])
    with pytest.raises(PermanentError, match=r"damaged: genes\.gff3") as caught:
        load_bundle("rCRS")
    assert caught.value.code is ErrorCode.INTERNAL_ERROR
