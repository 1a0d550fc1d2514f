"""What a file is, by its first bytes: VCF as plain text, gzip or bgzip, BCF, or something else."""

import gzip
import zlib
from pathlib import Path
from typing import Literal

from gas.annotation.failure import not_a_vcf, truncated

Form = Literal["plain", "gzip", "bgzip", "BCF"]

_GZIP_MAGIC = b"\x1f\x8b"
_BCF_MAGIC = b"BCF\x02"
# The empty block that ends every complete bgzip file (SAM specification, section 4.1.2)
_BGZF_EOF = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")
_FOREIGN_FORMATS = {
    b"PK\x03\x04": "a ZIP archive; unpack it, and upload the VCF inside it",
    b"\xfd7zXZ\x00": "compressed with xz; compress the VCF with bgzip or gzip instead",
    b"BZh": "compressed with bzip2; compress the VCF with bgzip or gzip instead",
    b"\x28\xb5\x2f\xfd": "compressed with zstd; compress the VCF with bgzip or gzip instead",
    b"BAM\x01": "a BAM file of aligned reads, not of variants",
    b"CRAM": "a CRAM file of aligned reads, not of variants",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
}


def recognise(path: Path) -> Form:
    """Raises PermanentError NOT_A_VCF or TRUNCATED_FILE where the first and last bytes show it."""
    with path.open("rb") as stream:
        head = stream.read(8)
    if not head:
        raise not_a_vcf("The file is empty.")
    for magic, what in _FOREIGN_FORMATS.items():
        if head.startswith(magic):
            raise not_a_vcf(f"The file is {what}.")
    if head.startswith(_BCF_MAGIC):
        return "BCF"
    if not head.startswith(_GZIP_MAGIC):
        return "plain"
    blocked = _is_bgzip(path)
    if blocked and not _ends_in_eof_block(path):
        raise truncated("The file is incomplete: the end-of-file block of bgzip is missing.")
    inside = _first_unpacked(path)
    if inside.startswith(_BCF_MAGIC):
        return "BCF"
    for magic, what in _FOREIGN_FORMATS.items():
        if inside.startswith(magic):
            raise not_a_vcf(f"The file, unpacked, is {what}.")
    return "bgzip" if blocked else "gzip"


def _is_bgzip(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(18)
    has_extra_field = len(head) == 18 and bool(head[3] & 4)
    return has_extra_field and head[12:14] == b"BC"


def _ends_in_eof_block(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - len(_BGZF_EOF)))
        return stream.read() == _BGZF_EOF


def _first_unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as stream:
            return stream.read(8)
    except EOFError:
        return b""  # unpacking will tell it again, as a truncated file
    except (gzip.BadGzipFile, zlib.error):
        return b""  # unpacking will tell it again, as a damaged file
