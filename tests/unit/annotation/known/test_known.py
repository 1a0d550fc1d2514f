"""Alleles are found in a table however either side writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.joins.known import annotate_known
from gas.annotation.kernel.joins.targets import SHIFT, extent

from .conftest import Variant, changes, leftmost, placed

Row = tuple[int, str, str, str]  # POS, REF, ALT, values joined by tabs
#        position from 1: 1234567890123456789012345678
REFERENCE = "GATTACACACAGGGGTCCATTTTTGCAA"


def found(
    variants: list[Variant], rows: list[Row], *, reference: str = REFERENCE, columns: int = 1
) -> list[list[str]]:
    """What the alleles get, column by column; the table comes in pieces of two rows."""
    records, sequence = placed(reference, variants)
    lines = ["\t".join(("1", str(pos), ref, alt, values)) + "\n" for pos, ref, alt, values in rows]
    pieces = ["".join(lines[at : at + 2]).encode() for at in range(0, len(lines), 2)]
    out = [Column(str(number)) for number in range(columns)]
    annotate_known(records, 0, sequence, pieces, out)
    assert {len(column) for column in out} == {records.count_of_alleles}
    return [[column[at].decode() for at in range(len(column))] for column in out]


@pytest.mark.parametrize(
    ("variant", "row"),
    [
        pytest.param((4, "T", "C"), (4, "T", "C", "x"), id="the same SNV"),
        pytest.param((4, "t", "c"), (4, "T", "C", "x"), id="lower case"),
        pytest.param((3, "TTA", "TCA"), (4, "T", "C", "x"), id="SNV between shared bases"),
        pytest.param((4, "T", "C"), (3, "TTA", "TCA", "x"), id="row between shared bases"),
        pytest.param((4, "TA", "CC"), (4, "TA", "CC", "x"), id="MNV"),
        pytest.param((4, "TAC", "CCC"), (4, "TA", "CC", "x"), id="MNV with a shared base"),
        pytest.param((10, "CAG", "G"), (5, "ACA", "A", "x"), id="deletion in a repeat"),
        pytest.param((5, "ACA", "A"), (10, "CAG", "G", "x"), id="row not left-aligned"),
        pytest.param((11, "A", "ACA"), (5, "A", "ACA", "x"), id="insertion in a repeat"),
        pytest.param((5, "A", "ACA"), (11, "A", "ACA", "x"), id="insertion row not left-aligned"),
        pytest.param((10, "C", "CAC"), (4, "T", "TAC", "x"), id="turned insertion"),
        pytest.param((1, "GA", "A"), (1, "GA", "A", "x"), id="the contig's first base"),
        pytest.param((27, "A", "AA"), (28, "A", "AA", "x"), id="behind the contig's last base"),
        pytest.param((12, "GGGG", "T"), (12, "GGGG", "T", "x"), id="replacement of other length"),
    ],
)
def test_finds_the_same_change(variant: Variant, row: Row) -> None:
    assert found([variant], [row]) == [["x"]]


@pytest.mark.parametrize(
    ("variant", "row"),
    [
        pytest.param((4, "T", "C"), (4, "T", "G", "x"), id="another ALT"),
        pytest.param((4, "T", "C"), (5, "A", "C", "x"), id="another place"),
        pytest.param((5, "ACA", "A"), (5, "ACACA", "A", "x"), id="a longer deletion"),
        pytest.param((11, "A", "ACA"), (5, "A", "AGA", "x"), id="other inserted bases"),
        pytest.param((4, "T", "<DEL>"), (4, "T", "C", "x"), id="a symbolic allele"),
        pytest.param((4, "T", "TG"), (4, "T", "<INS>", "x"), id="a symbolic row"),
        pytest.param((4, "G", "C"), (4, "T", "C", "x"), id="an allele with a wrong REF"),
    ],
)
def test_finds_no_other_change(variant: Variant, row: Row) -> None:
    assert found([variant], [row]) == [[""]]


def test_each_alternate_gets_its_own_row() -> None:
    rows = [(4, "T", "C", "c"), (4, "TACA", "T", "deletion"), (4, "T", "G", "g")]
    assert found([(4, "TACA", "CACA,T,*,AACA,GACA")], rows) == [["c", "deletion", "", "", "g"]]


def test_values_go_to_their_columns_and_a_dot_is_none() -> None:
    rows = [(3, "T", "C", "a\t.\tb"), (4, "T", "C", "c\t\td\tnot asked for"), (4, "T", "G", "e")]
    variants = [(3, "T", "C"), (4, "T", "C,G")]
    assert found(variants, rows, columns=3) == [["a", "c", "e"], ["", "", ""], ["b", "d", ""]]


def test_values_of_several_rows_are_joined_each_once_in_order() -> None:
    rows = [
        (4, "T", "C", "rs2\t1"),
        (4, "T", "C", "rs1\t1"),
        (4, "TA", "CA", "rs2\t.\t"),
        (4, "T", "C", "s1&rs1\t12"),
        (4, "T", "C", "rs1\t2"),
    ]
    assert found([(4, "T", "C")], rows, columns=2) == [["rs2&rs1&s1&rs1"], ["1&12&2"]]


def test_equal_alleles_all_get_the_values() -> None:
    variants = [(4, "T", "C"), (4, "T", "C"), (4, "TA", "CA,C")]
    assert found(variants, [(4, "T", "C", "x")]) == [["x", "x", "x", ""]]


def test_alleles_need_not_come_in_order_of_place() -> None:
    reference = "ACGT" * 50
    places = range(190, 10, -2)
    changed = {at: "T" if reference[at] != "T" else "A" for at in places}
    variants = [
        (1, reference, reference[:at] + base + reference[at + 1 :]) for at, base in changed.items()
    ]
    rows = [(at + 1, reference[at], changed[at], f"row{at}") for at in sorted(places)]
    assert found(variants, rows, reference=reference) == [[f"row{at}" for at in places]]


def test_rows_may_go_back_and_come_twice() -> None:
    rows = [(20, "T", "C", "a"), (4, "T", "C", "b"), (20, "T", "C", "a"), (10, "CAG", "G", "c")]
    variants = [(4, "T", "C"), (5, "ACA", "A"), (20, "T", "C")]
    assert found(variants, rows) == [["b", "c", "a"]]


def test_a_row_without_values_is_as_good_as_none() -> None:
    assert found([(4, "T", "C")], [(4, "T", "C", "")]) == [[""]]


def test_rows_are_not_even_read_when_nothing_is_annotated() -> None:
    records, sequence = placed(REFERENCE, [(4, "T", "<DEL>")])
    column = Column("x")
    pieces = iter([b"never asked for"])
    annotate_known(records, 0, sequence, pieces, [column])
    assert (column[0], next(pieces)) == (b"", b"never asked for")
    assert extent(records, 0) == (0, 0)


def test_comments_empty_lines_and_a_missing_last_end_of_line_are_fine() -> None:
    records, sequence = placed(REFERENCE, [(4, "T", "C,G")])
    column = Column("x")
    annotate_known(records, 0, sequence, [b"#CHROM\n\n1\t4\tT\tC\tx\n", b"1\t4\tT\tG\ty"], [column])
    assert (column[0], column[1]) == (b"x", b"y")


@pytest.mark.parametrize(
    "row",
    [b"1", b"1\t", b"1\tx\tT\tC\tv", b"1\t0\tT\tC\tv", b"1\t4", b"1\t4\t", b"1\t4\tT", b"1\t4\tT\t",
     b"1\t4\t\tC\tv", b"1\t4\tT\t\tv", b"1\t4x\tT\tC\tv"],
)  # fmt: skip
def test_a_row_that_is_none_is_refused(row: bytes) -> None:
    records, sequence = placed(REFERENCE, [(4, "T", "C")])
    with pytest.raises(ValueError, match="no row of known variants"):
        annotate_known(records, 0, sequence, [row + b"\n"], [Column("x")])


def test_a_run_that_is_not_there_is_refused() -> None:
    records, sequence = placed(REFERENCE, [(4, "T", "C")])
    with pytest.raises(IndexError):
        annotate_known(records, 1, sequence, [], [])
    with pytest.raises(IndexError):
        extent(records, 1)


def test_the_extent_of_a_run_reaches_over_all_its_alleles() -> None:
    records, _ = placed(REFERENCE, [(4, "TACACA", "T"), (5, "A", "C"), (20, "T", "<DEL>")])
    assert extent(records, 0) == (3, 10)
    assert extent(records, 0, 5) == (0, 15)


def test_a_long_repeat_is_followed_as_far_as_the_limit() -> None:
    reference = "C" + "A" * (SHIFT + 50) + "C"
    variant = (SHIFT, "AA", "A")
    assert found([variant], [(1, "CA", "C", "x")], reference=reference) == [["x"]]
    too_far = (len(reference) - 2, "AA", "A")
    assert found([too_far], [(1, "CA", "C", "x")], reference=reference) == [[""]]


@settings(max_examples=300)
@given(data=st.data())
def test_agrees_with_brute_force(repeats: str, data: st.DataObject) -> None:
    variants = sorted(data.draw(st.lists(changes(repeats), min_size=1, max_size=12)))
    table = data.draw(st.lists(changes(repeats), max_size=12))
    known = sorted([*table, *data.draw(st.lists(st.sampled_from(variants), max_size=6))])
    rows = [(*row, f"row{number}") for number, row in enumerate(known)]
    expected = [
        "&".join(
            f"row{number}"
            for number, row in enumerate(known)
            if leftmost(repeats, row) == leftmost(repeats, variant)
        )
        for variant in variants
    ]
    assert found(variants, rows, reference=repeats) == [expected]
