"""Enters the alternate alleles of a record: where each stands in the text, and what it is."""

from libc.string cimport memchr

from gas.annotation.kernel.records cimport (
    ANNOTATED,
    BREAKEND,
    NO_ALTERNATE,
    OTHER,
    SAME_AS_REFERENCE,
    Allele,
    Skip,
)
from gas.annotation.kernel.intake.syntax cimport allele_form, same_bases

from gas.annotation.vcf import capacity

cdef size_t _MOST_ALTERNATES = capacity.MOST_ALTERNATES


cdef bint take_alleles(Records records, Site* site, bint strict) except -1 nogil:
    cdef const char* data = records.data
    cdef size_t at = site.columns[4], end = site.columns[5] - 1, stop, counted
    cdef size_t reference = site.columns[3], reference_length = site.columns[4] - 1 - reference
    cdef const char* comma
    cdef Allele* allele
    cdef int form
    site.first_allele = counted = records.allele_count
    while True:
        comma = <const char*>memchr(data + at, b',', end - at)
        stop = end if comma == NULL else <size_t>(comma - data)
        if stop - at == 1 and data[at] == b'.' and end - at == 1 and at == site.columns[4]:
            form = NO_ALTERNATE
        else:
            form = allele_form(data + at, data + stop)
        if form < 0:
            if strict:
                records.allele_count = counted
                return False
            form = BREAKEND
        elif (
            form == ANNOTATED
            and stop - at == reference_length
            and same_bases(data + at, data + reference, reference_length)
        ):
            form = SAME_AS_REFERENCE
        allele = records.next_allele()
        allele.site = records.site_count
        allele.alternate, allele.alternate_length = at, stop - at
        allele.skip = <Skip>form
        allele.kind = OTHER
        allele.start = site.position - 1
        allele.end = allele.start + <long long>reference_length
        allele.inserted = allele.inserted_length = 0
        records.allele_count += 1
        if comma == NULL:
            break
        at = stop + 1
    site.allele_count = records.allele_count - counted
    records.allele_count = counted
    return not strict or site.allele_count <= _MOST_ALTERNATES
