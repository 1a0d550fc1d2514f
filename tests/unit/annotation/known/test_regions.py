"""The regions of a track that an allele's changed bases lie in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.joins.regions import annotate_regions

from .conftest import Variant, changes, leftmost, placed

Region = tuple[int, int, str]
REFERENCE = "GATTACAGATTACAGATTACAGATTACA"


def names(variants: list[Variant], regions: list[Region], reference: str = REFERENCE) -> list[str]:
    """What the alleles get; the track comes in pieces of two rows."""
    records, sequence = placed(reference, variants)
    lines = [f"1\t{start}\t{end}\t{name}\n".encode() for start, end, name in regions]
    column = Column("x")
    pieces = [b"".join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
    annotate_regions(records, 0, sequence, pieces, column)
    assert len(column) == records.count_of_alleles
    return [column[at].decode() for at in range(len(column))]


@pytest.mark.parametrize(
    ("variant", "region", "counts"),
    [
        pytest.param((5, "A", "C"), (4, 5), True, id="SNV is the region"),
        pytest.param((5, "A", "C"), (5, 9), False, id="SNV before the region"),
        pytest.param((5, "A", "C"), (0, 4), False, id="SNV behind the region"),
        pytest.param((4, "TACA", "T"), (6, 9), True, id="deletion of the first base"),
        pytest.param((4, "TACA", "T"), (7, 9), False, id="deletion before the region"),
        pytest.param((4, "TACA", "T"), (3, 4), False, id="only the anchor base is in it"),
        pytest.param((4, "T", "TG"), (3, 5), True, id="insertion between two of its bases"),
        pytest.param((4, "T", "TG"), (4, 8), False, id="insertion at its start"),
        pytest.param((4, "T", "TG"), (0, 4), False, id="insertion at its end"),
        pytest.param((4, "TACA", "T"), (6, 6), False, id="region without bases"),
        pytest.param((4, "T", "<DEL>"), (0, 28), False, id="symbolic allele"),
    ],
)
def test_counts_changed_bases(variant: Variant, region: tuple[int, int], counts: bool) -> None:
    assert names([variant], [(*region, "r")]) == ["r" if counts else ""]


@pytest.mark.parametrize("variant", [(4, "TA", "T"), (5, "AA", "A"), (6, "AAG", "AG")])
def test_however_written_it_counts_where_it_stands_left_aligned(variant: Variant) -> None:
    """One A of the three at 4 to 7 (0-based, half open) is gone: the first, as VCF has it."""
    regions = [(0, 5, "first"), (5, 9, "others")]
    assert names([variant], regions, "GATTAAAGATT") == ["first"]


def test_names_are_joined_in_order_each_once() -> None:
    regions = [(0, 28, "b"), (1, 6, "a"), (2, 28, "b"), (4, 5, "."), (4, 6, "a c"), (4, 9, "")]
    assert names([(5, "A", "C")], regions) == ["b&a&1&a c"]


def test_alternates_are_told_apart() -> None:
    assert names([(4, "TACA", "TACC,CACA,T")], [(3, 4, "s"), (6, 7, "r")]) == ["r", "s", "r"]


def test_rows_may_go_back_and_come_twice() -> None:
    regions = [(0, 28, "b"), (3, 9, "d"), (4, 9, "e"), (0, 28, "b"), (3, 6, "c"), (0, 20, "a")]
    assert names([(5, "A", "C")], regions) == ["a&b&c&d&e"]


def test_rows_may_have_three_columns_or_more_than_four() -> None:
    records, sequence = placed(REFERENCE, [(5, "A", "C")])
    column = Column("x")
    annotate_regions(records, 0, sequence, [b"#track\n\n1\t4\t5\n1\t4\t5\tname\t0\t+"], column)
    assert column[0] == b"1&name"


@pytest.mark.parametrize(
    "rows",
    [b"1\n", b"1\t4\n", b"1\t\t5\n", b"1\tx\t5\n", b"1\t5\t4\n", b"1\t5\t6\n1\t4\t\n"],
)
def test_rows_that_are_not_bed_are_refused(rows: bytes) -> None:
    records, sequence = placed(REFERENCE, [(5, "A", "C")])
    with pytest.raises(ValueError, match="no BED row"):
        annotate_regions(records, 0, sequence, [rows], Column("x"))


def test_a_run_that_is_not_there_is_refused() -> None:
    records, sequence = placed(REFERENCE, [(5, "A", "C")])
    with pytest.raises(IndexError):
        annotate_regions(records, 1, sequence, [], Column("x"))


@settings(max_examples=300)
@given(data=st.data())
def test_agrees_with_brute_force(repeats: str, data: st.DataObject) -> None:
    variants = sorted(data.draw(st.lists(changes(repeats), min_size=1, max_size=12)))
    ends = st.tuples(st.integers(0, 400), st.integers(0, 400)).map(sorted)
    spans = sorted(data.draw(st.lists(ends, max_size=30)))
    regions = [(start, end, f"r{number}") for number, (start, end) in enumerate(spans)]

    def changed(variant: Variant) -> tuple[int, int]:
        start, ref, _ = leftmost(repeats, variant)
        return start, start + len(ref)

    def meets(place: tuple[int, int], region: Region) -> bool:
        start, end = place
        if start == end:
            return region[0] <= start - 1 and start + 1 <= region[1]
        return any(region[0] <= base < region[1] for base in range(start, end))

    expected = [
        "&".join(region[2] for region in regions if meets(changed(variant), region))
        for variant in variants
    ]
    assert names(variants, regions, repeats) == expected
