"""An input comes as chunks of whole lines, in every form, and its faults are told."""

import gzip
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation.limits import MIB, Limits
from gas.annotation.vcf.source import Input
from gas.annotation.vcf.unpack import unpacked
from gas.domain.errors import ErrorCode, PermanentError

from .lines import header_text

HEADER = header_text(())
HEADER_LINES = HEADER.count(b"\n")
RECORDS = [b"one\t%d\trs%d\tA\tG\t.\tPASS\tAC=1" % (5 + n, n) for n in range(4000)]
TEXT = HEADER + b"\n".join([*RECORDS, b""])


def opened(
    tmp_path: Path, content: bytes, chunk_bytes: int = MIB, limits: Limits | None = None
) -> Input:
    path = tmp_path / "input"
    path.write_bytes(content)
    return Input(path, limits or Limits(), chunk_bytes)


def lines_of(source: Input) -> list[bytes]:
    with source:
        return [line for chunk in source.chunks() for line in chunk.text.splitlines()]


def refused(tmp_path: Path, content: bytes, limits: Limits | None = None) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        lines_of(opened(tmp_path, content, limits=limits))
    return caught.value


def lines_or_code(tmp_path: Path, content: bytes) -> list[bytes] | ErrorCode:
    try:
        return lines_of(opened(tmp_path, content))
    except PermanentError as error:
        return error.code


def bgzip(tmp_path: Path, content: bytes) -> bytes:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    plain.write_bytes(content)
    pysam.tabix_compress(str(plain), str(packed), force=True)
    return packed.read_bytes()


def halves(tmp_path: Path, content: bytes) -> bytes:
    """Two members, with padding between; the line in the middle is in both."""
    middle = len(content) // 2
    return gzip.compress(content[:middle]) + bytes(7) + gzip.compress(content[middle:]) + bytes(3)


def bgzip_and_gzip(tmp_path: Path, content: bytes) -> bytes:
    middle = len(content) // 2
    eof = bgzip(tmp_path, b"")
    return bgzip(tmp_path, content[:middle]) + gzip.compress(content[middle:]) + eof


@pytest.mark.parametrize("chunk_bytes", [1, 100, 5000, MIB])
@pytest.mark.parametrize(
    ("form", "pack"),
    [
        ("plain", lambda _, content: content),
        ("plain", lambda _, content: b"\xef\xbb\xbf" + content),
        ("gzip", lambda _, content: gzip.compress(content)),
        ("gzip", halves),
        ("bgzip", bgzip),
        ("bgzip", bgzip_and_gzip),
    ],
)
def test_every_form_gives_the_same_lines(
    tmp_path: Path, form: str, pack: Callable[[Path, bytes], bytes], chunk_bytes: int
) -> None:
    source = opened(tmp_path, pack(tmp_path, TEXT), chunk_bytes)
    assert source.form == form
    number, found, fraction = HEADER_LINES + 1, [], 0.0
    with source:
        for chunk in source.chunks():
            assert chunk.text.endswith(b"\n")
            assert chunk.first_line == number
            assert chunk.line_number(len(chunk.text) - 1) == number + chunk.text.count(b"\n") - 1
            assert fraction <= chunk.fraction <= 1.0
            number += chunk.text.count(b"\n")
            fraction = chunk.fraction
            found += chunk.text.splitlines()
    assert found == RECORDS
    assert fraction == 1.0
    assert source.ends_in_newline


@given(st.binary(max_size=3000), st.integers(1, 50), st.integers(0, 3000))
def test_unpacking_gives_what_was_packed(content: bytes, most: int, cut: int) -> None:
    content = content * 3
    packed = gzip.compress(content[:cut]) + gzip.compress(content[cut:])
    pieces = list(unpacked(io.BytesIO(packed), "gzip", most))
    assert b"".join(pieces) == content
    assert all(len(piece) <= most for piece in pieces)


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    source = opened(tmp_path, TEXT[:-1], 100)
    assert lines_of(source) == RECORDS
    assert not source.ends_in_newline


def test_a_header_alone(tmp_path: Path) -> None:
    assert lines_of(opened(tmp_path, HEADER)) == []


