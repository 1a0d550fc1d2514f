# Memory that a kernel fills and Python reads without a copy.

from gas.annotation.kernel.columns cimport Text

cdef class Buffer:
    cdef Text text            # fill it before Python sees the object, never after

cdef Buffer new_array(size_t count, size_t item_size)   # zeroed, of count * item_size bytes
