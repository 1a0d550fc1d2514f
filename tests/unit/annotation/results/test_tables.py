"""One row an alternate allele: as text, and as Parquet."""

import csv
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.kernel.columns import Column
from gas.annotation.kernel.intake.scan import Scan
from gas.annotation.kernel.output.numbers import floats, integers
from gas.annotation.kernel.output.table import skip_reasons, write_tsv
from gas.annotation.results import parquet
from gas.annotation.results.bgzf import bgzip_blocks
from gas.annotation.results.info import Field
from gas.annotation.results.parquet import ParquetTable
from gas.annotation.results.tsv import TsvFile

from .conftest import column_of, empty_column, scan_lines, scan_text

LINES = (
    "1\t5\trs1\tA\tC,<DEL>\t9.5\tPASS\tDP=3",
    "1\t7\t.\tA\t.\t.\t.\t.",
    "2\t1\t.\tAA\tA\t1e2\tq10;s50\t.",
)
EFFECT = Field("CONSEQUENCE", "A", "String", "Consequence")
FREQUENCY = Field("AF", "A", "Float", "Frequency")
COUNT = Field("AC", "A", "Integer", "Count")
SKIPPED = Field("GAS_SKIPPED", "A", "String", "Why not")
FIELDS = [EFFECT, FREQUENCY, COUNT, SKIPPED]


def columns_of(scan: Scan) -> list[Column]:
    return [
        column_of("CONSEQUENCE", "missense_variant", "", "", "intron_variant"),
        column_of("AF", "0.25", "", "", "0.5&1e-3"),
        column_of("AC", "12", "", "", "x"),
        skip_reasons(scan.records, "GAS_SKIPPED"),
    ]


def written_table(target: Path, *scans: Scan, samples: bool = False) -> Any:
    table = ParquetTable(target, FIELDS, samples=samples, metadata={"GAS_version": "1.2"})
    for scan in scans:
        table.append(table.table(scan.records, columns_of(scan)))
    table.finish()
    return pq.read_table(target)


def test_text(tmp_path: Path) -> None:
    scan = scan_lines(*LINES)
    target = tmp_path / "variants.tsv.gz"
    file = TsvFile(target, FIELDS)
    file.append(bgzip_blocks(write_tsv(scan.records, columns_of(scan))))
    file.finish()
    assert gzip.decompress(target.read_bytes()).decode().splitlines() == [
        "CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tCONSEQUENCE\tAF\tAC\tGAS_SKIPPED",
        "1\t5\trs1\tA\tC\t9.5\tPASS\tmissense_variant\t0.25\t12\t",
        "1\t5\trs1\tA\t<DEL>\t9.5\tPASS\t\t\t\tsymbolic_allele",
        "1\t7\t\tA\t\t\t\t\t\t\tno_alternate",
        "2\t1\t\tAA\tA\t1e2\tq10;s50\tintron_variant\t0.5&1e-3\tx\t",
    ]


@given(
    st.lists(st.text(st.sampled_from('a"\u00e9 ;'), max_size=5), min_size=1, max_size=4),
    st.text(st.sampled_from('a"b'), min_size=1, max_size=5),
)
def test_text_with_quotation_marks_is_read_back(values: list[str], name: str) -> None:
    scan = scan_lines(*(f"1\t{at}\t{name}\tA\tC\t.\t.\t." for at in range(1, len(values) + 1)))
    text = bytes(write_tsv(scan.records, [column_of("X", *values)])).decode()
    rows = list(csv.reader(text.splitlines(), delimiter="\t"))
    assert [row[2] for row in rows] == [name] * len(values)
    assert [row[7] for row in rows] == values


def test_text_without_columns_or_records() -> None:
    assert bytes(write_tsv(scan_lines(LINES[1]).records, [])) == b"1\t7\t\tA\t\t\t\n"
    assert bytes(write_tsv(scan_text(b"").records, [column_of("X")])) == b""


def test_a_column_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="X: 1 of 4 values"):
        write_tsv(scan_lines(*LINES).records, [column_of("X", "y")])


