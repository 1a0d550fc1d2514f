"""The distinct values of a column, and for each allele which one it has: Arrow's dictionary."""

from libc.stdint cimport int32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp

from gas.annotation.kernel.columns cimport Column, put
from gas.annotation.kernel.memory cimport Buffer, new_array

cdef struct Slot:             # of a hash table with linear probing
    uint64_t hash
    int32_t number            # of the distinct value, from 1; 0 is free


cdef inline uint64_t hash_of(const char* text, size_t length) noexcept nogil:
    """FNV-1a, its well-mixed high half folded in."""
    cdef uint64_t hash = 0xCBF29CE484222325U
    cdef size_t index
    for index in range(length):
        hash = (hash ^ <unsigned char>text[index]) * 0x100000001B3U
    return hash ^ (hash >> 32)


cdef class Distinct:
    """``values`` has each value once, in order of first use; ``indices`` are int32, one an allele.

    An allele without a value has the index 0 and its bit in ``validity`` unset; there are
    ``nulls`` of them.
    """

    cdef readonly Column values
    cdef readonly Buffer indices
    cdef readonly Buffer validity
    cdef readonly size_t nulls
    cdef Slot* _slots
    cdef size_t _capacity     # a power of two, at least twice the number of values

    def __cinit__(self, Column column not None):
        self.values = Column(column.name)
        self.indices = new_array(column.count, sizeof(int32_t))
        self.validity = new_array((column.count + 7) // 8, 1)
        self._capacity = 256
        self._slots = <Slot*>calloc(self._capacity, sizeof(Slot))
        if self._slots == NULL:
            raise MemoryError
        with nogil:
            self._fill(column)
        free(self._slots)
        self._slots = NULL

    def __dealloc__(self):
        free(self._slots)

    def counts(self):
        """How many alleles have each value: ``{value: count}``."""
        cdef const int32_t* indices = <const int32_t*>self.indices.text.data
        cdef const char* bits = self.validity.text.data
        cdef size_t index, count = self.indices.text.length // sizeof(int32_t)
        cdef Buffer sums = new_array(self.values.count, sizeof(uint64_t))
        cdef uint64_t* numbers = <uint64_t*>sums.text.data
        with nogil:
            for index in range(count):
                if bits[index >> 3] >> (index & 7) & 1:
                    numbers[indices[index]] += 1
        return {self.values[index]: numbers[index] for index in range(self.values.count)}

    cdef int _fill(self, Column column) except -1 nogil:
        cdef int32_t* indices = <int32_t*>self.indices.text.data
        cdef char* bits = self.validity.text.data
        cdef size_t index, length, last_length = 0
        cdef const char* value
        cdef const char* last = NULL
        cdef int32_t number = 0
        for index in range(column.count):
            length = column.value_length(index)
            if length == 0:
                self.nulls += 1
                continue
            value = column.value(index)
            # Neighbours lie in the same gene: mostly it is the value before.
            if length != last_length or memcmp(value, last, length) != 0:
                number = self._number(value, length)
                last, last_length = value, length
            indices[index] = number
            bits[index >> 3] |= <char>(1 << (index & 7))
        return 0

    cdef int32_t _number(self, const char* value, size_t length) except -1 nogil:
        cdef uint64_t hash = hash_of(value, length)
        cdef size_t at = hash & (self._capacity - 1)
        cdef int32_t number
        while self._slots[at].number:
            number = self._slots[at].number - 1
            if (
                self._slots[at].hash == hash
                and self.values.value_length(number) == length
                and memcmp(self.values.value(number), value, length) == 0
            ):
                return number
            at = (at + 1) & (self._capacity - 1)
        put(&self.values.text, value, length)
        self.values.end_value()
        self._slots[at].hash = hash
        self._slots[at].number = <int32_t>self.values.count
        if self.values.count * 2 > self._capacity:
            self._grow()
        return <int32_t>self.values.count - 1

    cdef int _grow(self) except -1 nogil:
        cdef size_t capacity = self._capacity * 4, index, at
        cdef Slot* slots = <Slot*>calloc(capacity, sizeof(Slot))
        if slots == NULL:
            with gil:
                raise MemoryError
        for index in range(self._capacity):
            if self._slots[index].number:
                at = self._slots[index].hash & (capacity - 1)
                while slots[at].number:
                    at = (at + 1) & (capacity - 1)
                slots[at] = self._slots[index]
        free(self._slots)
        self._slots, self._capacity = slots, capacity
        return 0
