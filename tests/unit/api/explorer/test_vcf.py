"""Records filtered as they pass by, however the file is cut into pieces."""

import gzip

import pytest

from gas.annotation.results.bgzf import BLOCK_SIZE, END_OF_FILE, bgzip_blocks
from services.api.explorer.vcf import DamagedVcfError, VcfFilter

_HEADER = b"##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
_LINES = [
    b"%d\t%d\t.\tA\t%s\t.\t.\t%s\n" % (1, at, b"C,G" if at % 3 == 0 else b"T", b"X" * 50)
    for at in range(5_000)
]
_VCF = bgzip_blocks(_HEADER + b"".join(_LINES)).data + END_OF_FILE
_ROWS = sum(line.count(b",") + 1 for line in _LINES)


def filtered(vcf: bytes, wanted: bytes, piece: int) -> bytes:
    vcf_filter = VcfFilter(wanted, b"##GAS_view=x")
    pieces = [vcf[at : at + piece] for at in range(0, len(vcf), piece)]
    return b"".join([*map(vcf_filter.feed, pieces), vcf_filter.finish()])


@pytest.mark.parametrize("piece", [1_009, 70_000, 10**9])
def test_it_does_not_matter_how_the_file_is_cut(piece: int) -> None:
    wanted = bytearray(_ROWS)
    wanted[1] = wanted[2] = wanted[_ROWS - 1] = 1  # the second allele of a record, its neighbour
    out = filtered(_VCF, bytes(wanted), piece)
    kept = gzip.decompress(out).splitlines(keepends=True)
    assert kept[1] == b"##GAS_view=x\n"
    assert kept[3:] == [_LINES[0], _LINES[1], _LINES[-1]]
    assert out.endswith(END_OF_FILE)


def test_what_comes_out_is_cut_into_blocks_as_bgzip_does() -> None:
    whole = _HEADER.replace(b"#CHROM", b"##GAS_view=x\n#CHROM") + b"".join(_LINES)
    assert len(whole) > 4 * BLOCK_SIZE
    out = filtered(_VCF, b"\x01" * _ROWS, 70_000)
    assert out == bgzip_blocks(whole).data + END_OF_FILE


def test_the_rest_of_the_file_is_not_needed_once_nothing_more_is_wanted() -> None:
    wanted = bytearray(_ROWS)
    wanted[0] = 1
    vcf_filter = VcfFilter(wanted, b"##GAS_view=x")
    vcf_filter.feed(_VCF[:40_000])
    assert vcf_filter.is_done
    assert gzip.decompress(vcf_filter.finish()).endswith(_LINES[0])


@pytest.mark.parametrize(
    "vcf",
    [
        b"",
        _VCF[: len(_VCF) // 2],
        _VCF[: -len(END_OF_FILE) - 100],
        gzip.compress(_HEADER + b"".join(_LINES)),
        _VCF[:500] + b"\x00\xff" + _VCF[502:],
        bgzip_blocks(_HEADER + b"1\t5\n").data + END_OF_FILE,
        bgzip_blocks(_HEADER + b"".join(_LINES[:-1])).data + END_OF_FILE,
    ],
    ids=["empty", "half", "cut", "gzip", "altered", "no columns", "a record too few"],
)
def test_a_damaged_file_is_told(vcf: bytes) -> None:
    wanted = bytearray(_ROWS)
    wanted[_ROWS - 1] = 1
    with pytest.raises(DamagedVcfError):
        filtered(vcf, bytes(wanted), 70_000)
