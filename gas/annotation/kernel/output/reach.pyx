"""Where a record begins and ends on its contig, as an index has to know it.

htslib (tbx.c, ``tbx_parse1``) lets a record end at POS + length of REF, at INFO/END, or where the
largest SVLEN of certain alleles or FORMAT/LEN of a reference block puts it; other readers know
fewer of these rules. An index serves every reader when its end is the furthest of all, because each
reader then tests the record itself; so we take END, SVLEN and LEN whatever the alleles are.
"""

from libc.string cimport memchr, memcmp

from gas.annotation.kernel.records cimport Site

cdef enum:
    FURTHEST = 1 << 29        # a .tbi addresses the bases before this one
    NOTHING = -1
    ZERO = 48                 # ASCII
    NINE = 57


cdef long long number_at(const char* at, const char* stop) noexcept nogil:
    """The magnitude of the number that begins here, at most FURTHEST; NOTHING for none."""
    cdef long long number = 0
    cdef bint found = False
    if at < stop and (at[0] == b"-" or at[0] == b"+"):
        at += 1
    while at < stop and ZERO <= at[0] <= NINE:
        found = True
        number = number * 10 + (at[0] - ZERO)
        if number > FURTHEST:
            return FURTHEST
        at += 1
    if found and at < stop and (at[0] == b"x" or at[0] == b"X"):
        return FURTHEST  # htslib would read a hexadecimal number: stay on the safe side
    return number if found else NOTHING


cdef long long largest_at(const char* at, const char* stop) noexcept nogil:
    """The largest magnitude among numbers separated by commas, up to ``;`` or the end."""
    cdef long long largest = NOTHING, number
    cdef const char* comma
    cdef const char* semicolon = <const char*>memchr(at, b";", stop - at)
    if semicolon != NULL:
        stop = semicolon
    while True:
        number = number_at(at, stop)
        if number > largest:
            largest = number
        comma = <const char*>memchr(at, b",", stop - at)
        if comma == NULL:
            return largest
        at = comma + 1


cdef long long furthest_of_samples(
    const char* text, const Site* site, long long begin
) noexcept nogil:
    """Where the largest FORMAT/LEN ends; NOTHING for a record without it."""
    cdef const char* at = text + site.columns[8]
    cdef const char* stop = text + site.columns[9] - 1
    cdef const char* line_end = text + site.end
    cdef const char* colon
    cdef const char* cell_end
    cdef size_t key = 0, skipped
    cdef long long largest = NOTHING, number
    while stop - at < 3 or memcmp(at, b"LEN", 3) != 0 or (stop - at > 3 and at[3] != b":"):
        colon = <const char*>memchr(at, b":", stop - at)
        if colon == NULL:
            return NOTHING
        at = colon + 1
        key += 1
    at = stop
    while at < line_end:  # `at` is the tab before a sample
        at += 1
        cell_end = <const char*>memchr(at, b"\t", line_end - at)
        if cell_end == NULL:
            cell_end = line_end
        for skipped in range(key):
            colon = <const char*>memchr(at, b":", cell_end - at)
            if colon == NULL:
                at = cell_end
                break
            at = colon + 1
        number = number_at(at, cell_end)
        if number > largest:
            largest = number
        at = cell_end
    return begin + largest if largest > 0 else NOTHING


cdef Span span_of(const char* text, const Site* site, size_t offset) noexcept nogil:
    cdef Span span
    cdef long long begin = site.position - 1 if site.position > 0 else 0
    cdef long long end = begin + <long long>(site.columns[4] - 1 - site.columns[3])
    cdef long long number
    cdef const char* at = text + site.columns[7]
    cdef const char* stop = text + site.columns[8] - 1
    while True:  # each entry of INFO
        if stop - at > 4 and memcmp(at, b"END=", 4) == 0:
            number = number_at(at + 4, stop)
            if number > end:
                end = number
        elif stop - at > 6 and memcmp(at, b"SVLEN=", 6) == 0:
            number = begin + largest_at(at + 6, stop)
            if number > end:
                end = number
        at = <const char*>memchr(at, b";", stop - at)
        if at == NULL:
            break
        at += 1
    if site.columns[9] <= site.end:
        number = furthest_of_samples(text, site, begin)
        if number > end:
            end = number
    if begin >= FURTHEST:
        begin = FURTHEST - 1
    if end > FURTHEST:
        end = FURTHEST
    if end <= begin:
        end = begin + 1
    span.offset, span.begin, span.end = offset, <int>begin, <int>end
    return span
