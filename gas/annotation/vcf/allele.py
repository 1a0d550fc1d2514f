"""Says of each alternate allele whether it can be annotated, record by record; see kernel.place."""

from collections.abc import Callable
from enum import StrEnum

from gas.annotation.reference.bundle import Contig
from gas.annotation.vcf.record import SYMBOLIC, Record


class SkipReason(StrEnum):
    """Why an allele passes through unannotated; part of the output, so never renamed."""

    NO_ALTERNATE = "no_alternate"
    UNKNOWN_CONTIG = "unknown_contig"
    OUTSIDE_CONTIG = "outside_contig"
    REFERENCE_MISMATCH = "reference_mismatch"
    AMBIGUOUS_BASE = "ambiguous_base"
    SAME_AS_REFERENCE = "same_as_reference"
    SYMBOLIC = "symbolic_allele"
    BREAKEND = "breakend"
    OVERLAPPING_DELETION = "overlapping_deletion"


def reasons_to_skip(
    record: Record, contig: Contig | None, bases_at: Callable[[str, int, int], str]
) -> list[SkipReason | None]:
    """One entry an alternate (at least one): why it is skipped, or None when it is annotated.

    ``bases_at(contig, position, length)`` gives the upper-case bases of the reference.
    """
    whole_record = _reason_for_record(record, contig, bases_at)
    if not record.alternates:
        return [whole_record or SkipReason.NO_ALTERNATE]
    return [whole_record or _reason_for_allele(record, alt) for alt in record.alternates]


def _reason_for_record(
    record: Record, contig: Contig | None, bases_at: Callable[[str, int, int], str]
) -> SkipReason | None:
    if contig is None:
        return SkipReason.UNKNOWN_CONTIG
    end = record.position + len(record.reference) - 1
    if record.position < 1 or end > contig.length:
        return SkipReason.OUTSIDE_CONTIG
    reference = record.reference.upper()
    if not _is_certain(reference):
        return SkipReason.AMBIGUOUS_BASE
    if bases_at(contig.name, record.position, len(reference)) != reference:
        return SkipReason.REFERENCE_MISMATCH
    return None


def _reason_for_allele(record: Record, alternate: str) -> SkipReason | None:
    if alternate == "*":
        return SkipReason.OVERLAPPING_DELETION
    if SYMBOLIC.match(alternate):
        return SkipReason.SYMBOLIC
    if not alternate.isalpha():
        return SkipReason.BREAKEND
    if not _is_certain(alternate.upper()):
        return SkipReason.AMBIGUOUS_BASE
    if alternate.upper() == record.reference.upper():
        return SkipReason.SAME_AS_REFERENCE
    return None


def _is_certain(bases: str) -> bool:
    return not bases.strip("ACGT")
