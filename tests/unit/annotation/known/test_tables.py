"""Reading the rows of a place from an indexed table."""

import random
from pathlib import Path

import pysam
import pytest

from gas.annotation.reference.tables import IndexedTable
from gas.domain.errors import ErrorCode, PermanentError

Region = tuple[str, int, int]
MEGABASE = 1_000_000


def write_track(path: Path, regions: list[Region]) -> Path:
    names = random.Random(3)  # noqa: S311 - the same on every run
    lines = [
        f"{contig}\t{start}\t{end}\t{names.randbytes(40).hex()}\n" for contig, start, end in regions
    ]
    with pysam.BGZFile(str(path), "wb", None) as out:
        out.write("".join(lines).encode())
    pysam.tabix_index(str(path), preset="bed", force=True)
    return path


@pytest.fixture(scope="module")
def regions() -> list[Region]:
    """Short ones everywhere, long ones over many windows of the index, and three contigs."""
    chance = random.Random(1)  # noqa: S311 - the same on every run
    found = []
    for contig in ("1", "2", "MT"):
        for _ in range(15_000):
            start = chance.randrange(30 * MEGABASE)
            length = chance.choice([1, 50, 20_000, 300_000]) if chance.random() < 0.1 else 10
            found.append((contig, start, start + length))
        found += [(contig, 0, 30 * MEGABASE), (contig, 1, 9 * MEGABASE)]
    return sorted(found)


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory, regions: list[Region]) -> Path:
    return write_track(tmp_path_factory.mktemp("track") / "regions.bed.gz", regions)


def rows(table: IndexedTable, contig: str, start: int, end: int) -> list[Region]:
    pieces = list(table.pieces(contig, start, end))
    assert all(piece.endswith(b"\n") for piece in pieces)
    fields = (line.split("\t") for line in b"".join(pieces).decode().splitlines())
    return [(name, int(first), int(last)) for name, first, last, _ in fields]


def test_gives_every_row_that_overlaps_in_order(track: Path, regions: list[Region]) -> None:
    chance = random.Random(2)  # noqa: S311 - the same on every run
    with IndexedTable(track) as table:
        for _ in range(150):
            contig, start = chance.choice(["1", "2", "MT"]), chance.randrange(31 * MEGABASE)
            end = start + chance.choice([1, 1000, 16_384, 200_000])
            found = rows(table, contig, start, end)
            assert found == sorted(found)
            assert {name for name, _, _ in found} <= {contig}
            overlapping = [r for r in regions if r[0] == contig and r[1] < end and r[2] > start]
            assert [r for r in found if r[1] < end and r[2] > start] == overlapping


def test_gives_a_whole_contig_in_pieces_of_whole_lines(track: Path, regions: list[Region]) -> None:
    with IndexedTable(track) as table:
        assert rows(table, "2", 0, 1 << 40) == [r for r in regions if r[0] == "2"]
        sizes = [len(piece) for piece in table.pieces("2", 0, 1 << 29)]
    assert len(sizes) > 1
    assert max(sizes) < 1_200_000


def test_gives_the_rows_of_several_places_each_once(track: Path, regions: list[Region]) -> None:
    chance = random.Random(4)  # noqa: S311 - the same on every run
    with IndexedTable(track) as table:
        for _ in range(20):
            starts = [chance.randrange(30 * MEGABASE) for _ in range(40)]
            places = [(start, start + 5000) for start in starts]
            text = b"".join(table.pieces_around("2", places)).decode()
            fields = (line.split("\t") for line in text.splitlines())
            found = [(name, int(first), int(last)) for name, first, last, _ in fields]
            own = [region for region in regions if region[0] == "2"]
            seen = set(found)
            assert [region for region in own if region in seen] == found
            assert set(found) >= {
                region
                for region in own
                if any(region[1] < end and region[2] > start for start, end in places)
            }


def test_does_not_read_what_lies_far_away(track: Path, regions: list[Region]) -> None:
    with IndexedTable(track) as table:
        assert len(rows(table, "1", 20 * MEGABASE, 20 * MEGABASE + 1)) < len(regions) / 6


@pytest.mark.parametrize(("contig", "start", "end"), [
    ("X", 0, 1000), ("1", 100 * MEGABASE, 101 * MEGABASE), ("1", 5, 5), ("1", 1 << 29, 1 << 30),
])  # fmt: skip
def test_gives_nothing_where_there_is_nothing(
    track: Path, contig: str, start: int, end: int
) -> None:
    with IndexedTable(track) as table:
        assert list(table.pieces(contig, start, end)) == []


def test_a_line_may_be_longer_than_a_block(tmp_path: Path) -> None:
    path = tmp_path / "long.bed.gz"
    lines = [f"1\t{at}\t{at + 1}\t{'n' * 2_500_000}{at}\n".encode() for at in range(3)]
    with pysam.BGZFile(str(path), "wb", None) as out:
        out.write(b"".join(lines))
    pysam.tabix_index(str(path), preset="bed")
    with IndexedTable(path) as table:
        pieces = list(table.pieces("1", 0, 3))
    assert b"".join(pieces) == b"".join(lines)
    assert all(piece.endswith(b"\n") for piece in pieces)


@pytest.mark.parametrize("what", ["cut", "flipped", "plain", "another"])
def test_a_damaged_table_is_refused(tmp_path: Path, regions: list[Region], what: str) -> None:
    path = write_track(tmp_path / "regions.bed.gz", regions)
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes({
        "cut": content[:middle],
        "flipped": content[:100] + bytes([content[100] ^ 255]) + content[101:],
        "plain": b"1\t0\t1\n" * 100_000,
        "another": content[5:],
    }[what])  # fmt: skip
    with IndexedTable(path) as table, pytest.raises(PermanentError) as refused:
        assert [list(table.pieces(contig, 0, 1 << 29)) for contig in ("1", "MT")]
    assert refused.value.code == ErrorCode.REFERENCE_DAMAGED


@pytest.mark.parametrize("what", ["cut", "flipped", "plain", "no index", "short"])
def test_a_damaged_index_is_refused(tmp_path: Path, regions: list[Region], what: str) -> None:
    path = write_track(tmp_path / "regions.bed.gz", regions)
    index = path.with_name("regions.bed.gz.tbi")
    content = index.read_bytes()
    with pysam.BGZFile(str(tmp_path / "other"), "wb", None) as out:
        out.write(b"something else that is long enough for a header")
    with (
        pysam.BGZFile(str(index), "rb", None) as whole,
        pysam.BGZFile(str(tmp_path / "less"), "wb", None) as out,
    ):
        out.write(whole.read()[:-9])
    index.write_bytes({
        "cut": content[: len(content) // 2],
        "flipped": content[:50] + bytes([content[50] ^ 255]) + content[51:],
        "plain": b"TBI\1" + bytes(100),
        "no index": (tmp_path / "other").read_bytes(),
        "short": (tmp_path / "less").read_bytes(),
    }[what])  # fmt: skip
    with pytest.raises(PermanentError) as refused:
        IndexedTable(path)
    assert refused.value.code == ErrorCode.REFERENCE_DAMAGED
