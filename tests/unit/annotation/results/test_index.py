"""The index that we make while writing finds what htslib's own would, and what a scan would."""

import itertools
import random
import re
from pathlib import Path

import pysam
import pysam.bcftools
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gas.annotation.kernel.output.emit import write_vcf
from gas.annotation.results.bgzf import bgzip_blocks
from gas.annotation.results.tabix import IndexedVcf

from .conftest import header_of, scan_text

SAMPLES = ("a", "b")
LONGEST_CONTIG = 2**29


def write(target: Path, *chunks: list[str], samples: tuple[str, ...] = SAMPLES) -> Path:
    header = header_of(samples)
    vcf = IndexedVcf(target.with_name("body"))
    for chunk in chunks:
        scan = scan_text("".join(f"{line}\n" for line in chunk).encode(), samples, placed=False)
        lines = write_vcf(scan.records, [], frozenset())
        vcf.append(lines, bgzip_blocks(lines.text))
    vcf.finish("\n".join([*header.meta, header.column_line, ""]).encode(), target)
    return target


def record(contig: int, position: int, info: str = ".", ref: str = "A", alt: str = "C") -> str:
    return f"{contig}\t{position}\t.\t{ref}\t{alt}\t.\t.\t{info}\tGT\t0/1\t./."


def many_records(count: int, seed: int) -> list[str]:
    """Sorted, near and far from each other, short and long."""
    chance = random.Random(seed)  # noqa: S311 - test data
    lines = []
    for contig in (1, 2):
        position = 1
        for _ in range(count):
            position += chance.choice([0, 1, 30, 5_000, 400_000])
            kind = chance.randrange(20)
            if kind == 0:
                lines.append(record(contig, position, f"END={position + 300_000}", alt="<DEL>"))
            elif kind == 1:
                lines.append(record(contig, position, "SVLEN=-70000;DP=2", alt="<DEL>"))
            elif kind == 2:
                lines.append(record(contig, position, ref="A" * chance.randrange(1, 40_000)))
            elif kind == 3:
                block = f"{contig}\t{position}\t.\tA\t<*>\t.\t.\t.\tGT:LEN\t0/0:20000\t0/0:3"
                lines.append(block)
            else:
                lines.append(record(contig, position, f"DP={chance.randrange(10**6)}"))
    return lines


