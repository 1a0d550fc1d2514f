"""What single values of a VCF record look like: alleles, positions, numbers."""

from libc.string cimport memchr

from gas.annotation.kernel.intake.names cimport INTEGER
from gas.annotation.kernel.records cimport (
    AMBIGUOUS_BASE,
    ANNOTATED,
    BREAKEND,
    OVERLAPPING_DELETION,
    SYMBOLIC,
)

# Classes of bytes.
cdef unsigned char _CERTAIN = 1     # ACGT in either case
cdef unsigned char _IUPAC = 2       # a code for one base or several, in either case
cdef unsigned char _DIGIT = 4
cdef unsigned char _LETTER = 8
cdef unsigned char _VISIBLE = 16    # printable ASCII without space
cdef unsigned char _CLASS[256]
# A tabix index (.tbi) addresses 512 Mbases.
cdef long long _LAST_POSITION = 2**29 - 1


cdef int _fill_classes() except -1:
    cdef int byte
    for byte in range(256):
        character = chr(byte)
        _CLASS[byte] = (
            _CERTAIN * (character in "ACGTacgt")
            | _IUPAC * (character in "ACGTNRYSWKMBDHVacgtnryswkmbdhv")
            | _DIGIT * (character in "0123456789")
            | _LETTER * (byte < 128 and character.isalpha())
            | _VISIBLE * (0x21 <= byte <= 0x7E)
        )
    return 0


_fill_classes()


cdef inline unsigned char _common(const char* at, const char* end) noexcept nogil:
    """The classes that all bytes share; all classes for none."""
    cdef unsigned char common = 255
    while at < end:
        common &= _CLASS[<unsigned char>at[0]]
        at += 1
    return common


cdef bint is_sequence(const char* at, const char* end) noexcept nogil:
    return at < end and (_common(at, end) & _IUPAC) != 0


cdef bint same_bases(const char* first, const char* second, size_t length) noexcept nogil:
    """In whatever case either is written."""
    cdef size_t at
    for at in range(length):
        if upper(first[at]) != upper(second[at]):
            return False
    return True


cdef int allele_form(const char* at, const char* end) noexcept nogil:
    cdef unsigned char common
    if at == end:
        return -1
    common = _common(at, end)
    if common & _CERTAIN:
        return ANNOTATED
    if common & _IUPAC:
        return AMBIGUOUS_BASE
    if end - at == 1:
        return OVERLAPPING_DELETION if at[0] == b'*' else -1
    if not common & _VISIBLE:
        return -1
    if _is_symbolic(at, end):
        return SYMBOLIC
    return BREAKEND if _is_breakend(at, end) else -1


cdef bint _is_symbolic(const char* at, const char* end) noexcept nogil:
    """<NAME>, or bases and <NAME>; without a further bracket inside."""
    while at < end and _CLASS[<unsigned char>at[0]] & _LETTER:
        at += 1
    if end - at < 3 or at[0] != b'<' or (end - 1)[0] != b'>':
        return False
    at += 1
    return (
        memchr(at, b'<', end - at) == NULL
        and <const char*>memchr(at, b'>', end - at) == end - 1
    )


cdef bint _is_breakend(const char* at, const char* end) noexcept nogil:
    """t[p[, t]p], ]p]t, [p[t; or a single one, .t and t."""
    cdef const char* first = at
    cdef const char* last = end - 1
    while first < end and not _is_square_bracket(first[0]):
        first += 1
    if first == end:
        if at[0] == b'.':
            return (_common(at + 1, end) & _LETTER) != 0
        return (end - 1)[0] == b'.' and (_common(at, end - 1) & _LETTER) != 0
    while not _is_square_bracket(last[0]):
        last -= 1
    return last - first >= 2


cdef inline bint _is_square_bracket(char byte) noexcept nogil:
    return byte == b'[' or byte == b']'


cdef long long plain_position(const char* at, const char* end) noexcept nogil:
    cdef long long position = 0
    if at == end or end - at > 9 or (at[0] == b'0' and end - at > 1):
        return -1
    while at < end:
        if not b'0' <= at[0] <= b'9':
            return -1
        position = position * 10 + at[0] - c'0'
        at += 1
    return position if position <= _LAST_POSITION else -1


cdef bint is_number(const char* at, const char* end, Type type) noexcept nogil:
    if at < end and (at[0] == b'+' or at[0] == b'-'):
        at += 1
    if type == INTEGER:
        return at < end and (_common(at, end) & _DIGIT) != 0
    return _is_unsigned_float(at, end)


cdef bint _is_unsigned_float(const char* at, const char* end) noexcept nogil:
    cdef const char* start = at
    cdef Py_ssize_t digits
    if at < end and _CLASS[<unsigned char>at[0]] & _LETTER:
        return _is_word_for_number(at, end)
    while at < end and b'0' <= at[0] <= b'9':
        at += 1
    digits = at - start
    if at < end and at[0] == b'.':
        at += 1
        start = at
        while at < end and b'0' <= at[0] <= b'9':
            at += 1
        digits += at - start
    if digits == 0:
        return False
    if at == end:
        return True
    if upper(at[0]) != b'E':
        return False
    at += 1
    if at < end and (at[0] == b'+' or at[0] == b'-'):
        at += 1
    return at < end and (_common(at, end) & _DIGIT) != 0


cdef bint _is_word_for_number(const char* at, const char* end) noexcept nogil:
    if end - at == 3:
        return same_bases(at, b"NAN", 3) or same_bases(at, b"INF", 3)
    return end - at == 8 and same_bases(at, b"INFINITY", 8)


cdef bint are_within_reach(const char* at, const char* end) noexcept nogil:
    cdef const char* comma
    while True:
        comma = at
        while comma < end and comma[0] != b',':
            comma += 1
        if is_number(at, comma, INTEGER) and not _is_within_reach(at, comma):
            return False
        if comma == end:
            return True
        at = comma + 1


cdef bint _is_within_reach(const char* at, const char* end) noexcept nogil:
    while at < end and (at[0] == b'+' or at[0] == b'-' or at[0] == b'0'):
        at += 1
    return at == end or plain_position(at, end) >= 0


cdef bint are_numbers(const char* at, const char* end, Type type) noexcept nogil:
    cdef const char* comma
    while True:
        comma = at
        while comma < end and comma[0] != b',':
            comma += 1
        if not (comma - at == 1 and at[0] == b'.') and not is_number(at, comma, type):
            return False
        if comma == end:
            return True
        at = comma + 1
