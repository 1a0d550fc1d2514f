"""Records against the reference: why an allele is skipped, where it differs, which windows it needs."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.kernel.intake.place import place, spans
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.reference.bundle import Contig
from gas.annotation.vcf.allele import SkipReason, reasons_to_skip
from gas.annotation.vcf.record import RecordChecker
from gas.annotation.vcf.scanning import scanner_for
from gas.annotation.vcf.text import decoded

from .lines import BASES, header, right_lines
from .taking_in import windows

CONTIG = Contig(name="one", length=len(BASES), md5="0" * 32, refget="SQ." + "0" * 32)
UPPER = BASES.upper()


def records_of(*lines: bytes) -> Records:
    return scanner_for(header(())).scan(b"".join(line + b"\n" for line in lines), 1).records


def site(position: int, reference: str, alternates: str) -> bytes:
    return f"one\t{position}\t.\t{reference}\t{alternates}\t.\t.\t.".encode()


@st.composite
def sites(draw: st.DrawFn) -> bytes:
    """On one contig, most of them with the reference's own bases."""
    start = draw(st.integers(-1, len(BASES) + 1))
    length = draw(st.integers(1, 5))
    reference = decoded(BASES[max(start, 0) : start + length]) or "A"
    _, position, _, other, alternates, *_ = draw(right_lines(())).split(b"\t")
    if draw(st.integers(0, 3)):
        shared = draw(st.sampled_from(["", reference[:1], reference]))
        alternates = alternates + f",{shared}{draw(st.text('ACGTacgt', min_size=1))}".encode()
    if not draw(st.integers(0, 5)):
        return site(int(position), decoded(other), decoded(alternates))
    return site(start + 1, reference, decoded(alternates))


def bases_at(_: str, position: int, length: int) -> str:
    return decoded(UPPER[position - 1 : position - 1 + length])


@given(st.lists(sites(), min_size=1, max_size=8), st.integers(0, 30), st.integers(0, 10))
def test_the_reasons_are_those_of_the_careful_way(
    lines: list[bytes], gap: int, margin: int
) -> None:
    records = records_of(*lines)
    compared, mismatched, first = place(records, 0, windows(records, 0, UPPER, gap, margin))
    expected, mismatches = [], []
    for line in lines:
        record = RecordChecker(header(())).check(1, decoded(line))
        reasons = reasons_to_skip(record, CONTIG, bases_at)
        expected += [str(reason or "") for reason in reasons]
        if reasons[0] is SkipReason.REFERENCE_MISMATCH:
            mismatches.append(line)
    found = [records.allele(index) for index in range(records.count_of_alleles)]
    assert [allele[2] for allele in found] == expected
    assert (compared, mismatched) == (len(lines), len(mismatches))
    assert (first >= 0) == bool(mismatches)
    if mismatches:
        assert records.text[first:].startswith(mismatches[0])


@given(st.lists(sites(), min_size=1, max_size=8))
def test_a_trimmed_allele_makes_the_same_sequence(lines: list[bytes]) -> None:
    records = records_of(*lines)
    place(records, 0, Sequence(len(BASES), [(0, UPPER)]))
    for index in range(records.count_of_alleles):
        owner, alternate, skip, kind, start, end, inserted = records.allele(index)
        if skip:
            assert (kind, inserted) == ("", b"")
            continue
        _, position, _, reference, *_ = records.columns(owner)
        at = int(position) - 1
        whole = UPPER[:at] + alternate.upper() + UPPER[at + len(reference) :]
        assert UPPER[:start] + inserted + UPPER[end:] == whole
        removed = UPPER[start:end]
        assert kind == kind_of(len(removed), len(inserted))
        assert not (removed and inserted) or (
            removed[0] != inserted[0] and removed[-1] != inserted[-1]
        )


def kind_of(removed: int, inserted: int) -> str:
    if removed == inserted:
        return "snv" if removed == 1 else "mnv"
    return "indel" if removed and inserted else "deletion" if removed else "insertion"


@pytest.mark.parametrize(
    ("position", "reference", "alternate", "trimmed"),
    [
        (1, "A", "g", ("snv", 0, 1, b"G")),
        (4, "TTG", "TG", ("deletion", 3, 4, b"")),
        (4, "T", "TTA", ("insertion", 4, 4, b"TA")),
        (1, "ACG", "TCA", ("mnv", 0, 3, b"TCA")),
        (1, "ACG", "AT", ("indel", 1, 3, b"T")),
    ],
)
def test_kinds(
    position: int, reference: str, alternate: str, trimmed: tuple[str, int, int, bytes]
) -> None:
    records = records_of(site(position, reference, alternate))
    assert place(records, 0, Sequence(len(BASES), [(0, UPPER)])) == (1, 0, -1)
    assert records.allele(0)[3:] == trimmed


def test_an_unknown_contig() -> None:
    records = records_of(site(1, "A", "C,<DEL>"), site(2, "N", "."))
    assert place(records, 0, None) == (0, 0, -1)
    assert [records.allele(index)[2] for index in range(3)] == ["unknown_contig"] * 3


def test_a_missing_window_is_our_fault_and_said() -> None:
    records = records_of(site(10, "CC", "C"))
    for given_windows in ([], [(0, UPPER[:10])], [(10, UPPER[10:])]):
        with pytest.raises(ValueError, match="no window"):
            place(records, 0, Sequence(len(BASES), given_windows))
    with pytest.raises(IndexError):
        place(records, 1, None)


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 30)), min_size=1, max_size=20),
    st.integers(0, 100),
    st.integers(0, 60),
    st.integers(1, 2500),
)
def test_spans(places: list[tuple[int, int]], gap: int, margin: int, contig_length: int) -> None:
    records = records_of(*(site(position, "A" * length, ".") for position, length in places))
    found = spans(records, 0, gap, margin, contig_length)
    assert found == sorted(found)
    for (_, end), (start, _) in pairwise(found):
        assert start > end
    inside = [
        (position - 1, position - 1 + length)
        for position, length in places
        if position > 0 and position - 1 + length <= contig_length
    ]
    assert bool(found) == bool(inside)
    for first, last in inside:
        wanted = (max(0, first - margin), min(contig_length, last + margin))
        assert any(start <= wanted[0] and wanted[1] <= end for start, end in found)
    covered = {base for start, end in found for base in range(start, end)}
    reach = max(gap, 2 * margin + 1)
    for base in covered:
        assert any(first - reach <= base < last + reach for first, last in inside)
