# How far a record reaches on its contig, for the index.

from gas.annotation.kernel.records cimport Site

cdef struct Span:
    size_t offset             # of the record's line in the text that was written
    int begin                 # on the contig, 0-based, half open, within what an index can hold
    int end

cdef Span span_of(const char* text, const Site* site, size_t offset) noexcept nogil
