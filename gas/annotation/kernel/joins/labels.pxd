# Texts that come again and again, each kept once.

from gas.annotation.kernel.columns cimport Text

cdef struct Label:
    size_t start              # in Labels.text
    size_t length
    size_t last_use           # for the owner to note where it was used last

cdef class Labels:
    cdef Label* items
    cdef size_t count
    cdef Text text
    cdef size_t* slots        # a hash table: number + 1 of a label; 0: free
    cdef size_t slot_count    # a power of two, more than twice `count`
    cdef size_t number(self, const char* text, size_t length) except? 0 nogil
    cdef int grow(self) except -1 nogil