@pytest.mark.parametrize("keep", [20, 100, 1000, -1, -9])
def test_compressed_data_that_ends_early(tmp_path: Path, keep: int) -> None:
    assert refused(tmp_path, gzip.compress(TEXT)[:keep]).code is ErrorCode.TRUNCATED_FILE
    assert refused(tmp_path, bgzip(tmp_path, TEXT)[:keep]).code is ErrorCode.TRUNCATED_FILE


def test_a_bgzip_block_cut_out(tmp_path: Path) -> None:
    packed = bgzip(tmp_path, TEXT)
    end_block = packed[-28:]
    error = refused(tmp_path, packed[: len(packed) // 2] + end_block)
    assert error.code in (ErrorCode.TRUNCATED_FILE, ErrorCode.MALFORMED_VCF)


@pytest.mark.parametrize("pack", [lambda _, content: gzip.compress(content), bgzip])
def test_no_flipped_bit_changes_a_line(
    tmp_path: Path, pack: Callable[[Path, bytes], bytes]
) -> None:
    """It is noticed, or it stands where nothing depends on it, as in the time of packing."""
    packed = pack(tmp_path, TEXT)
    noticed = 0
    for at in range(30, len(packed) - 28, 97):
        damaged = bytearray(packed)
        damaged[at] ^= 0x10
        found = lines_or_code(tmp_path, bytes(damaged))
        if isinstance(found, ErrorCode):
            assert found in (ErrorCode.MALFORMED_VCF, ErrorCode.TRUNCATED_FILE)
            noticed += 1
        else:
            assert found == RECORDS
    assert noticed > len(packed) // 97 - 5


def test_damage_is_told_rather_than_the_senseless_header_it_leads_to(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(b"nonsense\n" * 10, compresslevel=0))
    packed[-6] ^= 1
    error = refused(tmp_path, bytes(packed))
    assert error.code is ErrorCode.MALFORMED_VCF
    assert "damaged" in error.message


def test_rubbish_behind_the_compressed_data(tmp_path: Path) -> None:
    assert "damaged" in refused(tmp_path, gzip.compress(TEXT) + b"rubbish").message


class TestLimits:
    limits = Limits(max_line_bytes=400, max_unpacked_bytes=10**6, max_samples=3)

    @pytest.mark.parametrize("before", [0, 1, 10, 3000])
    def test_a_line_too_long(self, tmp_path: Path, before: int) -> None:
        lines = [*RECORDS[:before], RECORDS[0] + b";TX=" + b"x" * 400, *RECORDS[:50]]
        error = refused(tmp_path, HEADER + b"\n".join([*lines, b""]), self.limits)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert f"Line {HEADER_LINES + before + 1} " in error.message

    def test_a_line_just_short_enough(self, tmp_path: Path) -> None:
        line = RECORDS[0].ljust(399, b"x")
        assert lines_of(opened(tmp_path, HEADER + line + b"\n", limits=self.limits)) == [line]

    def test_a_line_of_the_header_too_long(self, tmp_path: Path) -> None:
        content = b"##fileformat=VCFv4.2\n##x=" + b"x" * 400 + b"\n"
        error = refused(tmp_path, content, self.limits)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert "Line 2 " in error.message

    def test_a_line_that_never_ends_is_given_up_early(self, tmp_path: Path) -> None:
        bomb = gzip.compress(HEADER + b"one\t5\t" + b"A" * (200 * MIB))
        limits = Limits(max_line_bytes=4 * MIB)
        tracemalloc.start()
        error = refused(tmp_path, bomb, limits)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert peak < 40 * MIB

    def test_unpacked_size(self, tmp_path: Path) -> None:
        limits = replace(self.limits, max_unpacked_bytes=20_000)
        error = refused(tmp_path, gzip.compress(TEXT), limits)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert "unpacked" in error.message

    def test_samples(self, tmp_path: Path) -> None:
        error = refused(tmp_path, header_text(("a", "b", "c", "d")), self.limits)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert "4 samples" in error.message

    def test_lines_that_end_in_cr_alone_are_not_called_too_long(self, tmp_path: Path) -> None:
        error = refused(tmp_path, TEXT.replace(b"\n", b"\r"), self.limits)
        assert error.code is ErrorCode.MALFORMED_VCF
        assert "CR alone" in error.message
