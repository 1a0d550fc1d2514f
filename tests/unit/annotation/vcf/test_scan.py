"""The fast scan and the careful checker agree on every line, and no byte of a record is lost."""

import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gas.annotation.kernel.intake.names import Names
from gas.annotation.kernel.intake.scan import Scan, Scanner
from gas.annotation.vcf.record import RecordChecker, Undeclared
from gas.annotation.vcf.scanning import add_undeclared, scanner_for
from gas.annotation.vcf.text import decoded, encoded, plain_text
from gas.domain.errors import ErrorCode, PermanentError

from .lines import BASES, broken_lines, header, header_text, mutated, right_lines

SITE = b"one\t5\t.\tT\tG\t.\tPASS\t."


def scanned(*lines: bytes, samples: tuple[str, ...] = ()) -> Scan:
    return scanner_for(header(samples)).scan(b"".join(line + b"\n" for line in lines), 1)


def scan_or_code(text: bytes) -> Scan | ErrorCode:
    try:
        return scanner_for(header()).scan(text, 1)
    except PermanentError as error:
        return error.code


def accepted(line: bytes) -> tuple[list[str], Undeclared] | None:
    """What the careful checker finds: the alternates and the undeclared names; None: it refuses."""
    checker = RecordChecker(header())
    try:
        text = plain_text(1, line.removesuffix(b"\r"))
        record = checker.check(1, text)
    except PermanentError:
        return None
    return list(record.alternates), checker.undeclared


@given(right_lines())
def test_right_lines_are_right(line: bytes) -> None:
    assert accepted(line) is not None


@given(st.one_of(right_lines(), broken_lines()))
@example(b"one\t5\t.\tT\tG\t.\tPASS\tEND=536870912\tGT\t0/1\t0/1")
@example(b"one\t5\t.\tT\tG\t.\tPASS\tEND=007,x;SVLEN=-536870911\tGT\t0/1\t0/1")
@example(b"one\t5\t.\tT\tG\t.\tPASS\t.\tGT\t0/1\t0/1\t")
@example(b"one\t5\t.\tT\t<\xc3\x89>\t.\tPASS\tNEW=1\tGT:XX\t0/1\t0/1:7")
@example(b"one\t5\t.\tT\tG\t.inf\tPASS\t.\tGT\t0/1\t0/1")
def test_the_scan_agrees_with_the_checker(line: bytes) -> None:
    expected = accepted(line)
    scan = scan_or_code(line + b"\n")
    if not isinstance(scan, Scan):
        assert scan is ErrorCode.MALFORMED_VCF
        assert expected is None or line.startswith(b"#")
        return
    if not line.removesuffix(b"\r"):
        assert (len(scan.records), scan.blank) == (0, 1)
        return
    assert expected is not None
    alternates, undeclared = expected
    found = Undeclared()
    add_undeclared(found, scan.undeclared)
    assert found == undeclared
    assert scan.records.site(0)[0] == line.removesuffix(b"\r")
    assert b"\t".join(scan.records.columns(0)) == b"\t".join(line.split(b"\t")[:9])
    assert [
        decoded(scan.records.allele(index)[1]) for index in range(scan.records.count_of_alleles)
    ] == (alternates or ["."])


@given(st.lists(right_lines(), max_size=12), st.integers(0, 12))
def test_what_is_said_of_a_chunk_depends_on_it_alone(lines: list[bytes], cut: int) -> None:
    """A scanner that has seen other chunks says the same as a new one, and parts add up."""
    used = scanner_for(header())
    parts = [used.scan(b"\n".join([*some, b""]), 1) for some in (lines[:cut], lines[cut:])]
    again = used.scan(b"\n".join([*lines, b""]), 1)
    new = scanner_for(header()).scan(b"\n".join([*lines, b""]), 1)
    for attribute in ("runs", "genotypes", "undeclared", "first", "last", "in_order", "blank"):
        assert getattr(again, attribute) == getattr(new, attribute)
    together, found = Undeclared(), Undeclared()
    for part in parts:
        add_undeclared(together, part.undeclared)
    add_undeclared(found, new.undeclared)
    assert list(together.info.items()) == list(found.info.items())
    assert list(together.formats) == list(found.formats)
    assert [
        tuple(map(sum, zip(*pair, strict=True)))
        for pair in zip(parts[0].genotypes, parts[1].genotypes, strict=True)
    ] == new.genotypes


def test_runs_and_order() -> None:
    lines = [
        b"\t".join([contig, position, SITE.split(b"\t", 2)[2]])
        for contig, position in ((b"one", b"5"), (b"one", b"5"), (b"two", b"9"), (b"one", b"3"))
    ]
    scan = scanned(*lines[:3])
    assert scan.runs == [("one", 0, 2, 0, 2), ("two", 2, 3, 2, 3)]
    assert (scan.first, scan.last, scan.in_order) == (("one", 5), ("two", 9), True)
    assert scanned(*lines).in_order  # within each run
    assert not scanned(lines[0], lines[3]).in_order


