"""What the scan accepts, htslib reads: so the finished file need not be parsed once more."""

import gzip
import os
from pathlib import Path

import pysam
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.emit import write_vcf
from gas.annotation.reference.bundle import load_bundle
from gas.annotation.results.bgzf import END_OF_FILE, bgzip_blocks
from gas.annotation.results.header import Provenance, output_header
from gas.annotation.results.info import ANN_FIELD, EFFECT_FIELDS, SKIPPED_FIELD
from gas.annotation.results.readable import ensure_readable
from gas.annotation.results.tabix import IndexedVcf
from gas.annotation.vcf.header import read_header
from gas.annotation.vcf.record import Undeclared
from gas.annotation.vcf.scanning import add_undeclared, scanner_for
from gas.domain.errors import ErrorCode, PermanentError

FIELDS = [ANN_FIELD, *EFFECT_FIELDS, SKIPPED_FIELD]
PROVENANCE = Provenance("1", "none", ())
META = (
    "##fileformat=VCFv4.2",
    "##contig=<ID=1>",
    "##contig=<ID=2>",
    '##FILTER=<ID=q10,Description="Low">',
    '##INFO=<ID=I,Number=2,Type=Integer,Description="Integers">',
    '##INFO=<ID=F,Number=A,Type=Float,Description="Floats">',
    '##INFO=<ID=S,Number=1,Type=String,Description="Text">',
    '##INFO=<ID=FLAG,Number=0,Type=Flag,Description="Flag">',
    '##INFO=<ID=END,Number=1,Type=Integer,Description="End">',
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">',
    '##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">',
)
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\ta\tb"


def annotated(target: Path, lines: list[str]) -> Scan:
    """The lines scanned and written with made-up annotations; raises as the scan does."""
    header = read_header(iter(enumerate([*META, COLUMNS], 1)))
    scan = scanner_for(header).scan(os.fsencode("".join(f"{line}\n" for line in lines)), 1)
    undeclared = Undeclared()
    add_undeclared(undeclared, scan.undeclared)
    columns = []
    for field in FIELDS:
        column = Column(field.name)
        for allele in range(scan.records.count_of_alleles):
            column.append(b"" if allele % 3 == 2 else b"7" if field.type == "Integer" else b"x;y")
        columns.append((field.name.encode(), column, field.mode))
    columns[0] = (b"ANN", Column("ANN"), ANN_FIELD.mode)
    for _ in range(scan.records.count_of_alleles):
        columns[0][1].append(b"C|x|y")
    written = write_vcf(scan.records, columns, frozenset())
    vcf = IndexedVcf(target.with_name("body"))
    vcf.append(written, bgzip_blocks(written.text))
    vcf.finish(output_header(header, undeclared, load_bundle("rCRS"), FIELDS, PROVENANCE), target)
    return scan


_ODD = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\0"), max_size=12)
_KEY = st.sampled_from(
    ["I", "F", "S", "FLAG", "END", "NEW", "1000G", "A.B", "_x", "x-y", "9", "\u00e9", "[x", "[x]"]
)
_VALUE = st.sampled_from(
    [
        "",
        ".",
        "1",
        "-1",
        "+1",
        "1,2,3",
        "2147483648",
        "-99999999999",
        ".5",
        "1e400",
        "nan",
        "inf",
        "1.5",
        ",",
        "1,",
        ".,.",
        "a,b",
        '"',
        "%3B",
        "a=b",
    ]
) | _ODD.map(lambda text: text.replace(";", ""))
_ENTRY = st.builds("{}={}".format, _KEY, _VALUE) | _KEY | st.sampled_from(["", ".", "=", "=1"])
_INFO = st.just(".") | st.lists(_ENTRY, min_size=1, max_size=5).map(";".join)
_ALT = st.sampled_from(
    [
        "C",
        "n",
        "*",
        "<DEL>",
        "<DUP:TANDEM>",
        "<*>",
        "<INS:ME:ALU>",
        "<a=b;c>",
        "G]1:5]",
        "[<c>:1[C",
        ".TC",
        "TC.",
        "C<ctg>",
        "<NON_REF>",
        "]13:123456]T",
        "<é>",
    ]
)
_FORMATS = [
    "GT",
    "GT:DP",
    "GT:DP:PL",
    "DP",
    "GT:NEW",
    "GT:x-y",
    "GT:GT",
    ".",
    "GT:1000G",
    "",
    "DP:.",
    "[x",
]
_SAMPLE = st.sampled_from(
    [
        "0/1",
        ".",
        "./.",
        "1|0",
        "0",
        "0/0/0/0",
        "0/1:5",
        "0/1:.",
        ".:",
        "0/1:5:1,2,3",
        "0|1:",
        "0/1:99999999999",
        ":",
        "",
        "1:2147483647",
        "0/1:-1:.,.,.",
        "0/.",
        "00/1",
        "|0",
        f"0/1:{10**30}",
    ]
)
_LINE = st.builds(
    lambda *columns: "\t".join(columns),
    st.sampled_from(["1", "2", "chr1", "HLA-A*01:01", "x|y", "\u00e9"]),
    st.integers(0, 2**29 - 1).map(str),
    st.just(".") | _ODD,
    st.sampled_from(["A", "acgt", "N", "R" * 30]),
    st.lists(_ALT, min_size=1, max_size=4).map(",".join) | st.just("."),
    st.sampled_from([".", "0", "1e3", "-1", "+5", ".5", "5.", "nan", "inf", "1e999", "-inf"]),
    st.sampled_from([".", "PASS", "q10", "new", "q10;new", "PASS;q10", "0", "a=b", ".;q10", "[x"]),
    _INFO,
    st.sampled_from(_FORMATS),
    _SAMPLE,
    _SAMPLE,
)


