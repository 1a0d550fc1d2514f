"""Exports hold exactly what the view shows."""

import csv
import gzip
import io
from contextlib import aclosing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from gas.adapters.memory import MemoryPorts
from gas.annotation import ANNOTATED_VCF, VARIANTS_PARQUET
from gas.domain.states import Storage
from services.api.explorer.explorer import Explorer
from services.api.explorer.exports import ExportFormat
from services.api.explorer.vcf import DamagedVcfError
from services.api.problems import Problem
from tests.unit.api.explorer.conftest import MakeSettings, Reader, view
from tests.unit.api.explorer.tables import COLUMNS, job_with, table_in
from tests.unit.api.world import Clock


async def exported(
    reader: Reader, url_query: str, form: ExportFormat, *, all_columns: bool = False
) -> bytes:
    pieces = reader.explorer.export(reader.job, view(url_query), form, all_columns=all_columns)
    async with aclosing(pieces):
        return b"".join([piece async for piece in pieces])


def records(vcf: bytes) -> list[str]:
    lines = gzip.decompress(vcf).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


def positions(vcf: bytes) -> list[int]:
    return [int(line.split("\t")[1]) for line in records(vcf)]


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
async def test_text_has_the_columns_and_the_order_of_the_view(
    reader: Reader, form: str, delimiter: str
) -> None:
    """All pages of it: the size of a page does not count."""
    text = await exported(
        reader, "columns=gene,position,af_gnomad&sort=-position&page=2&size=25", ExportFormat(form)
    )
    rows = list(csv.reader(io.StringIO(text.decode()), delimiter=delimiter))
    assert rows[0] == ["gene", "position", "af_gnomad"]
    assert [row[1] for row in rows[1:]] == ["3243", "7", "60", "50", "2500", "100", "100"]
    assert rows[1] == ["MT-TL1", "3243", "0.6"]
    assert rows[2] == ["", "7", ""]


async def test_all_columns_on_request(reader: Reader) -> None:
    text = await exported(reader, "gene=TP53", ExportFormat.TSV, all_columns=True)
    head, row = text.decode().splitlines()
    assert head.split("\t") == list(COLUMNS)
    assert row.split("\t")[:7] == ["chr2", "50", "", "G", "T", "99.0", "PASS"]


async def test_parquet_says_which_view_it_is(reader: Reader, tmp_path: Path) -> None:
    content = await exported(reader, "gene=BRCA1&columns=gene,quality", ExportFormat.PARQUET)
    (tmp_path / "x.parquet").write_bytes(content)
    with duckdb.connect() as connection:
        path = {"path": str(tmp_path / "x.parquet")}
        rows = connection.execute("FROM read_parquet($path)", path).fetchall()
        footer = dict(
            connection.execute(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata($path)", path
            ).fetchall()
        )
    assert [row[0] for row in rows] == ["BRCA1", "BRCA1"]
    assert footer["GAS_view"] == "gene=BRCA1&columns=gene%2Cquality"
    assert footer["GAS_bundle"] == "GRCh38 2025.2"


@pytest.mark.parametrize(
    ("url_query", "expected"),
    [
        ("", [73, 3243, 3308, 3310, 8993, 15326]),
        ("region=MT:3000-9000", [3243, 3308, 3310, 8993]),
        ("text=mine", [3243]),
        ("min_quality=60", [8993, 15326]),
        ("filter=q10", [3308]),
        ("gene=nothing", []),
    ],
)
async def test_vcf_has_the_records_of_the_view(
    real: Reader, url_query: str, expected: list[int]
) -> None:
    assert positions(await exported(real, url_query, ExportFormat.VCF)) == expected


async def test_a_record_comes_whole_when_one_of_its_alleles_is_in_the_view(
    real: Reader, real_folder: Path
) -> None:
    """Byte for byte as it is in the annotated VCF."""
    page = await real.page("columns=position,alternate&text=m.3243")  # no HGVS has it so
    assert page.matching == 0
    rows = (await real.page("columns=position,alternate,hgvsc")).rows
    second = next(row for row in rows if (row["position"], row["alternate"]) == (3243, "G"))
    vcf = await exported(real, f"text={second['hgvsc']}", ExportFormat.VCF)
    original = records((real_folder / ANNOTATED_VCF).read_bytes())
    assert records(vcf) == [line for line in original if "\t3243\t" in line]


