"""Records out of order are noticed, wherever the chunks are cut, and sorted in bounded memory."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.vcf.ordering import Order, sort_chunks
from gas.annotation.vcf.scanning import scanner_for
from gas.annotation.vcf.source import Chunk
from gas.domain.errors import PermanentError

from .lines import header

Places = list[tuple[str, int]]
PLACES = st.lists(
    st.tuples(st.sampled_from(["one", "two", "new"]), st.integers(0, 12)), max_size=30
)


def line(place: tuple[str, int], name: int) -> bytes:
    return f"{place[0]}\t{place[1]}\trs{name}\tA\tG\t.\t.\t.\n".encode()


def chunks_of(places: Places, size: int) -> list[Chunk]:
    lines = [line(place, number) for number, place in enumerate(places, start=1)]
    return [
        Chunk(b"".join(lines[at : at + size]), at + 1, (at + 1) / len(lines))
        for at in range(0, len(lines), size)
    ]


def in_order(places: Places) -> list[int]:
    """The numbers of the places, from 1, as they should come."""
    ranks = {contig: rank for rank, contig in enumerate(dict.fromkeys(c for c, _ in places))}
    return sorted(
        range(1, len(places) + 1),
        key=lambda number: (ranks[places[number - 1][0]], places[number - 1][1]),
    )


@given(PLACES, st.integers(1, 10))
def test_order_is_judged_over_all_chunks(places: Places, size: int) -> None:
    order, scanner = Order(), scanner_for(header(()))
    for chunk in chunks_of(places, size):
        order.note(scanner.scan(chunk.text, chunk.first_line))
    assert order.is_sorted == (in_order(places) == list(range(1, len(places) + 1)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sorting")


# With 1 every chunk is a file of its own, and files are merged before the end.
@pytest.mark.parametrize("piece_bytes", [1, 700, 10**6])
@given(places=PLACES, size=st.integers(1, 10))
def test_sorting_is_stable_and_complete(
    folder: Path, piece_bytes: int, places: Places, size: int
) -> None:
    made = list(
        sort_chunks(
            chunks_of(places, size), header(()), folder, lambda _: None, piece_bytes=piece_bytes
        )
    )
    expected = in_order(places)
    assert [number for chunk in made for number in chunk.numbers or ()] == expected
    assert b"".join(chunk.text for chunk in made) == b"".join(
        line(places[number - 1], number) for number in expected
    )
    assert list(folder.iterdir()) == []
    for chunk in made:
        assert chunk.line_number(len(chunk.text) - 1) == (chunk.numbers or (0,))[-1]


def test_more_files_than_may_be_open_at_once(tmp_path: Path) -> None:
    places = [("one", 1 + at * 37 % 1000) for at in range(1000)]
    most = 0

    def look(_: float) -> None:
        nonlocal most
        most = max(most, len(list(tmp_path.iterdir())))

    made = list(sort_chunks(chunks_of(places, 4), header(()), tmp_path, look, piece_bytes=1))
    assert [number for chunk in made for number in chunk.numbers or ()] == in_order(places)
    assert 1 < most <= 33


def test_blank_lines_count_and_line_ends_become_lf(tmp_path: Path) -> None:
    text = b"\r\n\r\n" + line(("one", 9), 1)[:-1] + b"\r\n\n" + line(("one", 3), 2)[:-1]
    (chunk,) = sort_chunks([Chunk(text, 8, 1.0)], header(()), tmp_path, lambda _: None)
    assert chunk.text == line(("one", 3), 2) + line(("one", 9), 1)
    assert chunk.numbers == (12, 10)


def test_an_error_is_that_of_the_first_wrong_line(tmp_path: Path) -> None:
    chunks = chunks_of([("two", 5), ("one", 9), ("one", 1)], 2)
    wrong = [Chunk(chunk.text.replace(b"A\tG", b"A\tQ"), chunk.first_line, 1.0) for chunk in chunks]
    with pytest.raises(PermanentError, match="Line 1:"):
        list(sort_chunks(wrong, header(()), tmp_path, lambda _: None, piece_bytes=1))
    assert list(tmp_path.iterdir()) == []
