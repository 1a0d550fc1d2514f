"""Left-aligning: against the definition, by brute force over a small repetitive genome."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.reference.building.alleles import Genome, is_sequence, left_aligned
from gas.annotation.reference.building.sequence import build_sequence

# Few letters and repeats of several lengths: much to shift through.
_BASES = "ACACACGTTTTTGACGACGACGACAAAAATGCATGCATGCACACACCC"


@pytest.fixture(scope="module")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Genome]:
    folder = tmp_path_factory.mktemp("repeats")
    (folder / "in.fa").write_text(f">1\n{_BASES}\n", encoding="ascii")
    contigs = build_sequence(folder / "in.fa", folder / "out.fa.gz", (), lambda _: None)
    with Genome(folder / "out.fa.gz", contigs) as genome:
        yield genome


@given(data=st.data())
def test_is_the_leftmost_shortest_way_to_write_the_change(
    genome: Genome, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(_BASES) - 1))
    length = data.draw(st.integers(1, min(8, len(_BASES) - start)))
    reference = _BASES[start : start + length]
    alternate = data.draw(
        st.text("ACGT", min_size=1, max_size=8).filter(lambda text: text != reference)
    )
    result = left_aligned(genome, "1", start + 1, reference, alternate)
    changed = _BASES[:start] + alternate + _BASES[start + length :]
    assert result == min(_ways_to_write(changed), key=lambda way: (len(way[1] + way[2]), way[0]))


def _ways_to_write(changed: str) -> Iterator[tuple[int, str, str]]:
    """Every single allele that turns the genome into ``changed``."""
    growth = len(changed) - len(_BASES)
    for start in range(len(_BASES)):
        for length in range(1, len(_BASES) - start + 1):
            if length + growth < 1:
                continue
            alternate = changed[start : start + length + growth]
            reference = _BASES[start : start + length]
            if changed == _BASES[:start] + alternate + _BASES[start + length :]:
                yield start + 1, reference, alternate


def test_a_deletion_at_the_start_keeps_the_base_behind_it(genome: Genome) -> None:
    assert left_aligned(genome, "1", 2, "CA", "C")[0] == 2
    assert left_aligned(genome, "1", 1, "ACA", "A") == (1, "ACA", "A")


def test_bases_are_upper_case_and_end_with_the_contig(tmp_path: Path) -> None:
    (tmp_path / "in.fa").write_text(">1\nacgtn\n", encoding="ascii")
    contigs = build_sequence(tmp_path / "in.fa", tmp_path / "out.fa.gz", (), lambda _: None)
    with Genome(tmp_path / "out.fa.gz", contigs) as genome:
        assert genome.bases("1", 3, 9) == "TN"


@pytest.mark.parametrize("allele", ["<DEL>", "*", "", ".", "N[2:33[", "ACR"])
def test_what_is_not_spelled_in_bases_is_no_sequence(allele: str) -> None:
    assert not is_sequence(allele)