async def test_a_vcf_without_filters_is_the_annotated_one_but_for_a_line(
    demo: Reader, demo_folder: Path
) -> None:
    vcf = await exported(demo, "sort=-position&columns=gene", ExportFormat.VCF)
    lines = gzip.decompress(vcf).splitlines()
    assert lines.pop(next(i for i, line in enumerate(lines) if b"GAS_view" in line)) == (
        b"##GAS_view=sort=-position&columns=gene"
    )
    assert lines == gzip.decompress((demo_folder / ANNOTATED_VCF).read_bytes()).splitlines()


async def test_filtered_vcf_agrees_with_the_page(demo: Reader) -> None:
    page = await demo.page("impact=HIGH&columns=position&size=250")
    vcf = await exported(demo, "impact=HIGH", ExportFormat.VCF)
    assert positions(vcf) == sorted({row["position"] for row in page.rows})


async def test_nothing_is_left_on_disk(reader: Reader, tmp_path: Path) -> None:
    async def files() -> set[str]:
        return {path.name for path in (tmp_path / "cache").rglob("*") if "export" in path.name}

    pieces = reader.explorer.export(reader.job, view(), ExportFormat.CSV)
    assert await anext(pieces)
    assert await files()
    await pieces.aclose()  # the browser went away
    assert not await files()
    await exported(reader, "", ExportFormat.PARQUET)
    assert not await files()


async def test_only_so_many_at_a_time(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.api.explorer.exports._PATIENCE", timedelta(milliseconds=10))
    under_way = [reader.explorer.export(reader.job, view(), ExportFormat.CSV) for _ in range(2)]
    for pieces in under_way:
        assert await anext(pieces)

    with pytest.raises(Problem) as refused:
        await exported(reader, "", ExportFormat.CSV)

    assert refused.value.status_code == 503
    for pieces in under_way:
        await pieces.aclose()
    assert await exported(reader, "", ExportFormat.CSV)


async def test_an_export_that_needs_too_much_room_is_given_up(
    ports: MemoryPorts, make_settings: MakeSettings, clock: Clock, tmp_path: Path
) -> None:
    """Written to disk piece by piece; it is looked at while it grows, and when it is there."""
    explorer = Explorer(ports.results, make_settings(explorer_export_bytes=10), clock)
    reader = Reader(explorer, job_with(ports, table_in(tmp_path)))

    with pytest.raises(Problem) as refused:
        await exported(reader, "", ExportFormat.CSV)

    assert refused.value.status_code == 503
    assert not list((tmp_path / "cache").rglob("export-*"))
    await explorer.close()


async def test_an_archived_vcf_is_not_exported(real: Reader) -> None:
    """Though the table of variants is here."""
    files = [
        file.model_copy(update={"key": None, "archive_id": "a"})
        if file.name == ANNOTATED_VCF
        else file
        for file in real.job.files
    ]
    job = real.job.model_copy(update={"files": tuple(files), "storage": Storage.ARCHIVED})
    with pytest.raises(Problem) as refused:
        await exported(Reader(real.explorer, job), "", ExportFormat.VCF)
    assert refused.value.code == "file_archived"


async def test_a_vcf_that_is_not_the_one_of_the_table_breaks_off(
    real: Reader, demo: Reader
) -> None:
    """Rather an export that ends in an error than one that looks complete."""
    [table] = [file for file in demo.job.files if file.name == VARIANTS_PARQUET]
    [vcf] = [file for file in real.job.files if file.name == ANNOTATED_VCF]
    mixed = Reader(real.explorer, real.job.model_copy(update={"files": (table, vcf)}))
    with pytest.raises(DamagedVcfError):
        await exported(mixed, "", ExportFormat.VCF)
