"""What a bad input is told: a code, a sentence, and the line where there is one."""

import gzip
from pathlib import Path

import pysam
import pytest

from gas.annotation import Limits
from gas.domain.errors import ErrorCode, PermanentError

from .conftest import HEADER, MELAS, START_LOST, Annotate, vcf_text

FIRST = len(HEADER) + 2  # the line of the first record
GENOTYPED = "MT\t3243\t.\tA\tG\t.\t.\tAC=1\tGT"


def bgzipped(folder: Path, content: bytes) -> bytes:
    (folder / "packed.vcf").write_bytes(content)
    pysam.tabix_compress(str(folder / "packed.vcf"), str(folder / "packed.vcf.gz"), force=True)
    return (folder / "packed.vcf.gz").read_bytes()


async def refusal(annotate_bytes: Annotate, content: bytes, tmp_path: Path) -> PermanentError:
    with pytest.raises(PermanentError) as caught:
        await annotate_bytes(content)
    assert list((tmp_path / "out").iterdir()) == []  # nothing is published by half
    return caught.value


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"hello world\nthis is not a vcf\n", "does not begin"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\xfd7zXZ\x00..", "xz"),
        (b"BZh91AY", "bzip2"),
        (vcf_text(MELAS).decode().encode("utf-16"), "UTF-16"),
        (gzip.compress(b"BAM\x01...."), "BAM"),
        (gzip.compress(b"hello world\n"), "does not begin"),
    ],
)
async def test_what_is_no_vcf(
    annotate_bytes: Annotate, tmp_path: Path, content: bytes, says: str
) -> None:
    error = await refusal(annotate_bytes, content, tmp_path)
    assert error.code is ErrorCode.NOT_A_VCF
    assert says in error.message


@pytest.mark.parametrize(
    ("record", "says"),
    [
        ("MT\t3243\t.\tA", "it has 4 columns, where the header has 8"),
        ("MT 3243 . A G . . AC=1", "spaces"),
        ("MT\tabc\t.\tA\tG\t.\t.\t.", "column 2 (POS): 'abc'"),
        ("MT\t-5\t.\tA\tG\t.\t.\t.", "column 2 (POS): '-5'"),
        ("MT\t03243\t.\tA\tG\t.\t.\t.", "column 2 (POS): '03243'"),
        ("MT\t99999999999999\t.\tA\tG\t.\t.\t.", "column 2 (POS)"),
        ("MT\t3243\t.\tQ\tG\t.\t.\t.", "column 4 (REF): 'Q'"),
        ("MT\t3243\t.\t\tG\t.\t.\t.", "column 4 (REF)"),
        ("MT\t3243\t.\tA\tG,,C\t.\t.\t.", "column 5 (ALT): ''"),
        ("MT\t3243\t.\tA\t<DEL\t.\t.\t.", "column 5 (ALT): '<DEL'"),
        ("MT\t3243\t.\tA\tG\thigh\t.\t.", "column 6 (QUAL): 'high'"),
        ("MT\t3243\t.\tA\tG\t.\t\t.", "column 7 (FILTER)"),
        ("MT\t3243\t.\tA\tG\t.\t.\tAC=x", "AC is declared as Integer, but its value is 'x'"),
        ("MT\t3243\t.\tA\tG\t.\t.\t", "column 8 (INFO) is empty"),
        ("MT\t3243\t.\tA\tG\t.\t.\tB C=1", "column 8 (INFO): 'B C' is no name"),
        ("MT\t3243\t.\tA\tG\t.\t.\t=1", "column 8 (INFO): '' is no name"),
        ("MT\t3243\t.\tA\tG\t.\ta<b\t.", "column 7 (FILTER): 'a<b' is no name"),
        ("\t3243\t.\tA\tG\t.\t.\t.", "column 1 (CHROM)"),
        ("MT\t3243\t.\tA\tG\t.\t.\tA\0B", "NUL"),
        ("#CHROM\tPOS", "header line stands among the records"),
    ],
)
async def test_a_bad_line_is_named(
    annotate_bytes: Annotate, tmp_path: Path, record: str, says: str
) -> None:
    error = await refusal(annotate_bytes, vcf_text(MELAS, record, START_LOST), tmp_path)
    assert error.code is ErrorCode.MALFORMED_VCF
    assert error.message.startswith(f"Line {FIRST + 1}: ")
    assert says in error.message


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (f"{GENOTYPED}\t0/7", "column 10: genotype '0/7' names allele 7"),
        (f"{GENOTYPED}\tx/y", "column 10: 'x/y' is not a genotype"),
        (f"{GENOTYPED}\t0/1:5", "column 10: more values than FORMAT names"),
        (f"{GENOTYPED}\t//1", "column 10: '//1' is not a genotype"),
        (GENOTYPED.replace("GT", "GT:,") + "\t0/1", "column 9 (FORMAT): ',' is no name"),
        (GENOTYPED, "it has 9 columns, where the header has 10"),
        ("MT\t3243\t.\tA\tG\t.\t.\t.\tDP:GT\t3:0/1", "GT must come first"),
    ],
)
async def test_a_bad_genotype_is_named(
    annotate_bytes: Annotate, tmp_path: Path, record: str, says: str
) -> None:
    error = await refusal(annotate_bytes, vcf_text(record, samples=("s",)), tmp_path)
    assert error.code is ErrorCode.MALFORMED_VCF
    assert error.message.startswith(f"Line {FIRST}: ")
    assert says in error.message


