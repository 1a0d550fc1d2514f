"""Gene models on disk."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.genes.model import Mane, Transcript
from gas.annotation.genes.store import read_models, write_models

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
spans = st.tuples(st.integers(0, 1 << 31), st.integers(0, 1 << 31))
models = st.builds(
    Transcript,
    id=texts,
    gene_id=texts,
    gene_name=texts,
    biotype=texts,
    strand=st.sampled_from([1, -1]),
    start=st.integers(0, 1 << 31),
    end=st.integers(0, 1 << 31),
    exons=st.lists(spans).map(tuple),
    coding=st.none() | spans,
    phase=st.integers(0, 2),
    start_complete=st.booleans(),
    end_complete=st.booleans(),
    protein_id=texts,
    canonical=st.booleans(),
    mane=st.sampled_from(Mane),
)
ONE = Transcript("T.1", "G", "ABC", "protein_coding", 1, 5, 90, ((5, 40), (50, 90)), (10, 60))


@given(written=st.lists(models, max_size=4))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, written: list[Transcript]
) -> None:
    paths = write_models({"1": written}, tmp_path_factory.mktemp("models"))
    assert read_models(paths["1"]) == written


def test_each_contig_has_a_file_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    contigs = {name: [replace(ONE, id=name)] for name in ("21", "HLA*01:01", "../../up", "MT")}
    paths = write_models(contigs, folder)
    assert {path.parent for path in paths.values()} == {folder}
    assert {name: read_models(path) for name, path in paths.items()} == contigs


def test_the_same_models_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_models({"1": [ONE, ONE]}, tmp_path / "a")["1"]
    second = write_models({"1": [ONE, ONE]}, tmp_path / "b")["1"]
    assert first.read_bytes() == second.read_bytes()