def test_genotypes_are_counted() -> None:
    genotypes = ("0/0", "0|1", "1/2", "1/1", "0", "2", ".", "./1", "0/0/0", "0/0/1", "|1|1")
    scan = scanned(
        *(
            f"one\t5\t.\tT\tG,C\t.\tPASS\t.\tGT:DP\t{genotype}:7\t0/0".encode()
            for genotype in genotypes
        ),
        b"one\t5\t.\tT\tG\t.\tPASS\t.\tDP\t7\t8",
        samples=("a", "b"),
    )
    assert scan.genotypes == [(3, 3, 3, 2), (11, 0, 0, 0)]


def test_line_ends_and_blank_lines() -> None:
    text = SITE + b"\r\n\r\n\n" + SITE + b"\n" + SITE
    scan = scanner_for(header(())).scan(text, 1)
    assert [scan.records.site(index)[0] for index in range(3)] == [SITE] * 3
    assert scan.blank == 2


@pytest.mark.parametrize("cut", range(1, len(SITE)))
def test_a_last_line_that_is_cut_off(cut: int) -> None:
    """It is noticed, but for a cut that leaves a whole record: no line end is needed at the end."""
    with pytest.raises(PermanentError) as caught:
        scanner_for(header(())).scan(SITE + b"\n" + SITE[:cut], 8)
    assert caught.value.code is ErrorCode.TRUNCATED_FILE
    assert "Line 9" in caught.value.message


def test_a_cut_that_leaves_a_whole_record_is_not_noticed() -> None:
    line = b"one\t5\t.\tT\tG\t.\tPASS\tAC=12"
    assert len(scanner_for(header(())).scan(line[:-1], 1).records) == 1


def test_many_names_are_learned() -> None:
    lines = [b"one\t5\t.\tT\tG\t.\tPASS\tK%d=1" % number for number in range(500)]
    scan = scanned(*lines, *lines)
    assert list(scan.undeclared[1]) == [b"K%d" % number for number in range(500)]


def test_ten_thousand_mutated_chunks() -> None:
    """Each ends in records or in a known code."""
    rng = random.Random(1)  # noqa: S311 - reproducible tests
    good = [
        b"".join(
            b"one\t%d\t.\t%s\tG,<DEL>\t9.5\tq10\tAC=1,2;AF=.5;TX=x;NEW=%d\tGT:DP:GL\t0/1:3:1,2\t./.\r\n"
            % (5 + n, BASES[n : n + 1], n)
            for n in range(15)
        ),
        b"two\t7\trs1\tA\t*\t.\tPASS\tDB\tDP\t1\t2\n" * 10,
        header_text(),
    ]
    outcomes = set()
    for _ in range(10_000):
        scan = scan_or_code(mutated(rng.choice(good), good, rng))
        if isinstance(scan, Scan):
            outcomes.add("records" if len(scan.records) else "none")
        else:
            outcomes.add(scan)
    assert outcomes == {"records", "none", ErrorCode.MALFORMED_VCF, ErrorCode.TRUNCATED_FILE}


@pytest.mark.parametrize(("width", "fits"), [(15_000, True), (25_000, False)])
def test_samples_that_are_too_wide_to_be_held(width: int, fits: bool) -> None:
    """All samples take the room that the widest value of a key takes in one of them."""
    names = tuple(map(str, range(25_000)))
    values = [b"x" * width] + [b"."] * (len(names) - 1)
    line = b"\t".join([SITE, b"TX:A:B:C:D", *values])
    if fits:
        assert len(scanned(line, samples=names).records) == 1
        return
    with pytest.raises(PermanentError, match="Line 1: the values of its 25,000 samples") as caught:
        scanned(line, samples=names)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_a_limit_is_told_rather_than_a_missing_line_end() -> None:
    with pytest.raises(PermanentError) as caught:
        scanner_for(header(())).scan(SITE[:-1] + b";".join([b"X"] * 60_001), 1)
    assert caught.value.code is ErrorCode.LIMIT_EXCEEDED


def test_names_that_are_no_utf8_survive() -> None:
    line = b"one\t5\t.\tT\tG\t.\tPASS\tN\xff=1"
    found = Undeclared()
    scan = scanned(line)
    add_undeclared(found, scan.undeclared)
    assert [encoded(name) for name in found.info] == [b"N\xff"]
    assert scan.records.site(0)[0] == line


@pytest.mark.parametrize("columns", [7, 9])
def test_a_scanner_needs_eight_columns_or_samples(columns: int) -> None:
    none = Names({})
    with pytest.raises(ValueError, match="8 columns"):
        Scanner(none, none, none, none, columns, False, lambda *_: ((), (), (), ()))
