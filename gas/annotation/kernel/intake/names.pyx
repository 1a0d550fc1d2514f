"""Sets of names (of chromosomes, INFO and FORMAT keys, filters) that compiled code can ask."""

from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp

_TYPES = {"Integer": INTEGER, "Float": FLOAT}


cdef class Names:
    """``Names({name: Type of the header or ""}, names)``: the declared ones.

    The second are names, declared or not, whose values say how far a record reaches.
    """

    def __cinit__(self, dict declared not None, frozenset reaching = frozenset()):
        self._reaching = reaching
        self._kept = []
        self._resize(16)
        for name, kind in declared.items():
            self._add(name, kind, True)

    def __dealloc__(self):
        free(self.items)
        free(self.slots)
        free(self.uses)

    def learn(self, bytes name not None):
        """Add a name that the header does not declare; one that is there already stays as it is."""
        if self.find(name, len(name)) == NULL:
            self._add(name, "", False)

    def undeclared_uses(self):
        """Names this chunk uses undeclared, in order of first use -> whether with a value."""
        cdef size_t at
        return {
            self._kept[self.uses[at]]: bool(self.items[self.uses[at]].valued)
            for at in range(self.use_count)
        }

    cdef Name* find(self, const char* text, size_t length) noexcept nogil:
        cdef size_t state = hash_start(), at
        for at in range(length):
            state = hash_step(state, text[at])
        return self.find_hashed(text, length, state)

    cdef Name* find_hashed(self, const char* text, size_t length, size_t hash) noexcept nogil:
        cdef size_t mask = self.capacity * 2 - 1
        # The low bits of FNV-1a depend on the low bits of the bytes alone; fold the high ones in.
        cdef size_t slot = (hash ^ (hash >> 32)) & mask
        cdef Name* item
        while self.slots[slot]:
            item = &self.items[self.slots[slot] - 1]
            if (
                item.hash == hash
                and item.length == length
                and memcmp(item.text, text, length) == 0
            ):
                return item
            slot = (slot + 1) & mask
        return NULL

    cdef void note_use(self, Name* name, bint valued) noexcept nogil:
        """Only to be called with a name of ours that is undeclared."""
        if not name.used:
            name.used = True
            self.uses[self.use_count] = <size_t>(name - self.items)
            self.use_count += 1
        if valued:
            name.valued = True

    cdef void forget_uses(self) noexcept nogil:
        cdef size_t at
        for at in range(self.use_count):
            self.items[self.uses[at]].used = False
            self.items[self.uses[at]].valued = False
        self.use_count = 0

    cdef int _add(self, bytes name, str kind, bint declared) except -1:
        cdef size_t state = hash_start(), at
        cdef const char* text = name
        if self.count == self.capacity:
            self._resize(self.capacity * 2)
        for at in range(<size_t>len(name)):
            state = hash_step(state, text[at])
        self._kept.append(name)
        self.items[self.count].text = text
        self.items[self.count].length = len(name)
        self.items[self.count].hash = state
        self.items[self.count].type = <Type><int>_TYPES.get(kind, ANY)
        self.items[self.count].declared = declared
        self.items[self.count].reaches = name in self._reaching
        self.items[self.count].used = self.items[self.count].valued = False
        self.count += 1
        self._enter(self.count - 1)
        return 0

    cdef void _enter(self, size_t index) noexcept:
        cdef size_t mask = self.capacity * 2 - 1, hash = self.items[index].hash
        cdef size_t slot = (hash ^ (hash >> 32)) & mask
        while self.slots[slot]:
            slot = (slot + 1) & mask
        self.slots[slot] = index + 1

    cdef int _resize(self, size_t capacity) except -1:
        cdef size_t index
        cdef Name* items = <Name*>realloc(self.items, capacity * sizeof(Name))
        if items == NULL:
            raise MemoryError
        self.items = items
        cdef size_t* uses = <size_t*>realloc(self.uses, capacity * sizeof(size_t))
        if uses == NULL:
            raise MemoryError
        self.uses = uses
        cdef size_t* slots = <size_t*>calloc(capacity * 2, sizeof(size_t))
        if slots == NULL:
            raise MemoryError
        free(self.slots)
        self.slots = slots
        self.capacity = capacity
        for index in range(self.count):
            self._enter(index)
        return 0
