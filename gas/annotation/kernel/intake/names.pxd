# A set of names for look-ups without the GIL. Names that the header does not declare are learned;
# which of them a chunk uses, in order of first use, is noted.

cdef enum Type:
    ANY = 0
    INTEGER
    FLOAT

cdef struct Name:
    const char* text          # kept alive by Names._kept
    size_t length
    size_t hash
    Type type
    bint declared
    bint reaches              # its value is how far a record reaches
    bint used                 # in this chunk; only noted of undeclared names
    bint valued               # and with a value (KEY=…)

# FNV-1a, a byte at a time, so that a caller can hash while it looks for the end of the name.
cdef inline size_t hash_start() noexcept nogil:
    return <size_t>14695981039346656037U

cdef inline size_t hash_step(size_t state, char byte) noexcept nogil:
    return (state ^ <unsigned char>byte) * <size_t>1099511628211U

cdef class Names:
    cdef list _kept
    cdef frozenset _reaching
    cdef Name* items
    cdef size_t count
    cdef size_t capacity      # of items; a power of two, at least count
    cdef size_t* slots        # index into items + 1, or 0; twice the capacity
    cdef size_t* uses         # items used and undeclared, in order of first use in this chunk
    cdef size_t use_count

    cdef Name* find_hashed(self, const char* text, size_t length, size_t hash) noexcept nogil
    cdef Name* find(self, const char* text, size_t length) noexcept nogil
    cdef void note_use(self, Name* name, bint valued) noexcept nogil
    cdef void forget_uses(self) noexcept nogil
    cdef int _add(self, bytes name, str kind, bint declared) except -1
    cdef void _enter(self, size_t index) noexcept
    cdef int _resize(self, size_t capacity) except -1
