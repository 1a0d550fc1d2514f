"""All of chromosome 21's dbSNP records, annotated: what each file of the result says of them."""

import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pysam
import pytest

from gas.annotation import (
    ANNOTATED_VCF,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    AnnotationResult,
    Limits,
    Options,
    ReferenceBundle,
    annotate,
)
from tests.support.bundles import build_chr21

RECORDS, ALLELES = 115_426, 119_853
_PURINES = {"A", "G"}


@pytest.fixture(scope="module")
def bundle(refdata: Path, tmp_path_factory: pytest.TempPathFactory) -> ReferenceBundle:
    return build_chr21(refdata, tmp_path_factory.mktemp("bundles") / "chr21")


@pytest.fixture(scope="module")
def source(refdata: Path) -> Path:
    return refdata / "chr21" / "dbsnp149.vcf.gz"


@pytest.fixture(scope="module")
async def result(
    source: Path, bundle: ReferenceBundle, tmp_path_factory: pytest.TempPathFactory
) -> AnnotationResult:
    return await annotate(source, tmp_path_factory.mktemp("result"), bundle, limits=Limits())


@pytest.fixture(scope="module")
def table(result: AnnotationResult) -> Any:
    return pq.read_table(result.files[VARIANTS_PARQUET].path)


def records_of(path: Path) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def rows_of(result: AnnotationResult) -> Iterator[dict[str, str]]:
    with gzip.open(result.files[VARIANTS_TSV].path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def test_no_record_is_lost_and_none_changed(source: Path, result: AnnotationResult) -> None:
    annotated = records_of(result.files[ANNOTATED_VCF].path)
    count = 0
    for before, after in zip(records_of(source), annotated, strict=True):
        assert after[:7] == before[:7]
        assert after[7] != before[7]
        assert after[7].startswith("" if before[7] == "." else f"{before[7]};")
        count += 1
    assert count == result.summary.records == RECORDS


def test_every_known_allele_is_found(refdata: Path, result: AnnotationResult) -> None:
    """By its own identifier, allele by allele; ClinVar's significance goes with it."""
    split: Counter[str] = Counter()
    significant = set()
    with gzip.open(refdata / "chr21" / "dbsnp149.split.tsv.gz", "rt") as lines:
        for line in lines:
            *_, name, _, significance = line.rstrip("\n").split("\t")
            split[name] += 1
            if significance != ".":
                significant.add(name)
    found: Counter[str] = Counter()
    for row in rows_of(result):
        found[row["ID"]] += row["ID"] in row["DBSNP"].split("&")
        assert row["CLNSIG"] or row["ID"] not in significant
    assert found == split
    assert found.total() == result.summary.known == ALLELES
    assert len(significant) > 50
    assert result.summary.skipped == {}


def test_one_typed_row_an_allele(table: Any) -> None:
    kinds = {field.name: field.type for field in table.schema}
    assert table.num_rows == ALLELES
    assert kinds["position"] == pa.int32()
    assert kinds["quality"] == pa.float32()
    assert {kinds[name] for name in ("af", "af_afr", "gnomad_af")} == {pa.float64()}
    assert kinds["distance"] == pa.int64()
    texts = {kind for name, kind in kinds.items() if name in ("chromosome", "hgvsc", "dbsnp")}
    assert texts <= {pa.string(), pa.large_string()}
    positions = table["position"].to_pylist()
    assert positions == sorted(positions)
    assert pc.max(table["af"]).as_py() <= 1


def test_a_filter_skips_row_groups(result: AnnotationResult) -> None:
    path = result.files[VARIANTS_PARQUET].path
    metadata = pq.read_metadata(path)
    column = metadata.schema.names.index("position")
    ranges = []
    for group in range(metadata.num_row_groups):
        statistics = metadata.row_group(group).column(column).statistics
        assert statistics.has_min_max
        ranges.append((statistics.min, statistics.max))
        assert metadata.row_group(group).column(column).has_column_index
    assert len(ranges) > 1
    assert ranges == sorted(ranges)
    assert all(one[1] <= other[0] for one, other in pairwise(ranges))
    (fragment,) = ds.dataset(path).get_fragments()
    assert len(fragment.subset(ds.field("position") >= ranges[-1][1]).row_groups) == 1
    assert fragment.subset(ds.field("position") < ranges[0][0]).row_groups == []
    first, last = 25_500_000, 25_550_000
    wanted = (ds.field("position") >= first) & (ds.field("position") <= last)
    expected = sum(first <= int(row["POS"]) <= last for row in rows_of(result))
    assert fragment.count_rows(filter=wanted) == expected > 1000


def test_text_and_parquet_say_the_same(result: AnnotationResult, table: Any) -> None:
    fixed = {"CHROM": "chromosome", "POS": "position", "REF": "reference", "ALT": "alternate"}
    fixed |= {"QUAL": "quality"}
    cells = dict.fromkeys(table.column_names, 0)
    batches = (row for batch in table.to_batches() for row in batch.to_pylist())
    for text, typed in zip(rows_of(result), batches, strict=True):
        assert len(text) == len(typed)
        for name, value in text.items():
            column = fixed.get(name, name.lower())
            assert _agree(value, typed[column]), (name, value, typed[column])
            cells[column] += typed[column] is not None
    filled = {name for name, count in cells.items() if count}
    assert filled >= {"dbsnp", "af", "af_eur", "gnomad_af", "clnsig", "regulatory", "gene", "hgvsc"}
    assert filled >= {"hgvsp", "exon", "intron", "codons", "amino_acids", "distance", "biotype"}


def _agree(text: str, typed: str | float | None) -> bool:
    if typed is None or not text:
        return typed is None and not text
    return typed == text if isinstance(typed, str) else float(text) == pytest.approx(typed)


def test_text_and_vcf_say_the_same(result: AnnotationResult) -> None:
    """Field by field of those with a value an allele; ANN's first entry is what the columns say."""
    rows = rows_of(result)
    fields: Counter[str] = Counter()
    for record in records_of(result.files[ANNOTATED_VCF].path):
        info = dict(entry.partition("=")[::2] for entry in record[7].split(";"))
        alternates = record[4].split(",")
        entries = [entry.split("|") for entry in info["ANN"].split(",")]
        for at, alternate in enumerate(alternates):
            row = next(rows)
            assert [row["POS"], row["REF"], row["ALT"]] == [record[1], record[3], alternate]
            for name in row.keys() & info.keys() - {"CHROM", "AF_AFR"}:
                values = info[name].split(",")
                if len(values) == len(alternates):
                    assert row[name] == unquote(values[at]).removeprefix("."), (record, name)
                    fields[name] += 1
            first = next(entry for entry in entries if entry[0] == alternate)
            assert first[1].split("&")[0] == row["CONSEQUENCE"]
            assert first[2:4] == [row["IMPACT"], row["GENE"]]
            assert first[6:8] == [row["TRANSCRIPT"], row["BIOTYPE"]]
            assert row["HGVSC"].endswith(first[9])
    assert next(rows, None) is None
    assert {name for name, count in fields.items() if count > 1000} >= {
        *("CONSEQUENCE", "IMPACT", "GENE", "DBSNP", "AF"),
    }


def test_the_index_finds_what_lies_in_a_region(result: AnnotationResult) -> None:
    path = result.files[ANNOTATED_VCF].path
    lines = ["\t".join(record) for record in records_of(path)]
    spans = [(int(pos) - 1, int(pos) - 1 + len(ref)) for _, pos, _, ref, *_ in records_of(path)]
    chance = random.Random(21)  # noqa: S311 - the same on every run
    with pysam.TabixFile(str(path)) as indexed:
        assert sum(1 for _ in indexed.fetch("21")) == RECORDS
        for size in (1, 50, 20_000, 17_000_000):
            for _ in range(10):
                start = spans[chance.randrange(RECORDS)][0] + chance.randint(-size, 0)
                expected = [
                    line
                    for line, (first, end) in zip(lines, spans, strict=True)
                    if first < start + size and start < end
                ]
                assert list(indexed.fetch("21", start, start + size)) == expected


def test_the_summary_counts_the_rows(result: AnnotationResult, table: Any) -> None:
    summary = result.summary
    assert (summary.records, summary.alleles) == (RECORDS, ALLELES)
    assert summary.chromosomes == {"21": RECORDS}
    for counts, column in ((summary.consequences, "consequence"), (summary.impacts, "impact")):
        assert counts == Counter(table[column].to_pylist())
    genes = Counter(name for name in table["gene"].to_pylist() if name)
    assert {one.gene: one.alleles for one in summary.top_genes} == dict(genes.most_common(20))
    single = [
        {reference, alternate}
        for reference, alternate in zip(
            table["reference"].to_pylist(), table["alternate"].to_pylist(), strict=True
        )
        if len(reference) == len(alternate) == 1
    ]
    transitions = sum(pair == _PURINES or not pair & _PURINES for pair in single)
    assert (summary.transitions, summary.transversions) == (transitions, len(single) - transitions)
    assert summary.variant_types["snv"] == len(single)
    frequencies = [f for f in table["gnomad_af"].to_pylist() if f is not None]
    histogram = summary.frequencies["GNOMAD_AF"]
    assert sum(histogram.values()) == ALLELES
    assert histogram["unknown"] == ALLELES - len(frequencies)
    assert histogram["0"] == frequencies.count(0)
    assert histogram["<0.0001"] == sum(0 < f < 0.0001 for f in frequencies)
    assert histogram[">=0.5"] == sum(f >= 0.5 for f in frequencies)
    assert json.loads(result.files[SUMMARY].path.read_text()) == summary.model_dump(mode="json")


async def test_neither_threads_nor_order_nor_form_matter(
    source: Path, bundle: ReferenceBundle, result: AnnotationResult, tmp_path: Path
) -> None:
    """One thread gives the same bytes; and shuffled, unpacked input the same records."""
    one = await annotate(
        source, tmp_path / "one", bundle, limits=Limits(), options=Options(threads=1)
    )
    digests = {name: file.sha256 for name, file in result.files.items()}
    assert {name: file.sha256 for name, file in one.files.items()} == digests
    with gzip.open(source) as stream:
        lines = stream.readlines()
    header = [line for line in lines if line.startswith(b"#")]
    records = lines[len(header) :]
    random.Random(21).shuffle(records)  # noqa: S311 - the same on every run
    shuffled = tmp_path / "shuffled.vcf"
    shuffled.write_bytes(b"".join([*header, *records]))
    other = await annotate(shuffled, tmp_path / "other", bundle, limits=Limits())
    assert other.summary.sorted_by_gas
    # Those of one place stay as they came, which is another order now.
    for name in (ANNOTATED_VCF, VARIANTS_TSV):
        with gzip.open(result.files[name].path) as mine, gzip.open(other.files[name].path) as its:
            assert sorted(mine) == sorted(its)
    told = result.summary.model_dump(exclude={"sorted_by_gas", "warnings", "input_format"})
    assert other.summary.model_dump(exclude={"sorted_by_gas", "warnings", "input_format"}) == told


async def test_the_sample_input_of_vep(
    refdata: Path, bundle: ReferenceBundle, tmp_path: Path
) -> None:
    """With structural variants, another chromosome, and a sample."""
    source = refdata / "chr21" / "vep_input_132.vcf"
    before = [
        line.split("\t") for line in source.read_text().splitlines() if not line.startswith("#")
    ]
    made = await annotate(source, tmp_path, bundle, limits=Limits())
    after = list(records_of(made.files[ANNOTATED_VCF].path))
    key = [(record[0], record[1], record[3], record[4], *record[8:]) for record in after]
    assert sorted(key) == sorted((r[0], r[1], r[3], r[4], *r[8:]) for r in before)
    assert made.summary.samples == ["HG00096"]
    assert made.summary.skipped == Counter(
        row["GAS_SKIPPED"] for row in rows_of(made) if row["GAS_SKIPPED"]
    )
    assert set(made.summary.skipped) <= {"symbolic_allele", "unknown_contig"}
    carried = pq.read_table(made.files[VARIANTS_PARQUET].path)
    homozygous = sum("1|1" in record[9] for record in before if "," not in record[4])
    assert pc.sum(carried["samples_homozygous"]).as_py() == homozygous