@settings(
    max_examples=int(os.environ.get("GAS_READABLE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture],
)
@given(line=_LINE)
def test_htslib_reads_every_record_that_the_scan_accepts(tmp_path: Path, line: str) -> None:
    target = tmp_path / "a.vcf.gz"
    try:
        annotated(target, [line])
    except PermanentError as error:
        assert error.code is ErrorCode.MALFORMED_VCF  # noqa: PT017 - most odd lines are refused
        assume(False)
    with pysam.VariantFile(str(target)) as vcf:
        assert sum(1 for _ in vcf) == 1


def line_with(
    alternate: str = "C", info: str = ".", formats: str = "GT", sample: str = "0/1"
) -> str:
    return f"1\t100\t.\tA\t{alternate}\t.\t.\t{info}\t{formats}\t{sample}\t."


# All that htslib 1.24 is known to refuse in records that look sound, at its last good value; of
# INFO, what leaves room for the fields of GAS.
LIMITS = {
    "65,535 alleles": line_with(alternate=",".join(["C"] * 65_534)),
    "60,000 entries": line_with(info=";".join(["NEW=1"] * 60_000)),
    "255 keys": line_with(formats=":".join(["GT", *(f"K{key}" for key in range(254))])),
    "ploidy": line_with(sample="/".join(["1"] * 70_000)),
    "FORMAT and the last sample missing": line_with(formats=".", sample="")[:-1],
}


@pytest.mark.parametrize("line", LIMITS.values(), ids=LIMITS)
def test_the_largest_records(tmp_path: Path, line: str) -> None:
    annotated(tmp_path / "a.vcf.gz", [line])
    ensure_readable(tmp_path / "a.vcf.gz", ["1"])


LIMIT, MALFORMED = ErrorCode.LIMIT_EXCEEDED, ErrorCode.MALFORMED_VCF
REFUSED = {
    "65,536 alleles": (
        line_with(alternate=",".join(["C"] * 65_535)),
        LIMIT,
        "column 5 (ALT) has 65,535 alleles; 65,534 are the limit",
    ),
    "60,001 entries": (
        line_with(info=";".join(["NEW=1"] * 60_001)),
        LIMIT,
        "column 8 (INFO) has 60,001 entries; 60,000 are the limit",
    ),
    "256 keys": (
        line_with(formats=":".join(["GT", *(f"K{key}" for key in range(255))])),
        LIMIT,
        "column 9 (FORMAT) has 256 names; 255 are the limit",
    ),
    "a key twice": (
        line_with(formats="GT:DP:DP"),
        MALFORMED,
        "column 9 (FORMAT): 'DP' is named more than once",
    ),
    "a dot among keys": (
        line_with(formats="GT:."),
        MALFORMED,
        "column 9 (FORMAT): '.' is no name",
    ),
    "an empty last sample": (
        line_with(formats="DP", sample="1")[:-1],
        MALFORMED,
        "column 11: the last sample is empty",
    ),
    "phase of the first allele before VCF 4.4": (
        line_with(sample="|0"),
        MALFORMED,
        "column 10: genotype '|0' begins with a separator",
    ),
    "a name that a header would take for a list": (
        line_with(info="[x=1"),
        MALFORMED,
        "column 8 (INFO): '[x' is no name",
    ),
}


@pytest.mark.parametrize(("line", "code", "says"), REFUSED.values(), ids=REFUSED)
def test_what_htslib_refuses_the_scan_refuses(
    tmp_path: Path, line: str, code: ErrorCode, says: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        annotated(tmp_path / "a.vcf.gz", [line])
    assert caught.value.code is code
    assert caught.value.message.startswith(f"Line 1: {says}")


def test_a_contig_that_looks_like_a_region(tmp_path: Path) -> None:
    target = tmp_path / "a.vcf.gz"
    annotated(target, [line_with().replace("1", "HLA-A*01:01-02", 1)])
    ensure_readable(target, ["HLA-A*01:01-02"])


def test_a_header_that_htslib_refuses_is_the_inputs_fault(tmp_path: Path) -> None:
    target = tmp_path / "a.vcf.gz"
    target.write_bytes(bgzip_blocks(b"#CHROM\tPOS\n").data + END_OF_FILE)
    with pytest.raises(PermanentError, match="header cannot be parsed") as caught:
        ensure_readable(target, ["1"])
    assert caught.value.code is ErrorCode.MALFORMED_VCF


def test_a_record_that_htslib_refuses_is_the_inputs_fault(tmp_path: Path) -> None:
    target = tmp_path / "a.vcf.gz"
    annotated(target, [line_with()])
    text = gzip.decompress(target.read_bytes()).replace(b"\tGT\t0/1", b"\tGT\t0%1")
    target.write_bytes(bgzip_blocks(text).data + END_OF_FILE)
    pysam.tabix_index(str(target), preset="vcf", force=True)
    with pytest.raises(PermanentError, match="records of 1 cannot be parsed") as caught:
        ensure_readable(target, ["1"])
    assert caught.value.code is ErrorCode.MALFORMED_VCF


def test_an_index_that_misses_records_is_our_fault(tmp_path: Path) -> None:
    target = tmp_path / "a.vcf.gz"
    annotated(target, [line_with()])
    with pytest.raises(RuntimeError, match="no record of 2, by its index"):
        ensure_readable(target, ["1", "2"])
