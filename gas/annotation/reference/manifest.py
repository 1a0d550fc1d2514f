"""What a bundle's ``bundle.json`` says: the parts of a reference bundle and where each came from.

docs/bundles.md describes the format. Format 1 was never released.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

MANIFEST_NAME = "bundle.json"
FORMAT = 2
NAME = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
"""Names and versions of bundles are names of folders too."""

ValueType = Literal["Integer", "Float", "String"]
"""The Types of VCF that a known value can have."""

Role = Literal["id", "frequency", "count", "significance", "disease", "other"]
"""What a known value is for: the summary and the web page treat frequencies and ids as such."""


class Part(BaseModel):
    """Immutable, and strict about names: a manifest of another format is an error, not a guess."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Contig(Part):
    """One sequence of the genome.

    ``length`` is in bases; ``md5`` is that of the upper-case bases, as in SAM's M5; ``refget`` is
    the GA4GH digest of the same bases, ``SQ.`` and their sha512t24u. ``genetic_code`` is a number
    of NCBI's list of genetic codes.
    """

    name: str
    length: int = Field(gt=0)
    md5: str = Field(pattern=r"^[0-9a-f]{32}$")
    refget: str = Field(pattern=r"^SQ\.[A-Za-z0-9_-]{32}$")
    genetic_code: int = 1
    aliases: tuple[str, ...] = ()


class Fetched(Part):
    """A file of a source as it was when the bundle was built; ``size`` in bytes."""

    url: str
    size: int
    sha256: str


class Source(Part):
    """Where a part of the bundle came from, and under which licence it may be used."""

    name: str
    version: str
    licence: str
    commercial_use: bool
    attribution: str
    url: str
    fetched: tuple[Fetched, ...] = ()


class BundleFile(Part):
    """``path`` is relative to the bundle's folder, ``size`` in bytes, ``sources`` are names."""

    path: str = Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.+%-]*(/[A-Za-z0-9_][A-Za-z0-9_.+%-]*)*$")
    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    sources: tuple[str, ...]


class SequenceFiles(Part):
    """The FASTA, plain or bgzip, and the indexes that htslib looks for beside it."""

    file: BundleFile
    indexes: tuple[BundleFile, ...]


class KnownColumn(Part):
    """A column of a table of known variants: one value an allele, one INFO field in a result."""

    name: str = Field(pattern=r"^[A-Za-z_][0-9A-Za-z_.]*$")
    type: ValueType
    description: str
    source: str
    role: Role = "other"


class KnownTable(Part):
    """Known variants: bgzip text with a tabix index, ``CHROM POS REF ALT`` and the ``columns``.

    One row an allele, left-aligned and trimmed as VCF has it, sorted; '.' where nothing is known.
    """

    name: str
    file: BundleFile
    index: BundleFile
    columns: tuple[KnownColumn, ...]
    rows: int


class RegionTrack(Part):
    """Regions of the genome: BED with a tabix index; column 4 is the value of the INFO ``field``."""

    field: str = Field(pattern=r"^[A-Za-z_][0-9A-Za-z_.]*$")
    description: str
    source: str
    file: BundleFile
    index: BundleFile
    rows: int
