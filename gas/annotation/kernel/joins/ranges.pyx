"""Fetches the bases of many ranges of a contig with few calls."""

from libc.stdlib cimport qsort

from gas.annotation.kernel.sequence cimport Sequence

cdef enum:
    CLOSE = 1000              # ranges nearer to each other are fetched at once: cheaper than a call


cdef int _by_start(const void* left, const void* right) noexcept nogil:
    cdef long long one = (<const Range*>left).start, other = (<const Range*>right).start
    return (one > other) - (one < other)


cdef size_t _merge(Range* ranges, size_t count) noexcept nogil:
    """Sort and merge in place what overlaps or is close; how many are left."""
    cdef size_t index, last = 0
    qsort(ranges, count, sizeof(Range), &_by_start)
    for index in range(1, count):
        if ranges[index].start > ranges[last].end + CLOSE:
            last += 1
            ranges[last] = ranges[index]
        elif ranges[index].end > ranges[last].end:
            ranges[last].end = ranges[index].end
    return last + 1 if count else 0


cdef Sequence fetched(Range* ranges, size_t count, object fetch):
    """Windows that hold each range whole. The ranges are altered.

    ``fetch(start, end)`` gives bases; raises ValueError where it gives another number of them.
    """
    cdef size_t index
    cdef list windows = []
    with nogil:
        count = _merge(ranges, count)
    for index in range(count):
        start, end = ranges[index].start, ranges[index].end
        bases = fetch(start, end)
        if len(bases) != end - start:
            raise ValueError(f"the contig has no bases {start} to {end}")
        windows.append((start, bases))
    return Sequence(0, windows)
