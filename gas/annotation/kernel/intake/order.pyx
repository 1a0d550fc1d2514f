"""Makes the lines of a chunk sortable as plain bytes."""

from libc.string cimport memchr

from gas.annotation.kernel.columns cimport Text, put, put_char, release
from gas.annotation.kernel.records cimport Records, Site

# Rank of the contig, position, line number; 32 bits each, 48 the last, in hexadecimal.
KEY_BYTES = 28


def keyed_lines(Records records not None, list ranks not None, long long first_line):
    """Each record's line, LF at its end, behind a key of KEY_BYTES.

    Sorted as bytes, they come by the rank of their contig (``ranks``: one a run), then by position,
    then by line number; ``int(line[16:28], 16)`` is that number.
    """
    cdef size_t at, run = 0, scanned = 0
    cdef Site* site
    cdef const char* feed
    cdef unsigned long long number = first_line, rank = 0
    cdef Text line
    cdef list lines = []
    line.data, line.length, line.capacity = NULL, 0, 0
    if <size_t>len(ranks) != records.run_count:
        raise ValueError("one rank is needed for each run")
    try:
        for at in range(records.site_count):
            site = &records.sites[at]
            if records.runs[run].end_site <= at:
                run += 1
            rank = ranks[run]
            while scanned < site.line:  # blank lines have numbers too
                feed = <const char*>memchr(records.data + scanned, b'\n', site.line - scanned)
                if feed == NULL:
                    break
                scanned = <size_t>(feed - records.data) + 1
                number += 1
            line.length = 0
            _put_hexadecimal(&line, rank, 8)
            _put_hexadecimal(&line, <unsigned long long>site.position, 8)
            _put_hexadecimal(&line, number, 12)
            put(&line, records.data + site.line, site.end - site.line)
            put_char(&line, b'\n')
            lines.append(line.data[: line.length])
    finally:
        release(&line)
    return lines


cdef int _put_hexadecimal(Text* text, unsigned long long number, int digits) except -1 nogil:
    cdef int shift = 4 * (digits - 1), digit
    while shift >= 0:
        digit = <int>((number >> shift) & 15)
        put_char(text, <char>(digit + 48 if digit < 10 else digit + 87))
        shift -= 4
    return 0
