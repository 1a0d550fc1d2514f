"""A refused preflight and a failed annotation give the same code for the same file."""

import gzip
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gas.annotation import Limits, annotate, load_bundle
from gas.annotation.preflight import preflight_file
from gas.domain.errors import ErrorCode, PermanentError
from tests.unit.annotation.conftest import HEADER, MELAS, START_LOST, vcf_text

GENOTYPED = "MT\t3243\t.\tA\tG\t.\t.\tAC=1\tGT"
GOOD = vcf_text(MELAS, START_LOST, f"{MELAS};X=y")
LIMITS = Limits(max_line_bytes=2000, max_unpacked_bytes=300_000)


async def outcomes(content: bytes, folder: Path) -> tuple[ErrorCode | None, PermanentError | None]:
    """What the preflight and the annotation refuse ``content`` with."""
    source = folder / "input"
    source.write_bytes(content)
    report = await preflight_file(source, genome="rCRS", limits=LIMITS)
    told = report.refusal.code if report.refusal else None
    try:
        await annotate(source, folder / "out", load_bundle("rCRS"), limits=LIMITS)
    except PermanentError as error:
        return told, error
    return told, None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello\n",
        b"PK\x03\x04....",
        GOOD.decode().encode("utf-16"),
        gzip.compress(b"BAM\x01...."),
        gzip.compress(GOOD)[:-9],
        gzip.compress(GOOD) + b"trailing",
        vcf_text(MELAS)[:-2],
        vcf_text(MELAS)[:-2] + b"\0",
        vcf_text(MELAS) + b"#",
        GOOD[:40],
        GOOD.replace(b"VCFv4.2", b"VCFv3.3"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.replace(b"#CHROM", b"CHROM"),
        vcf_text(),
        vcf_text(f"{GENOTYPED}\t0\t1", samples=("s", "s")),
        vcf_text(f"{GENOTYPED}\t0/7", samples=("s",)),
        vcf_text(f"{GENOTYPED}\t|0", samples=("s",)),
        vcf_text(f"{GENOTYPED}:GT\t0", samples=("s",)),
        vcf_text(f"{GENOTYPED}\t0", samples=("s",)).replace(b"Type=String", b"Type=Integer"),
        vcf_text(GENOTYPED).replace(b"INFO\n", b"INFO\tFORMAT\n"),
        vcf_text(MELAS, header=(*HEADER, "##META=<ID=x,Values=[a>")),
        vcf_text(MELAS, "MT\tx", START_LOST),
        vcf_text(MELAS, "#CHROM\tPOS"),
        vcf_text("1\t5\t.\tA\tG\t.\t.\tAC=1"),
        vcf_text("1\t5\t.\tA\tG\t.\t.\tAC=1", "1\tx"),
        vcf_text(MELAS.replace("\tA\tG", "\tC\tG"), START_LOST.replace("\tT\tC", "\tG\tC")),
        vcf_text("chrM\tx", header=(HEADER[0], "##contig=<ID=chrM,length=16571>")),
        vcf_text(header=(HEADER[0], "##contig=<ID=chrM,length=16571>")),
        gzip.compress(vcf_text("MT\tx", header=(HEADER[0], "##contig=<ID=MT,length=1>")))[:-9],
        vcf_text(f"{MELAS};X={'y' * 3000}"),
        gzip.compress(vcf_text(*[MELAS] * 20_000)),
    ],
)
async def test_bad_inputs(content: bytes, tmp_path: Path) -> None:
    told, failure = await outcomes(content, tmp_path)
    assert told is not None
    assert failure
    assert told == failure.code


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, len(GOOD)),
    length=st.integers(0, 40),
    put=st.binary(max_size=8) | st.sampled_from([b"\t", b"\n", b"MT\t", b";AC=", b"\0", b"\r\n"]),
    packed=st.booleans(),
)
async def test_good_input_gone_bad(
    tmp_path: Path, at: int, length: int, put: bytes, packed: bool
) -> None:
    content = GOOD[:at] + put + GOOD[at + length :]
    told, failure = await outcomes(gzip.compress(content) if packed else content, tmp_path)
    assert told == (failure.code if failure else None)
