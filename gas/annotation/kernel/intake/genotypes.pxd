# The sample columns: whether they are sound, and what genotypes each sample has.

from gas.annotation.kernel.intake.names cimport Name, Names, Type

cdef enum Zygosity:
    HOMOZYGOUS_REFERENCE = 0
    HETEROZYGOUS
    HOMOZYGOUS_ALTERNATE
    MISSING                   # at least one allele is not known
    ZYGOSITIES

cdef class Samples:
    cdef size_t count
    cdef Names _formats
    cdef unsigned char* _zygosities       # of the present record, one a sample
    cdef unsigned long long* _totals      # of the chunk, ZYGOSITIES a sample
    cdef Type* _types                     # of the values of the present FORMAT, one a key
    cdef Name** _names                    # of its keys
    cdef size_t _keys
    cdef bint _has_genotypes
    cdef bint _is_missing                 # FORMAT is ".", so nothing is said of any sample
    cdef bint _leading_phase              # a genotype may begin with a separator
    cdef const char* _format              # the last FORMAT proven sound, or NULL
    cdef size_t _format_length

    cdef void start_chunk(self) noexcept nogil
    cdef bint format_is_sound(self, const char* at, const char* end) noexcept nogil
    cdef bint are_sound(self, const char* at, const char* end, size_t alternates) noexcept nogil
    cdef void add_genotypes(self) noexcept nogil
    cdef bint _read_keys(self, const char* at, const char* end) noexcept nogil
    cdef bint _is_named(self, Name* name) noexcept nogil