def regions(seed: int, count: int) -> list[tuple[str, int, int]]:
    chance = random.Random(seed)  # noqa: S311 - test data
    found = []
    for _ in range(count):
        start = int(10 ** chance.uniform(0, 8.2))
        found.append((chance.choice("12"), start, start + int(10 ** chance.uniform(0, 7))))
    return found


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same file with our index, and with the one that htslib makes."""
    folder = tmp_path_factory.mktemp("index")
    lines = many_records(4_000, seed=1)
    cuts = [0, 1, 1_500, 1_500, 5_000, len(lines)]
    ours = write(folder / "ours.vcf.gz", *(lines[a:b] for a, b in itertools.pairwise(cuts)))
    theirs = folder / "theirs.vcf.gz"
    theirs.write_bytes(ours.read_bytes())
    pysam.tabix_index(str(theirs), preset="vcf", force=True)
    return ours, theirs


def test_any_region_gives_what_htslibs_index_gives(indexed: tuple[Path, Path]) -> None:
    ours, theirs = indexed
    found = 0
    with pysam.TabixFile(str(ours)) as one, pysam.TabixFile(str(theirs)) as other:
        assert one.contigs == other.contigs == ["1", "2"]
        for contig, start, end in regions(seed=2, count=1_500):
            mine = list(one.fetch(contig, start, end))
            assert mine == list(other.fetch(contig, start, end))
            found += len(mine)
    assert found > 10_000


def test_it_counts_the_records_as_htslibs_index_does(indexed: tuple[Path, Path]) -> None:
    one, other = (str(pysam.bcftools.index("--stats", str(path))) for path in indexed)
    assert one == other
    assert re.findall(r"\t(\d+)\n", one) == ["4000", "4000"]


def test_it_is_hardly_larger_than_htslibs(indexed: tuple[Path, Path]) -> None:
    one, other = (path.with_name(f"{path.name}.tbi").stat().st_size for path in indexed)
    assert one < 1.5 * other


def test_vcf_readers_use_it(indexed: tuple[Path, Path]) -> None:
    with pysam.VariantFile(str(indexed[0])) as vcf:
        assert [r.pos for r in vcf.fetch("2", 0, 1)] == [1] * len(list(vcf.fetch("2", 0, 1)))
        assert sum(1 for _ in vcf.fetch("2")) == 4_000


def test_how_it_is_cut_into_chunks_changes_no_answer(tmp_path: Path) -> None:
    lines = many_records(100, seed=3)
    whole = write(tmp_path / "whole.vcf.gz", lines)
    single = write(tmp_path / "single.vcf.gz", *([line] for line in lines))
    with pysam.TabixFile(str(whole)) as one, pysam.TabixFile(str(single)) as other:
        for contig, start, end in regions(seed=4, count=200):
            assert list(one.fetch(contig, start, end)) == list(other.fetch(contig, start, end))


def test_no_records_give_an_index_of_nothing(tmp_path: Path) -> None:
    target = write(tmp_path / "empty.vcf.gz", [])
    with pysam.TabixFile(str(target)) as vcf:
        assert list(vcf.fetch()) == []
        assert list(vcf.header)[-1].startswith("#CHROM")


@pytest.mark.parametrize(
    ("info", "ref", "end"),
    [
        (".", "ACGT", 1_003),
        ("END=2500", "A", 2_500),
        ("DP=1;END=2500", "A", 2_500),
        ("END=20", "A", 1_000),  # before POS: no end at all
        ("BEND=2500", "A", 1_000),
        ("END=.", "A", 1_000),
        ("SVLEN=.,-500", "A", 1_499),
        ("DP=1;SVLEN=500;X=1", "A", 1_499),
        ("SVLEN=-536870911", "A", LONGEST_CONTIG),
        ("END=0x7ff", "A", 2_047),
    ],
)
def test_where_a_record_ends(tmp_path: Path, info: str, ref: str, end: int) -> None:
    target = write(tmp_path / "one.vcf.gz", [record(1, 1_000, info, ref, alt="<DEL>,<DUP>")])
    with pysam.TabixFile(str(target)) as vcf:
        for first in {999, end - 1} - {LONGEST_CONTIG - 1}:
            assert len(list(vcf.fetch("1", first, first + 1))) == 1
        assert list(vcf.fetch("1", 0, 999)) == []


def test_position_0_and_the_last_one_are_found(tmp_path: Path) -> None:
    last = LONGEST_CONTIG - 1
    target = write(tmp_path / "ends.vcf.gz", [record(1, 0), record(1, last)])
    with pysam.TabixFile(str(target)) as vcf:
        assert [line.split("\t")[1] for line in vcf.fetch("1", 0, 1)] == ["0"]
        assert [line.split("\t")[1] for line in vcf.fetch("1", last - 1, last)] == [str(last)]


@pytest.mark.parametrize("contigs", [(1, 2, 1), (2, 1, 2)])
def test_records_of_a_contig_must_be_together(tmp_path: Path, contigs: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not together"):
        write(tmp_path / "x.vcf.gz", *([record(contig, 5)] for contig in contigs))


def test_records_must_be_sorted(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not sorted"):
        write(tmp_path / "x.vcf.gz", [record(1, 6)], [record(1, 5)])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2]),
            st.integers(0, 2**29 - 1),
            st.integers(0, 2**29 - 1),
            st.integers(0, 50_000),
        ),
        min_size=1,
        max_size=12,
    ),
    st.lists(st.tuples(st.integers(0, 2**29 - 2), st.integers(1, 2**20)), max_size=5),
)
def test_a_query_finds_exactly_what_overlaps(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[int, int, int, int]],
    windows: list[tuple[int, int]],
) -> None:
    lines, spans = [], []
    for contig, position, end, padding in sorted(records):
        lines.append(record(contig, position, f"END={end};PAD={'x' * padding}", alt="<DEL>"))
        begin = max(position - 1, 0)
        spans.append((contig, begin, end if end > begin else begin + 1))
    target = write(tmp_path_factory.mktemp("q") / "q.vcf.gz", lines)
    with pysam.TabixFile(str(target)) as vcf:
        for start, length in [*windows, *((begin, 1) for _, begin, _ in spans)]:
            for contig in {contig for contig, _, _ in spans}:
                expected = [
                    line
                    for line, (of, begin, end) in zip(lines, spans, strict=True)
                    if of == contig and begin < start + length and end > start
                ]
                assert list(vcf.fetch(str(contig), start, start + length)) == expected
