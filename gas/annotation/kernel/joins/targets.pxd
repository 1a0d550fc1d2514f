# The annotated alleles of a run by place, for meeting the rows of a sorted table.

from gas.annotation.kernel.records cimport Allele, Records
from gas.annotation.kernel.sequence cimport Sequence, Window

cdef enum:
    # An allele or a row is not moved along a repeat further than this. Real repeats that matter for
    # short variants are shorter; an input made to be slow cannot make more of them.
    LONGEST_SHIFT = 2000

cdef struct Change:           # what an allele, or a row of a table, does to the reference
    long long start           # 0-based, half open
    long long end
    const char* inserted
    size_t inserted_length
    size_t turn               # the inserted bases are read from here on, and around

cdef struct Target:
    Change change
    size_t allele
    long long furthest        # the greatest end of this target and those before it

cdef class Targets:
    cdef Target* items        # by start
    cdef size_t count
    cdef int take(self, Records records, size_t run, Sequence sequence) except -1 nogil
    cdef void sort(self) noexcept nogil
    cdef size_t first_from(self, long long start) noexcept nogil  # the first with that start or more

cdef Change change_of(Records records, const Allele* allele, Sequence sequence) noexcept nogil
cdef void align_left(Change* change, Sequence sequence) noexcept nogil
cdef bint same(const Change* one, const Change* other) noexcept nogil
