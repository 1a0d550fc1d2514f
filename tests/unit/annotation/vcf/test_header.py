"""What is read of a header, and what is refused."""

import pytest

from gas.annotation.vcf.header_line import header_line
from gas.domain.errors import ErrorCode, PermanentError

from .lines import COLUMNS, header_of

FORMAT_LINE = "##fileformat=VCFv4.2"
SAMPLES = f"{COLUMNS}\tFORMAT\ta\tb"
REFUSED = {
    "GT is no text": (
        ["##FORMAT=<ID=GT,Number=1,Type=Integer>"],
        SAMPLES,
        "Line 2: GT is declared as Integer, but genotypes are text",
    ),
    "a flag of samples": (
        ["##FORMAT=<ID=DP,Number=0,Type=Flag>"],
        SAMPLES,
        "Line 2: FORMAT DP is declared as Flag",
    ),
    "FORMAT without samples": (
        [],
        f"{COLUMNS}\tFORMAT",
        "Line 2: column 9 is FORMAT, but no sample",
    ),
    "a sample without a name": ([], f"{SAMPLES}\t ", "Line 2: column 12: the sample has no name"),
    "an open list": (
        ["##META=<ID=x,Values=[a, b>"],
        COLUMNS,
        "Line 2: a list that begins with '['",
    ),
    "no name": (["##contig=<length=5>"], COLUMNS, "Line 2: this ##contig line has no ID"),
    "another version behind": (
        ["##fileformat=VCFv3.3"],
        COLUMNS,
        "Line 2: this is VCF version 3.3",
    ),
}


@pytest.mark.parametrize(("meta", "columns", "says"), REFUSED.values(), ids=REFUSED)
def test_what_htslib_cannot_use_is_refused(meta: list[str], columns: str, says: str) -> None:
    with pytest.raises(PermanentError) as caught:
        header_of(FORMAT_LINE, *meta, columns=columns)
    assert caught.value.code is ErrorCode.MALFORMED_VCF
    assert caught.value.message.startswith(says)


def test_types_of_samples_do_not_matter_without_samples() -> None:
    header = header_of(FORMAT_LINE, "##FORMAT=<ID=GT,Number=1,Type=Integer>")
    assert header.format_types == {"GT": "Integer"}


@pytest.mark.parametrize(
    ("values", "minor"),
    [
        ([], 2),
        (["VCFv4.4"], 4),
        (["VCFv4.4", "VCFv4.2"], 2),
        (["VCFv4.2", "VCFv4.4"], 2),
        (["VCFv4.4", "4.4"], 2),
        (["VCFv4.10 "], 10),
        (["VCFv4."], 0),
    ],
)
def test_the_oldest_version_counts(values: list[str], minor: int) -> None:
    header = header_of(*(f"##fileformat={value}" for value in values))
    assert header.minor_version == minor


def test_of_two_declarations_the_first_counts() -> None:
    header = header_of(
        FORMAT_LINE,
        "##contig=<ID=1,length=5>",
        "##contig=<ID=1,length=6>",
        "##INFO=<ID=X,Number=1,Type=Float>",
        "##INFO=<ID=X,Number=1,Type=String>",
    )
    assert (header.contigs, header.info_types) == ({"1": 5}, {"X": "Float"})


@pytest.mark.parametrize(
    ("line", "attributes"),
    [
        (
            '##INFO=<ID=X, Type = Integer ,D="a,\\">b">',
            {"ID": "X", "Type": "Integer", "D": '"a,\\">b"'},
        ),
        ('##INFO=<ID=X,D="never closed,Type=Float>', {"ID": "X", "D": '"never closed,Type=Float>'}),
        ('##INFO=<ID=X,D="\\', {"ID": "X", "D": '"\\'}),
        ("##ALT=<ID=<a,b>,D=[c,d]>e", {"ID": "<a,b>", "D": "[c,d]"}),
        ("##contig=<ID=1", {"ID": "1"}),
    ],
)
def test_attributes(line: str, attributes: dict[str, str]) -> None:
    read = header_line(1, line)
    assert read
    assert (read.attributes, read.text) == (attributes, line)


@pytest.mark.parametrize("line", ["##x", "##x=y", "##x=<>", "##x=<9=1>", '##x=<A="b"c,D=e>'])
def test_lines_that_declare_nothing(line: str) -> None:
    assert header_line(1, line) is None
    assert line in header_of(FORMAT_LINE, line).meta


@pytest.mark.parametrize(
    ("name", "usable"),
    [("a b", True), ("HLA-A*01:01", True), ('"X"', False), ("[x]", False), ("<x>", False)],
)
def test_names_that_records_can_use(name: str, usable: bool) -> None:
    read = header_line(1, f"##contig=<ID={name}>")
    assert read
    assert read.is_usable == usable
    assert bool(header_of(FORMAT_LINE, f"##contig=<ID={name}>").contigs) == usable


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("##INFO=<ID=X,Type=Float,IDX=7>", "##INFO=<ID=X,Type=Float>"),
        ("##contig=<IDX=7,ID=1,length=5>", "##contig=<ID=1,length=5>"),
        ('##FILTER=<ID=q,idx=1,IDX=2,D="IDX=3">', '##FILTER=<ID=q,D="IDX=3">'),
        ("##other=<ID=X,IDX=7>", "##other=<ID=X,IDX=7>"),
        ("##INFO=<IDX=1,IDX=2,ID=X> ", "##INFO=<ID=X> "),
        ("##INFO=<ID=X,IDX=2", "##INFO=<ID=X"),
    ],
)
def test_numbers_of_bcf_are_left_out(line: str, kept: str) -> None:
    assert header_of(FORMAT_LINE, line).meta == [FORMAT_LINE, kept]
