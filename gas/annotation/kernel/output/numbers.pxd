# Reading numbers.

cdef bint largest_float(const char* text, size_t length, double* number) noexcept nogil