def test_parquet(tmp_path: Path) -> None:
    table = written_table(tmp_path / "t.parquet", scan_lines(*LINES))
    assert table.to_pydict() == {
        "chromosome": ["1", "1", "1", "2"],
        "position": [5, 5, 7, 1],
        "id": ["rs1", "rs1", None, None],
        "reference": ["A", "A", "A", "AA"],
        "alternate": ["C", "<DEL>", None, "A"],
        "quality": [9.5, 9.5, None, 100.0],
        "filter": ["PASS", "PASS", None, "q10;s50"],
        "CONSEQUENCE": ["missense_variant", None, None, "intron_variant"],
        "AF": [0.25, None, None, 0.5],
        "AC": [12, None, None, None],
        "GAS_SKIPPED": [None, "symbolic_allele", "no_alternate", None],
    }
    kinds = {field.name: field.type for field in table.schema}
    assert (kinds["position"], kinds["quality"]) == (pa.int32(), pa.float32())
    assert (kinds["AF"], kinds["AC"]) == (pa.float64(), pa.int64())
    assert kinds["chromosome"] == kinds["id"] == kinds["CONSEQUENCE"] == pa.string()


def test_parquet_tells_how_it_was_made(tmp_path: Path) -> None:
    written_table(tmp_path / "t.parquet", scan_lines(*LINES))
    metadata = pq.read_metadata(tmp_path / "t.parquet").metadata
    assert metadata[b"GAS_version"] == b"1.2"
    assert json.loads(metadata[b"GAS_columns"])["AF"] == "Frequency"
    assert b"ARROW:schema" not in metadata


def test_parquet_counts_carriers(tmp_path: Path) -> None:
    scan = scan_lines(
        "1\t5\t.\tA\tC,G\t.\t.\t.\tGT:LEN\t0/1:5\t1|2\t2/2\t./1\t.\t2",
        "1\t6\t.\tA\tC\t.\t.\t.\tLEN\t1\t2\t3\t4\t5\t6",
        "1\t7\t.\tA\tC\t.\t.\t.\tGT\t0/0\t1/1/1\t1/0/1\t|1|1\t0|0\t0",
        samples=("a", "b", "c", "d", "e", "f"),
    )
    table = ParquetTable(tmp_path / "t.parquet", [], samples=True, metadata={})
    table.append(table.table(scan.records, []))
    table.finish()
    read = pq.read_table(tmp_path / "t.parquet").to_pydict()
    assert read["samples_heterozygous"] == [2, 1, 0, 1]
    assert read["samples_homozygous"] == [0, 2, 0, 2]
    assert read["samples_missing"] == [2, 2, 6, 0]


def test_fields_do_not_take_the_names_of_the_fixed_columns(tmp_path: Path) -> None:
    scan = scan_lines(LINES[2])
    names = [replace(EFFECT, name=name) for name in ("id", "ID", "samples_missing")]
    columns = [column_of(field.name, "x") for field in names]
    file = TsvFile(tmp_path / "t.tsv.gz", names)
    file.append(bgzip_blocks(write_tsv(scan.records, columns)))
    file.finish()
    first = gzip.decompress((tmp_path / "t.tsv.gz").read_bytes()).decode().splitlines()[0]
    assert first.split("\t")[7:] == ["id", "GAS_ID", "samples_missing"]
    table = ParquetTable(tmp_path / "t.parquet", names, samples=False, metadata={})
    table.append(table.table(scan.records, columns))
    table.finish()
    read = pq.read_table(tmp_path / "t.parquet").column_names
    assert read[7:] == ["GAS_id", "ID", "GAS_samples_missing"]


def test_parquet_of_nothing(tmp_path: Path) -> None:
    table = ParquetTable(tmp_path / "t.parquet", FIELDS, samples=True, metadata={})
    empty = scan_text(b"").records
    table.append(table.table(empty, [empty_column(empty, field.name) for field in FIELDS]))
    table.finish()
    read = pq.read_table(tmp_path / "t.parquet")
    assert read.num_rows == 0
    assert read.num_columns == 14


def test_parquet_of_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    scan = scan_text(b"1\t5\tr\xffs\tA\tC\t.\t.\t.\n1\t6\t\xc3\xa9\tA\tC\t.\t.\t.\n")
    table = ParquetTable(tmp_path / "t.parquet", [EFFECT], samples=False, metadata={})
    table.append(table.table(scan.records, [column_of("CONSEQUENCE", "", "")]))
    table.finish()
    assert pq.read_table(tmp_path / "t.parquet")["id"].to_pylist() == ["r\ufffds", "\u00e9"]


