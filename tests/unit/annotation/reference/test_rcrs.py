"""The bundle that comes with GAS: what it holds is what its manifest says."""

import gzip
import hashlib

import pysam
import pytest

from gas.annotation import ReferenceBundle, load_bundle
from gas.annotation.genes.gff3 import read_gff3
from gas.annotation.genes.store import read_models
from gas.annotation.reference.verification import fault_of


@pytest.fixture(scope="module")
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


@pytest.fixture(scope="module")
def sequence(bundle: ReferenceBundle) -> str:
    with pysam.FastaFile(str(bundle.path(bundle.sequence.file))) as fasta:
        return str(fasta.fetch("MT"))


def test_is_found_by_its_aliases() -> None:
    assert load_bundle("rcrs").name == load_bundle("NC_012920.1").name == "rCRS"


def test_every_file_is_as_recorded_and_there_is_no_other(bundle: ReferenceBundle) -> None:
    assert [fault_of(bundle.directory, file) for file in bundle.all_files()] == [None] * 7
    there = {str(p.relative_to(bundle.directory)) for p in bundle.directory.rglob("*.*")}
    assert there == {file.path for file in bundle.all_files()} | {"bundle.json", "README.md"}


def test_the_sequence_is_the_rcrs(bundle: ReferenceBundle, sequence: str) -> None:
    (contig,) = bundle.contigs
    assert len(sequence) == contig.length == 16569
    assert hashlib.md5(sequence.encode(), usedforsecurity=False).hexdigest() == contig.md5
    assert contig.md5 == "c68f52674c9fb33aef52dcf399755519"
    assert contig.genetic_code == 2
    assert sequence[3106] == "N"  # the placeholder that keeps the historical numbering


def test_its_models_are_those_of_the_gff3_it_keeps(bundle: ReferenceBundle) -> None:
    assert bundle.gene_set is not None
    ((contig, transcripts),) = read_gff3(bundle.path(bundle.gene_set))
    assert read_models(bundle.path(bundle.genes[contig])) == transcripts
    assert len(transcripts) == 37


def test_every_known_allele_lies_on_the_sequence(bundle: ReferenceBundle, sequence: str) -> None:
    (known,) = bundle.known
    last, seen = 0, set()
    with gzip.open(bundle.path(known.file), "rt") as table:
        for row in table:
            name, position, reference, alternate, *values = row.rstrip("\n").split("\t")
            start = int(position) - 1
            assert name == "MT"
            assert sequence[start : start + len(reference)] == reference != alternate
            assert len(values) == len(known.columns)
            assert any(value != "." for value in values)
            assert start >= last
            last = start
            seen.add((position, reference, alternate))
    assert len(seen) == known.rows == 19868


def test_every_source_has_a_licence_and_every_file_a_source(bundle: ReferenceBundle) -> None:
    names = {source.name for source in bundle.sources}
    for file in bundle.all_files():
        assert set(file.sources) <= names
    for column in bundle.known_columns:
        assert column.source in names
    for source in bundle.sources:
        assert source.licence
        assert source.attribution
