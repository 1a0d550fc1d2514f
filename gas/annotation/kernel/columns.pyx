"""Columns of text, one value an allele, which every annotator fills and every writer reads."""

from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_FillInfo
from libc.stdlib cimport free, realloc
from libc.string cimport memcpy, strlen


cdef int reserve(Text* text, size_t more) except -1 nogil:
    """Make room for ``more`` bytes behind the text."""
    cdef size_t capacity
    cdef char* data
    if text.length + more <= text.capacity:
        return 0
    capacity = text.capacity * 2 if text.capacity > 128 else 256
    while capacity < text.length + more:
        capacity *= 2
    data = <char*>realloc(text.data, capacity)
    if data == NULL:
        with gil:
            raise MemoryError
    text.data = data
    text.capacity = capacity
    return 0


cdef int put(Text* text, const char* data, size_t length) except -1 nogil:
    reserve(text, length)
    memcpy(text.data + text.length, data, length)
    text.length += length
    return 0


cdef int put_char(Text* text, char character) except -1 nogil:
    reserve(text, 1)
    text.data[text.length] = character
    text.length += 1
    return 0


cdef int put_string(Text* text, const char* nul_terminated) except -1 nogil:
    return put(text, nul_terminated, strlen(nul_terminated))


cdef int put_number(Text* text, long long number) except -1 nogil:
    cdef char digits[24]
    cdef int at = 24
    cdef unsigned long long rest = <unsigned long long>(-number if number < 0 else number)
    while True:
        at -= 1
        digits[at] = <char>(48 + rest % 10)
        rest //= 10
        if rest == 0:
            break
    if number < 0:
        at -= 1
        digits[at] = 45
    return put(text, digits + at, 24 - at)


cdef void release(Text* text) noexcept nogil:
    free(text.data)
    text.data = NULL
    text.length = text.capacity = 0


cdef class _Bytes:
    """A view of a column's memory for Python; it keeps the column alive."""

    cdef Column column
    cdef void* start
    cdef Py_ssize_t size

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        PyBuffer_FillInfo(buffer, self, self.start, self.size, 1, flags & ~PyBUF_WRITABLE)


cdef class Column:
    """One value (bytes) or none for each allele; see columns.pxd for how kernels fill it."""

    def __cinit__(self, str name):
        self.name = name
        self.capacity = 1024
        self.offsets = <long long*>realloc(NULL, (self.capacity + 1) * sizeof(long long))
        if self.offsets == NULL:
            raise MemoryError
        self.offsets[0] = 0
        self.count = 0

    def __dealloc__(self):
        release(&self.text)
        free(self.offsets)

    cdef int end_value(self) except -1 nogil:
        cdef long long* offsets
        if self.count == self.capacity:
            offsets = <long long*>realloc(
                self.offsets, (self.capacity * 2 + 1) * sizeof(long long)
            )
            if offsets == NULL:
                with gil:
                    raise MemoryError
            self.offsets = offsets
            self.capacity *= 2
        self.count += 1
        self.offsets[self.count] = <long long>self.text.length
        return 0

    def append(self, bytes value not None):
        """Add one value; b"" for none. For tests and for what is not done a million times."""
        put(&self.text, value, len(value))
        self.end_value()

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t index):
        if not 0 <= index < <Py_ssize_t>self.count:
            raise IndexError(index)
        return self.value(index)[: self.value_length(index)]

    def buffers(self):
        """``(offsets, data)``: int64 offsets of len + 1, and the bytes; valid while not appended to."""
        cdef _Bytes offsets = _Bytes(), data = _Bytes()
        offsets.column = data.column = self
        offsets.start, offsets.size = self.offsets, (self.count + 1) * sizeof(long long)
        data.start, data.size = self.text.data, self.text.length
        return offsets, data