def make_rows(first: int, count: int) -> Scan:
    return scan_lines(*(f"1\t{at}\trs{at}\tA\tC\t.\t.\t." for at in range(first, first + count)))


def write_rows(target: Path, *scans: Scan) -> Path:
    table = ParquetTable(target, [EFFECT, FREQUENCY], samples=False, metadata={})
    for scan in scans:
        count = len(scan.records)
        effects = column_of("CONSEQUENCE", *(f"term{at % 3}" for at in range(count)))
        table.append(table.table(scan.records, [effects, column_of("AF", *["0.5"] * count)]))
    table.finish()
    return target


def test_row_groups_can_be_skipped_by_their_statistics(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 10)
    target = write_rows(tmp_path / "t.parquet", make_rows(1, 7), make_rows(8, 18))
    file = pq.ParquetFile(target)
    groups = [file.metadata.row_group(index) for index in range(file.num_row_groups)]
    assert [group.num_rows for group in groups] == [10, 10, 5]
    positions = [group.column(1).statistics for group in groups]
    assert [(s.min, s.max) for s in positions] == [(1, 10), (11, 20), (21, 25)]
    assert all(group.column(at).has_offset_index for group in groups for at in range(9))
    assert all(group.column(at).has_column_index for group in groups for at in range(9))
    assert {group.column(7).statistics.max for group in groups} == {"term2"}
    found = pq.read_table(target, filters=[("position", ">", 23)])
    assert found["id"].to_pylist() == ["rs24", "rs25"]


def test_parquet_has_the_same_bytes_however_it_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 30)
    one = write_rows(tmp_path / "one.parquet", make_rows(1, 100))
    # A cut at a multiple of 3, so that the made-up terms go on as before.
    other = write_rows(
        tmp_path / "other.parquet", make_rows(1, 3), make_rows(4, 48), make_rows(52, 49)
    )
    assert pq.read_table(one).equals(pq.read_table(other))
    assert one.read_bytes() == other.read_bytes()


def read_numbers(column: Column) -> tuple[list[Any], list[Any]]:
    values, validity, nulls = floats(column)
    whole, whole_validity, whole_nulls = integers(column)
    return (
        _unpacked(pa.float64(), len(column), values, validity, nulls),
        _unpacked(pa.int64(), len(column), whole, whole_validity, whole_nulls),
    )


def _unpacked(kind: Any, count: int, values: Any, validity: Any, nulls: int) -> list[Any]:
    buffers = [pa.py_buffer(validity), pa.py_buffer(values)]
    array: list[Any] = pa.Array.from_buffers(kind, count, buffers, nulls).to_pylist()
    return array


@pytest.mark.parametrize(
    ("text", "number", "whole"),
    [
        ("0", 0.0, 0),
        ("-3", -3.0, -3),
        ("+3", 3.0, None),
        (".5", 0.5, None),
        ("5.", 5.0, None),
        ("1e-5", 1e-5, None),
        ("123456789012345678", 123456789012345678.0, 123456789012345678),
        ("1234567890123456789", 1234567890123456789.0, None),
        ("0.1&0.3&0.2", 0.3, None),
        ("2&10&x", 10.0, 10),
        ("inf", float("inf"), None),
        ("nan", None, None),
        (".", None, None),
        ("1.2.3", None, None),
        (" 1", None, None),
        ("1 ", None, None),
        ("0x10", None, None),
        ("&", None, None),
        ("-", None, None),
        ("1" * 70, None, None),
    ],
)
def test_texts_as_numbers(text: str, number: float | None, whole: int | None) -> None:
    assert read_numbers(column_of("X", "", text)) == ([None, number], [None, whole])


@given(st.lists(st.floats(allow_nan=False).map(repr) | st.decimals(0, 1, places=9).map(str)))
def test_numbers_are_read_exactly(texts: list[str]) -> None:
    assert read_numbers(column_of("X", *texts))[0] == [float(text) for text in texts]
