"""What a preflight says: one shape for the command line, the REST interface and the page.

Fields are only ever added. Text that comes from the input is made printable, and cut where it
could be endless; counts never are.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gas.domain.errors import ErrorCode

# Of what the input alone decides how many there are, the report names so many.
SHOWN_SAMPLES = 100
SHOWN_CONTIGS = 100
SHOWN_PROBLEMS = 20


class Verdict(StrEnum):
    """REFUSED: the annotation would fail, with the code of `Refusal`."""

    OK = "ok"
    OK_WITH_WARNINGS = "ok_with_warnings"
    REFUSED = "refused"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Refusal(_Part):
    code: ErrorCode = Field(description="The code that the annotation would fail with")
    message: str = Field(description="A sentence for people")


class Place(_Part):
    """Where in the file: by line, or, in a part of a large file, by the bytes before it."""

    line: int | None = Field(description="From 1; null where lines before it were not counted")
    near_byte: int | None = Field(
        description="The place in the file as it is, packed or not; null where the line is known"
    )


class Problem(_Part):
    place: Place
    column: int | None = Field(description="From 1 (CHROM); null if it is the line as a whole")
    message: str


class Problems(_Part):
    """What breaks the rules of VCF, line by line: all are counted, the first ones shown."""

    total: int
    shown: list[Problem]


class Samples(_Part):
    count: int
    names: list[str] = Field(description=f"The first {SHOWN_SAMPLES} of them")


class RecordCount(_Part):
    count: int
    exact: bool = Field(description="False: estimated from the parts that were looked at")


class Coverage(_Part):
    """How much of the file the report speaks of. Sizes are in bytes, packed if the file is."""

    complete: bool
    bytes_total: int
    bytes_looked_at: int
    records_looked_at: int
    sentence: str = Field(description="The same for people: what was not looked at")


class GenomeReport(_Part):
    """How well the file fits one of the installed genomes."""

    name: str
    build: str
    compared: int = Field(description="Records whose REF was compared, spread over the file")
    matched: int
    match_rate: float | None = Field(description="0 to 1; null where nothing could be compared")
    lengths_agreeing: int = Field(description="Chromosomes that the header declares as long as it")
    lengths_differing: list[str] = Field(description="Chromosomes declared with another length")


class ContigReport(_Part):
    """A chromosome by the file's name and by the genome's (null if it has none of that name)."""

    name: str
    reference_name: str | None
    records: int


class PreflightReport(_Part):
    """The verdict on a file, and what it rests on.

    What could not be found out, for a file that is no VCF say, is null, zero or empty.
    """

    format_version: Literal[1] = 1
    verdict: Verdict
    refusal: Refusal | None = Field(description="Why it is refused; null otherwise")
    warnings: list[str] = Field(description="What the user should know before the annotation")
    notes: list[str] = Field(description="What GAS does about the file by itself")
    form: str | None = Field(description="plain, gzip, bgzip or BCF")
    vcf_version: str | None = Field(description="As the first line says, e.g. 4.2")
    samples: Samples
    records: RecordCount
    coverage: Coverage
    genome: str | None = Field(description="The genome that the verdict is about")
    genomes: list[GenomeReport] = Field(description="All that were tried, the best match first")
    contigs: list[ContigReport] = Field(description=f"The first {SHOWN_CONTIGS} of them")
    is_sorted: bool | None = Field(
        description="By chromosome and position, as far as it was looked at; GAS sorts the result"
    )
    duplicates: int = Field(description="Records that say again what another one said")
    problems: Problems
    passed_through: dict[str, int] = Field(
        description="Alleles (or records without any) that stay unannotated, by reason"
    )
