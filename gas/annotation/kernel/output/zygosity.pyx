"""How many samples carry each alternate allele."""

from libc.stdint cimport int32_t
from libc.stdlib cimport calloc, free
from libc.string cimport memchr

from gas.annotation.kernel.memory cimport Buffer, new_array
from gas.annotation.kernel.records cimport Records, Site

cdef enum:
    ZERO = 48                 # ASCII
    NINE = 57
    UNKNOWN = -1
    NO_GENOTYPE = -2

cdef struct Carriers:         # each an array with one number an allele of the chunk
    int32_t* heterozygous
    int32_t* homozygous
    int32_t* missing
    size_t* seen_in           # the last sample, from 1, that an allele was counted for


cdef inline long next_allele(const char** at, const char* stop) noexcept nogil:
    """The allele index at ``at``, UNKNOWN for '.', NO_GENOTYPE for anything else; goes behind it."""
    cdef long number = 0
    cdef const char* start = at[0]
    if start < stop and start[0] == b".":
        at[0] = start + 1
        return UNKNOWN
    while at[0] < stop and ZERO <= at[0][0] and at[0][0] <= NINE and at[0] - start < 9:
        number = number * 10 + (at[0][0] - ZERO)
        at[0] += 1
    return number if at[0] > start else NO_GENOTYPE


cdef bint is_whole(const char* at, const char* stop, long* only) noexcept nogil:
    """Whether every allele is known; ``only`` is the one that all are, or UNKNOWN."""
    cdef long allele
    cdef bint first = True
    while True:
        allele = next_allele(&at, stop)
        if allele < 0:
            return False
        if first:
            only[0] = allele
        elif only[0] != allele:
            only[0] = UNKNOWN
        first = False
        if at == stop:
            return True
        if at[0] != b"/" and at[0] != b"|":
            return False
        at += 1


cdef int count_record(
    const char* data, const Site* site, Carriers counts, size_t sample
) noexcept nogil:
    """Count the samples of a record; they are numbered from ``sample`` + 1."""
    cdef const char* at = data + site.columns[9]
    cdef const char* line_end = data + site.end
    cdef const char* cell_end
    cdef const char* stop
    cdef long only = UNKNOWN, allele
    cdef int32_t missing = 0
    cdef size_t index, count = site.allele_count, first = site.first_allele
    cdef size_t key_end = site.columns[8] + 2
    cdef bint has_genotypes = (
        key_end < site.columns[9]
        and data[site.columns[8]] == b"G" and data[site.columns[8] + 1] == b"T"
        and (key_end == site.columns[9] - 1 or data[key_end] == b":")
    )
    while at <= line_end:
        sample += 1
        cell_end = <const char*>memchr(at, b"\t", line_end - at)
        if cell_end == NULL:
            cell_end = line_end
        stop = <const char*>memchr(at, b":", cell_end - at)
        if stop == NULL:
            stop = cell_end
        if at < stop and (at[0] == b"/" or at[0] == b"|"):  # VCF 4.4
            at += 1
        if not has_genotypes or not is_whole(at, stop, &only):
            missing += 1
        elif only > 0:
            if <size_t>only <= count:
                counts.homozygous[first + only - 1] += 1
        elif only == UNKNOWN:
            while at < stop:
                allele = next_allele(&at, stop)
                at += 1  # the separator
                index = first + <size_t>allele - 1
                if 0 < allele and <size_t>allele <= count and counts.seen_in[index] != sample:
                    counts.seen_in[index] = sample
                    counts.heterozygous[index] += 1
        at = cell_end + 1
    for index in range(first, first + count):
        counts.missing[index] = missing
    return 0


def carriers(Records records not None):
    """``(heterozygous, homozygous, missing)``: of each allele the number of samples, as int32.

    Heterozygous samples have it beside another allele, homozygous ones have nothing else (a
    haploid genotype too); missing are those whose genotype is not, or not wholly, known.
    """
    cdef size_t count = records.allele_count, index
    cdef Buffer heterozygous = new_array(count, sizeof(int32_t))
    cdef Buffer homozygous = new_array(count, sizeof(int32_t))
    cdef Buffer missing = new_array(count, sizeof(int32_t))
    cdef Carriers counts
    counts.heterozygous = <int32_t*>heterozygous.text.data
    counts.homozygous = <int32_t*>homozygous.text.data
    counts.missing = <int32_t*>missing.text.data
    counts.seen_in = <size_t*>calloc(count + 1, sizeof(size_t))
    if counts.seen_in == NULL:
        raise MemoryError
    try:
        with nogil:
            for index in range(records.site_count):
                count_record(records.data, &records.sites[index], counts, 0)
    finally:
        free(counts.seen_in)
    return heterozygous, homozygous, missing
