"""A column's texts as the numbers that they are, laid out as Apache Arrow's arrays."""

from libc.math cimport isnan
from libc.stdint cimport int64_t
from libc.stdlib cimport strtod
from libc.string cimport memchr, memcpy

from gas.annotation.kernel.columns cimport Column
from gas.annotation.kernel.memory cimport Buffer, new_array

cdef enum:
    ZERO = 48                 # ASCII
    NINE = 57
    LONGEST = 63              # characters of a number that is worth reading
    EXACT_DIGITS = 15         # decimal digits that a double holds exactly,
    EXACT_POWER = 22          # and the last power of ten

cdef double[EXACT_POWER + 1] powers
cdef int _power
for _power in range(EXACT_POWER + 1):
    powers[_power] = 10.0**_power


cdef bint read_plain(const char* text, size_t length, double* number) noexcept nogil:
    """Digits with a decimal point, few enough that one division is exact (Clinger 1990)."""
    cdef long long digits = 0
    cdef int fraction = 0
    cdef bint after_point = False
    cdef size_t index
    if length == 0 or length > EXACT_DIGITS + 1:
        return False
    for index in range(length):
        if ZERO <= text[index] and text[index] <= NINE:
            digits = digits * 10 + (text[index] - ZERO)
            fraction += after_point
        elif text[index] == b"." and not after_point and length > 1:
            after_point = True
        else:
            return False
    if not after_point and length > EXACT_DIGITS:
        return False
    number[0] = <double>digits / powers[fraction]
    return True


cdef bint read_float(const char* text, size_t length, double* number) noexcept nogil:
    """Whether all of the text is a decimal number, or infinite, but not 'nan'."""
    cdef char copied[LONGEST + 1]
    cdef char* end
    if read_plain(text, length, number):
        return True
    if length == 0 or length > LONGEST or text[0] <= 32:
        return False
    if memchr(text, b"x", length) != NULL or memchr(text, b"X", length) != NULL:
        return False  # C reads hexadecimal too
    memcpy(copied, text, length)
    copied[length] = 0
    number[0] = strtod(copied, &end)
    return <size_t>(end - copied) == length and not isnan(number[0])


cdef bint read_integer(const char* text, size_t length, int64_t* number) noexcept nogil:
    cdef size_t index = 1 if length and text[0] == b"-" else 0
    cdef int64_t magnitude = 0
    if index == length or length > 18:
        return False
    while index < length:
        if text[index] < ZERO or text[index] > NINE:
            return False
        magnitude = magnitude * 10 + (text[index] - ZERO)
        index += 1
    number[0] = -magnitude if text[0] == b"-" else magnitude
    return True


cdef bint largest_float(const char* text, size_t length, double* number) noexcept nogil:
    cdef const char* stop = text + length
    cdef const char* end
    cdef double one
    cdef bint found = False
    while True:
        end = <const char*>memchr(text, b"&", stop - text)
        if end == NULL:
            end = stop
        if read_float(text, end - text, &one) and (not found or one > number[0]):
            number[0] = one
            found = True
        if end == stop:
            return found
        text = end + 1


cdef bint largest_integer(const char* text, size_t length, int64_t* number) noexcept nogil:
    cdef const char* stop = text + length
    cdef const char* end
    cdef int64_t one
    cdef bint found = False
    while True:
        end = <const char*>memchr(text, b"&", stop - text)
        if end == NULL:
            end = stop
        if read_integer(text, end - text, &one) and (not found or one > number[0]):
            number[0] = one
            found = True
        if end == stop:
            return found
        text = end + 1


def floats(Column column not None):
    """``(values, validity, nulls)``: doubles, and a bitmap with 0 where there is none.

    Of several values, joined by '&' where several known variants are one allele, the largest
    counts: who filters for rare alleles must not meet a common one. A text that is no number is none.
    """
    cdef Buffer values = new_array(column.count, sizeof(double))
    cdef Buffer validity = new_array((column.count + 7) // 8, 1)
    cdef double* numbers = <double*>values.text.data
    cdef size_t index, nulls = 0, length
    with nogil:
        for index in range(column.count):
            length = column.value_length(index)
            if length and largest_float(column.value(index), length, &numbers[index]):
                validity.text.data[index >> 3] |= <char>(1 << (index & 7))
            else:
                nulls += 1
    return values, validity, nulls


def integers(Column column not None):
    """As `floats`, of 64-bit integers."""
    cdef Buffer values = new_array(column.count, sizeof(int64_t))
    cdef Buffer validity = new_array((column.count + 7) // 8, 1)
    cdef int64_t* numbers = <int64_t*>values.text.data
    cdef size_t index, nulls = 0, length
    with nogil:
        for index in range(column.count):
            length = column.value_length(index)
            if length and largest_integer(column.value(index), length, &numbers[index]):
                validity.text.data[index >> 3] |= <char>(1 << (index & 7))
            else:
                nulls += 1
    return values, validity, nulls


def presence(Column column not None):
    """``(validity, nulls)`` of the texts themselves."""
    cdef Buffer validity = new_array((column.count + 7) // 8, 1)
    cdef size_t index, nulls = 0
    with nogil:
        for index in range(column.count):
            if column.value_length(index):
                validity.text.data[index >> 3] |= <char>(1 << (index & 7))
            else:
                nulls += 1
    return validity, nulls
