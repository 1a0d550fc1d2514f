"""Counts over the alleles of a chunk, for the summary."""

from libc.stdint cimport uint64_t
from libc.stdlib cimport calloc, free

from gas.annotation.kernel.columns cimport Column
from gas.annotation.kernel.output.distinct import Distinct
from gas.annotation.kernel.output.numbers cimport largest_float
from gas.annotation.kernel.records cimport ANNOTATED, SNV, Allele, Records, Site
from gas.annotation.kernel.records import KINDS, SKIP_REASONS

cdef enum:
    KIND_COUNT = 6
    SKIP_COUNT = 10
    LONGEST = 51

# Of bases gained or lost; this many stands for all that are more.
LONGEST_COUNTED = LONGEST


def count_values(Column column not None):
    """``{value: alleles that have it}``, of the values that '&' joins each for itself."""
    cdef dict counts = {}
    for value, count in Distinct(column).counts().items():
        for part in value.split(b"&"):
            counts[part] = counts.get(part, 0) + count
    return counts


def count_present(Records records not None, list columns not None):
    """How many alleles have a value in one of the columns at least."""
    cdef Column column
    cdef size_t index, count = 0
    cdef unsigned char* present = <unsigned char*>calloc(records.allele_count + 1, 1)
    if present == NULL:
        raise MemoryError
    try:
        for column in columns:
            if column.count != records.allele_count:
                raise ValueError(f"{column.name}: {column.count} of {records.allele_count} values")
            with nogil:
                for index in range(column.count):
                    present[index] |= column.value_length(index) > 0
        for index in range(records.allele_count):
            count += present[index]
    finally:
        free(present)
    return count


def count_below(Column column not None, tuple bounds not None):
    """Numbers that are 0, below each of the ascending ``bounds`` (and not the one before), above."""
    cdef double[32] limits
    cdef uint64_t[34] counts
    cdef size_t index, which, bound_count = len(bounds)
    cdef double number
    if bound_count > 32:
        raise ValueError("at most 32 bounds")
    for which in range(bound_count):
        limits[which] = bounds[which]
    for which in range(bound_count + 2):
        counts[which] = 0
    with nogil:
        for index in range(column.count):
            if column.value_length(index) and largest_float(
                column.value(index), column.value_length(index), &number
            ):
                which = 0
                if number > 0:
                    while which < bound_count and number >= limits[which]:
                        which += 1
                    which += 1
                counts[which] += 1
    return [counts[which] for which in range(bound_count + 2)]


cdef int _substitution(Records records, const Site* site, const Allele* allele) noexcept nogil:
    """1 for a transition (among purines A and G, or pyrimidines C and T), else 0."""
    cdef long long offset = allele.start - (site.position - 1)
    cdef char old, new
    if offset < 0 or offset >= <long long>(site.columns[4] - 1 - site.columns[3]):
        return 0
    old = records.data[site.columns[3] + <size_t>offset] & 0xDF  # upper case
    new = records.bases.data[allele.inserted]
    if old == b"A":
        return new == b"G"
    if old == b"G":
        return new == b"A"
    if old == b"C":
        return new == b"T"
    return old == b"T" and new == b"C"


cdef class AlleleCounts:
    """Of one chunk. ``lengths``: bases gained (or lost, negative) -> alleles; see LONGEST_COUNTED."""

    cdef readonly size_t records
    cdef readonly size_t alleles
    cdef readonly size_t annotated
    cdef readonly size_t multiallelic
    cdef readonly size_t transitions
    cdef readonly size_t transversions
    cdef readonly dict skipped
    cdef readonly dict kinds
    cdef readonly dict lengths
    cdef uint64_t[SKIP_COUNT] _skipped
    cdef uint64_t[KIND_COUNT] _kinds
    cdef uint64_t[2 * LONGEST + 1] _lengths

    cdef void _note(self, Records records) noexcept nogil:
        cdef size_t index
        cdef const Allele* allele
        cdef long long gained
        for index in range(records.site_count):
            self.multiallelic += records.sites[index].allele_count > 1
        for index in range(records.allele_count):
            allele = &records.alleles[index]
            self.alleles += (
                allele.alternate_length != 1 or records.data[allele.alternate] != b"."
            )
            self._skipped[<int>allele.skip] += 1
            if allele.skip != ANNOTATED:
                continue
            self._kinds[<int>allele.kind] += 1
            if allele.kind == SNV and allele.inserted_length == 1:
                if _substitution(records, &records.sites[allele.site], allele):
                    self.transitions += 1
                else:
                    self.transversions += 1
                continue
            gained = <long long>allele.inserted_length - (allele.end - allele.start)
            if gained != 0:
                gained = min(max(gained, -LONGEST), LONGEST)
                self._lengths[gained + LONGEST] += 1


def count_alleles(Records records not None):
    """Counts of records and alleles by what they are; annotated ones where nothing else is said."""
    cdef AlleleCounts counts = AlleleCounts()
    cdef int index
    if len(SKIP_REASONS) != SKIP_COUNT or len(KINDS) != KIND_COUNT:
        raise ValueError("there are other reasons to skip, or kinds, than are counted here")
    counts.records = records.site_count
    with nogil:
        counts._note(records)
    counts.annotated = counts._skipped[<int>ANNOTATED]
    counts.skipped = {
        SKIP_REASONS[index]: counts._skipped[index]
        for index in range(1, SKIP_COUNT) if counts._skipped[index]
    }
    counts.kinds = {
        KINDS[index]: counts._kinds[index] for index in range(1, KIND_COUNT) if counts._kinds[index]
    }
    counts.lengths = {
        index - LONGEST: counts._lengths[index]
        for index in range(2 * LONGEST + 1) if counts._lengths[index]
    }
    return counts