async def test_a_sample_s_value_of_the_wrong_type_is_named(
    annotate_bytes: Annotate, tmp_path: Path
) -> None:
    header = (*HEADER, '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">')
    bad = "MT\t3243\t.\tA\tG\t.\t.\t.\tGT:DP\t0/1:deep"
    good = "MT\t3308\t.\tT\tC\t.\t.\t.\tGT:DP\t0/1:7"
    # The bad record sorts first, but its line comes second.
    error = await refusal(
        annotate_bytes, vcf_text(good, bad, header=header, samples=("s",)), tmp_path
    )
    assert error.code is ErrorCode.MALFORMED_VCF
    assert error.message.startswith(f"Line {FIRST + 2}: ")


@pytest.mark.parametrize(
    "record",
    [
        "MT\t3308\t.\tT\t<DEL>\t.\t.\tEND=99999999999",
        "MT\t3308\t.\tT\t<DEL>\t.\t.\tSVLEN=-2000000000",
    ],
)
async def test_a_record_that_no_index_can_hold_is_named(
    annotate_bytes: Annotate, tmp_path: Path, record: str
) -> None:
    error = await refusal(annotate_bytes, vcf_text(MELAS, record), tmp_path)
    assert error.code is ErrorCode.MALFORMED_VCF
    assert error.message.startswith(f"Line {FIRST + 1}: column 8 (INFO): ")
    assert error.message.endswith("is beyond 536870911, what an index can hold.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (vcf_text(MELAS).replace(b"#CHROM", b"CHROM"), "before the line '#CHROM"),
        (vcf_text(MELAS).replace(b"VCFv4.2", b"VCFv3.3"), "version 3.3"),
        (vcf_text(MELAS).replace(b"\n", b"\r"), "CR alone"),
        (vcf_text(f"{GENOTYPED}\t0\t1", samples=("s", "s")), "'s' is named more than once"),
        (vcf_text(MELAS).replace(b"#CHROM\tPOS\tID", b"#CHROM POS ID"), "columns must begin"),
        (b"##fileformat=VCFv4.2\n##contig=<length=3>\n", "Line 2: this ##contig line has no ID"),
    ],
)
async def test_a_bad_header(
    annotate_bytes: Annotate, tmp_path: Path, content: bytes, says: str
) -> None:
    error = await refusal(annotate_bytes, content, tmp_path)
    assert error.code is ErrorCode.MALFORMED_VCF
    assert says in error.message


async def test_truncated_files(annotate_bytes: Annotate, tmp_path: Path) -> None:
    whole = vcf_text(*[MELAS] * 2000)
    packed = bgzipped(tmp_path, whole)
    for content in (
        packed[:-28],  # without its end-of-file block
        packed[: len(packed) // 2],
        gzip.compress(whole)[:-9],
        whole[:-2],  # AC=1 lost its value
        b"\n".join([*(line.encode() for line in HEADER), b"##source=cut"]),
    ):
        error = await refusal(annotate_bytes, content, tmp_path)
        assert error.code is ErrorCode.TRUNCATED_FILE


async def test_damaged_compressed_data(annotate_bytes: Annotate, tmp_path: Path) -> None:
    records = [f"MT\t3243\tid{n}\tA\tG\t.\t.\tAC={n}" for n in range(3000)]
    packed = bytearray(gzip.compress(vcf_text(*records)))
    packed[len(packed) // 2] ^= 0xFF
    error = await refusal(annotate_bytes, bytes(packed), tmp_path)
    assert error.code is ErrorCode.MALFORMED_VCF
    assert "damaged" in error.message


async def test_a_header_without_records(annotate_bytes: Annotate, tmp_path: Path) -> None:
    error = await refusal(annotate_bytes, vcf_text(), tmp_path)
    assert error.code is ErrorCode.NO_VARIANTS


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (
            vcf_text("1\t5\t.\tA\tG\t.\t.\tAC=1"),
            ErrorCode.UNKNOWN_CONTIG,
            "the file's are: 1.",
        ),
        (
            vcf_text(MELAS.replace("\tA\tG", "\tC\tG"), START_LOST.replace("\tT\tC", "\tG\tC")),
            ErrorCode.REFERENCE_MISMATCH,
            f"line {FIRST}, MT:3243, REF C",
        ),
        (
            vcf_text(
                MELAS.replace("MT", "chrM"), header=(HEADER[0], "##contig=<ID=chrM,length=16571>")
            ),
            ErrorCode.REFERENCE_MISMATCH,
            "16,571",
        ),
    ],
)
async def test_another_genome(
    annotate_bytes: Annotate, tmp_path: Path, content: bytes, code: ErrorCode, says: str
) -> None:
    error = await refusal(annotate_bytes, content, tmp_path)
    assert error.code is code
    assert says in error.message


class TestSizes:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(max_unpacked_bytes=200_000, max_line_bytes=1000)

    async def test_a_line_too_long(self, annotate_bytes: Annotate, tmp_path: Path) -> None:
        error = await refusal(annotate_bytes, vcf_text(f"{MELAS};X={'y' * 1000}"), tmp_path)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
        assert f"Line {FIRST}" in error.message

    async def test_a_small_file_that_unpacks_to_a_large_one(
        self, annotate_bytes: Annotate, tmp_path: Path
    ) -> None:
        bomb = gzip.compress(vcf_text(*[MELAS] * 10_000))
        assert len(bomb) < 10_000
        error = await refusal(annotate_bytes, bomb, tmp_path)
        assert error.code is ErrorCode.LIMIT_EXCEEDED
