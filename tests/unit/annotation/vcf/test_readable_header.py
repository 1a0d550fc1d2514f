"""Whatever header is accepted, htslib reads it too, with all that records say under it."""

import os
from collections.abc import Callable
from pathlib import Path

import pysam
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.emit import write_vcf
from gas.annotation.reference.bundle import load_bundle
from gas.annotation.results.header import Provenance, output_header
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.record import Undeclared
from gas.annotation.vcf.scanning import add_undeclared, scanner_for
from gas.annotation.vcf.text import encoded
from gas.domain.errors import PermanentError

from .lines import COLUMNS, header_of


def accepted(parts: list[str], attempt: Callable[[list[str]], object]) -> list[str]:
    """Those of the parts that are not refused behind the ones before them."""
    kept: list[str] = []
    for part in parts:
        try:
            attempt([*kept, part])
        except PermanentError:
            continue
        kept.append(part)
    return kept


def scanned(header: InputHeader, records: list[str]) -> Scan:
    text = "".join(f"{record}\n" for record in records)
    return scanner_for(header).scan(encoded(text), 1)


def written(header: InputHeader, records: list[str]) -> bytes:
    """The result, as the engine writes it."""
    scan, undeclared = scanned(header, records), Undeclared()
    add_undeclared(undeclared, scan.undeclared)
    made = output_header(header, undeclared, load_bundle("rCRS"), [], Provenance("1", "none", ()))
    return made + write_vcf(scan.records, [], frozenset()).text


_NAMES = ["GT", "DP", "X", "PASS", "END", "1", ".", "a b", "[x", "[x]", '"DP"', "a<b>", "é", "a=b"]
_name = st.sampled_from(_NAMES)
_space = st.sampled_from(["", "", "", " ", "  "])
_value = st.one_of(
    _name,
    st.sampled_from(
        [
            "Integer",
            "Float",
            "String",
            "Flag",
            "Character",
            '"Integer"',
            "integer",
            "",
            "0",
            "1",
            "G",
            "-1",
            "[a,b]",
            "[a",
            "<a,b>",
            "<",
            ">",
            '"a,b>"',
            '"a\\"b"',
            '"a',
            '"a\\',
            '"a"b',
            '"x,Type=Float>',
        ]
    ),
)
_attribute = st.builds(
    "{}{}{}={}{}{}".format,
    _space,
    st.sampled_from(
        ["ID", "ID", "Type", "Type", "Number", "IDX", "length", "id", "9", "", "Source"]
    ),
    _space,
    _space,
    _value,
    _space,
)
_structured = st.builds(
    "##{}=<{}{}{}".format,
    st.sampled_from(["contig", "INFO", "FORMAT", "FILTER", "ALT", "META", " INFO"]),
    st.builds("ID={},Type={},".format, _name, _value)
    | st.sampled_from(["", "ID=X,", "IDX=0,ID=DP,"]),
    st.lists(_attribute, max_size=4).map(",".join),
    st.sampled_from([">", ">", ">", "", "> ", ">x", ">>", ","]),
)
_typed = st.builds(
    "##{}=<ID={},Number=.,Type={}>".format,
    st.sampled_from(["FORMAT", "FORMAT", "INFO"]),
    st.sampled_from(["GT", "DP", "X"]),
    st.sampled_from(["Integer", "Float", "Flag", "String", "Text"]),
)
_meta = st.one_of(
    _structured,
    _typed,
    st.sampled_from(
        [
            "##fileformat=VCFv4.4",
            "##fileformat=VCFv4.3",
            "##fileformat=VCFv4",
            "##fileformat=VCFv4.x",
            "##fileformat=VCF",
            "##fileformat=xVCFv4.5",
            "##fileformat=VCFv3.3",
            "##",
            "##=",
            "##x",
            "##INFO=x",
            "##contig=<>",
            "##[",
        ]
    ),
)
_sample = st.sampled_from(["0/1", "|0", "0", ".", "1:x", "0:5:x", "x", "", "5:0.5", "a,b", "1,2:."])
_record = st.builds(
    "{}\t5\t.\tA\tC\t.\t{}\t{}\t{}\t{}\t{}".format,
    st.just("1") | _name,
    st.just(".") | st.lists(_name, min_size=1, max_size=2).map(";".join),
    st.just(".")
    | st.lists(
        _name | st.builds("{}={}".format, _name, st.sampled_from(["", "1", "x", "1,2"])),
        min_size=1,
        max_size=3,
    ).map(";".join),
    st.sampled_from(["GT", "DP", "GT:DP", "DP:X", "GT:X:DP"])
    | st.lists(_name, min_size=1, max_size=3, unique=True).map(":".join),
    _sample,
    _sample,
)
_columns = st.sampled_from([f"{COLUMNS}\tFORMAT\ta\tb"] * 3 + [COLUMNS])


@settings(
    max_examples=int(os.environ.get("GAS_READABLE_EXAMPLES", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    meta=st.lists(_meta, max_size=8),
    has_version=st.booleans(),
    columns=_columns,
    records=st.lists(_record, max_size=12),
)
def test_htslib_reads_what_is_accepted(
    tmp_path: Path, meta: list[str], has_version: bool, columns: str, records: list[str]
) -> None:
    first = ["##fileformat=VCFv4.2"] if has_version else []
    meta = accepted(meta, lambda lines: header_of(*first, *lines, columns=COLUMNS))
    meta = accepted(meta, lambda lines: header_of(*first, *lines, columns=f"{COLUMNS}\tFORMAT\ta"))
    header = header_of(*first, *meta, columns=columns)
    rows = ["\t".join(record.split("\t")[: header.columns]) for record in records]
    rows = accepted(rows, lambda lines: scanned(header, lines))
    target = tmp_path / "result.vcf"
    target.write_bytes(written(header, rows))
    event(f"{len(meta)} lines")
    event(f"{len(rows)} records")
    with pysam.VariantFile(str(target)) as vcf:
        assert sum(1 for _ in vcf) == len(rows)
