# A column holds one text value, or none, for each alternate allele of a chunk, in their order.
# Its memory is laid out as Apache Arrow's large_binary array: data, and offsets of count + 1.

cdef struct Text:
    char* data
    size_t length
    size_t capacity

cdef int reserve(Text* text, size_t more) except -1 nogil
cdef int put(Text* text, const char* data, size_t length) except -1 nogil
cdef int put_char(Text* text, char character) except -1 nogil
cdef int put_string(Text* text, const char* nul_terminated) except -1 nogil
cdef int put_number(Text* text, long long number) except -1 nogil
cdef void release(Text* text) noexcept nogil

cdef class Column:
    cdef readonly str name
    cdef Text text            # all values, one behind the other; write the next value here, ...
    cdef long long* offsets   # offsets[i]..offsets[i + 1] is value i
    cdef size_t count         # values so far
    cdef size_t capacity

    cdef int end_value(self) except -1 nogil   # ... then call this. An empty value means none.
    cdef inline const char* value(self, size_t index) noexcept nogil:
        return self.text.data + self.offsets[index]
    cdef inline size_t value_length(self, size_t index) noexcept nogil:
        return <size_t>(self.offsets[index + 1] - self.offsets[index])
