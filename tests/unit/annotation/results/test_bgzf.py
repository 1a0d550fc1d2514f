import gzip
import os
import random
from pathlib import Path

import pysam
import pytest

from gas.annotation.results.bgzf import (
    BLOCK_SIZE,
    END_OF_FILE,
    assemble,
    bgzip_blocks,
    write_bgzip,
)

SIZES = [0, 1, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 3 * BLOCK_SIZE + 7]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("text", ["random", "same"])
def test_blocks_hold_the_text(size: int, text: str) -> None:
    data = os.urandom(size) if text == "random" else b"A" * size
    blocks = bgzip_blocks(data)
    assert gzip.decompress(blocks.data + END_OF_FILE) == data
    assert blocks.starts[-1] == len(blocks.data)
    pieces = [
        gzip.decompress(blocks.data[start:end])
        for start, end in zip(blocks.starts, blocks.starts[1:], strict=False)
    ]
    assert pieces == [data[at : at + BLOCK_SIZE] for at in range(0, size, BLOCK_SIZE)]


def test_htslib_can_seek_in_it(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - test data
    data = b"".join(b"%d\n" % chance.randrange(10**9) for _ in range(50_000))
    blocks = bgzip_blocks(data)
    target = tmp_path / "x.gz"
    write_bgzip(target, data)
    with pysam.BGZFile(str(target), "rb", None) as stream:
        for at in [0, 1, BLOCK_SIZE, BLOCK_SIZE + 17, 4 * BLOCK_SIZE + 5]:
            stream.seek(blocks.starts[at // BLOCK_SIZE] << 16 | at % BLOCK_SIZE)
            assert stream.read(40) == data[at : at + 40]


def test_a_file_is_put_together(tmp_path: Path) -> None:
    header, bodies = b"h" * (BLOCK_SIZE + 5), []
    for name, text in (("a", b"one\n"), ("b", b""), ("c", b"two\n")):
        (tmp_path / name).write_bytes(bgzip_blocks(text).data)
        bodies.append(tmp_path / name)
    shift = assemble(header, bodies, tmp_path / "all.gz")
    written = (tmp_path / "all.gz").read_bytes()
    assert gzip.decompress(written) == header + b"one\ntwo\n"
    assert gzip.decompress(written[shift:]) == b"one\ntwo\n"
    assert written.endswith(END_OF_FILE)
