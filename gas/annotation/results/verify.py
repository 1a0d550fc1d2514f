"""Indexes the finished file, and reads it as any tool would: what nobody can read is no result."""

import re
from collections.abc import Iterator
from pathlib import Path

import pysam

from gas.annotation.failure import malformed
from gas.annotation.vcf.intake import Intake, read_records
from gas.annotation.vcf.record import MAX_POSITION
from gas.domain.errors import ErrorCode, PermanentError

_INFO_REACH = re.compile(r"(?:^|;)(?:END|SVLEN)=([^;]*)")
_NUMBER = re.compile(r"-?[0-9]+\Z")
_LONGEST_NUMBER = 18  # digits; any longer one is beyond every index


def index_and_verify(target: Path, intake: Intake) -> None:
    """Make ``target``'s tabix index and parse every record; none may be missing.

    Our own checks do not look into every value. A record that htslib refuses is told as
    PermanentError MALFORMED_VCF, with its line in the input.
    """
    _verify(target, intake)
    try:
        pysam.tabix_index(str(target), preset="vcf", force=True, keep_original=True)
    except OSError as error:
        for record in read_records(intake):
            if _reaches_too_far(record.line):
                raise malformed(
                    record.line_number,
                    f"by its END, SVLEN or LEN the record reaches beyond position {MAX_POSITION}, "
                    "what an index can hold.",
                ) from error
        raise


def _verify(target: Path, intake: Intake) -> None:
    read = 0
    try:
        with pysam.VariantFile(str(target)) as vcf:
            for _ in vcf:
                read += 1
    except (OSError, ValueError) as error:
        raise _unreadable(read, intake, error) from error
    if read != intake.count:
        raise RuntimeError(f"{target} has {read} records, where the input has {intake.count}")


def _unreadable(read: int, intake: Intake, error: Exception) -> PermanentError:
    for index, record in enumerate(read_records(intake)):
        if index == read:
            return malformed(
                record.line_number, f"the record cannot be parsed by common VCF tools ({error})."
            )
    return PermanentError(
        ErrorCode.MALFORMED_VCF, f"The header cannot be parsed by common VCF tools ({error})."
    )


def _reaches_too_far(line: str) -> bool:
    """Whether an index would have the record end beyond what it can hold."""
    return any(int(line.split("\t", 2)[1]) + n > MAX_POSITION for n in _reaches(line))


def _reaches(line: str) -> Iterator[int]:
    """The numbers from which htslib computes where a record ends."""
    columns = line.split("\t")
    values = [value for found in _INFO_REACH.findall(columns[7]) for value in found.split(",")]
    if len(columns) > 9 and "LEN" in (names := columns[8].split(":")):
        place = names.index("LEN")
        for sample in columns[9:]:
            values.extend(sample.split(":")[place : place + 1])
    return (abs(int(value[:_LONGEST_NUMBER])) for value in values if _NUMBER.match(value))
