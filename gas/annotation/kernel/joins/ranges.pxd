# Ranges of a contig.

from gas.annotation.kernel.sequence cimport Sequence

cdef struct Range:            # 0-based, half open
    long long start
    long long end

cdef Sequence fetched(Range* ranges, size_t count, object fetch)
