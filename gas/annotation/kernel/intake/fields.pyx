"""The columns FILTER and INFO of a record: whether their names are known and their values typed right."""

from libc.string cimport memchr, memcmp

from gas.annotation.kernel.intake.names cimport ANY, Name, Names, hash_start, hash_step
from gas.annotation.kernel.intake.syntax cimport are_numbers, are_within_reach

from gas.annotation.vcf import capacity

cdef Py_ssize_t _MOST_ENTRIES = capacity.MOST_INFO_ENTRIES


cdef bint filters_are_known(Names filters, const char* at, const char* end) noexcept nogil:
    cdef const char* stop
    cdef Name* name
    if end - at == 1 and at[0] == b'.':
        return True
    if end - at == 4 and memcmp(at, b"PASS", 4) == 0:
        return True
    while True:
        stop = <const char*>memchr(at, b';', end - at)
        if stop == NULL:
            stop = end
        name = filters.find(at, stop - at)
        if name == NULL:
            return False
        if not name.declared:
            filters.note_use(name, False)
        if stop == end:
            return True
        at = stop + 1


cdef bint info_is_sound(Names info, const char* at, const char* end) noexcept nogil:
    """Whether all keys are known, and the values of Integer and Float ones are numbers."""
    cdef const char* key
    cdef const char* value
    cdef size_t state
    cdef Name* name
    cdef bint valued
    # Too short to have too many entries; a longer one is for the careful checker to count.
    if at == end or end - at >= _MOST_ENTRIES:
        return False
    while True:
        key = at
        state = hash_start()
        while at < end and at[0] != b'=' and at[0] != b';':
            state = hash_step(state, at[0])
            at += 1
        valued = at < end and at[0] == b'='
        # Nothing between two semicolons, or a dot for nothing, is no entry.
        if valued or not (at == key or (at - key == 1 and key[0] == b'.')):
            name = info.find_hashed(key, at - key, state)
            if name == NULL:
                return False
            if not name.declared:
                info.note_use(name, valued)
            if valued:
                value = at + 1
                at = <const char*>memchr(value, b';', end - value)
                if at == NULL:
                    at = end
                if name.type != ANY and not are_numbers(value, at, name.type):
                    return False
                if name.reaches and not are_within_reach(value, at):
                    return False
        if at == end:
            return True
        at += 1
