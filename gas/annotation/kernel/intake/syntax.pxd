# What single values of a VCF record look like. Each text is [at, end), and nothing outside it is read.

from gas.annotation.kernel.intake.names cimport Type

# The Skip that an alternate allele as such has (ANNOTATED, AMBIGUOUS_BASE, SYMBOLIC, BREAKEND or
# OVERLAPPING_DELETION), or -1 where it is not plainly an allele.
cdef int allele_form(const char* at, const char* end) noexcept nogil
cdef bint is_sequence(const char* at, const char* end) noexcept nogil   # of IUPAC codes, not empty
cdef bint same_bases(const char* first, const char* second, size_t length) noexcept nogil
cdef long long plain_position(const char* at, const char* end) noexcept nogil  # -1: not plainly one
cdef bint is_number(const char* at, const char* end, Type type) noexcept nogil
cdef bint are_numbers(const char* at, const char* end, Type type) noexcept nogil  # 1,.,3
cdef bint are_within_reach(const char* at, const char* end) noexcept nogil  # of an index: 9,.,-3
cdef inline char upper(char base) noexcept nogil:
    return base & <char>0xDF if b'a' <= base <= b'z' else base
