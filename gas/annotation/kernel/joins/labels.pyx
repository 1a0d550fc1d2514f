"""Gives equal texts equal numbers, so that they are compared once and not for every use."""

from libc.stdint cimport uint64_t
from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memcmp

from gas.annotation.kernel.columns cimport put, release


cdef inline uint64_t _hash(const char* text, size_t length) noexcept nogil:
    """FNV-1a (Fowler, Noll, Vo), 64 bits."""
    cdef uint64_t value = 14695981039346656037u
    cdef size_t index
    for index in range(length):
        value = (value ^ <unsigned char>text[index]) * 1099511628211u
    return value


cdef class Labels:
    """The labels so far, numbered from 0 in order of their first appearance."""

    def __dealloc__(self):
        free(self.items)
        free(self.slots)
        release(&self.text)

    cdef size_t number(self, const char* text, size_t length) except? 0 nogil:
        """The number of a label, a new one if need be."""
        cdef size_t slot
        cdef Label* label
        if 2 * (self.count + 1) > self.slot_count:
            self.grow()
        slot = <size_t>_hash(text, length) & (self.slot_count - 1)
        while self.slots[slot]:
            label = &self.items[self.slots[slot] - 1]
            if label.length == length and (
                memcmp(self.text.data + label.start, text, length) == 0
            ):
                return self.slots[slot] - 1
            slot = (slot + 1) & (self.slot_count - 1)
        label = &self.items[self.count]
        label.start, label.length, label.last_use = self.text.length, length, 0
        put(&self.text, text, length)
        self.count += 1
        self.slots[slot] = self.count
        return self.count - 1

    cdef int grow(self) except -1 nogil:
        """Double the table, and the room for labels with it."""
        cdef size_t slot_count = self.slot_count * 2 if self.slot_count else 64
        cdef size_t* slots = <size_t*>calloc(slot_count, sizeof(size_t))
        cdef Label* items = <Label*>realloc(self.items, slot_count // 2 * sizeof(Label))
        cdef size_t index, slot
        if items != NULL:
            self.items = items
        if slots == NULL or items == NULL:
            free(slots)
            with gil:
                raise MemoryError
        free(self.slots)
        self.slots, self.slot_count = slots, slot_count
        for index in range(self.count):
            slot = <size_t>_hash(
                self.text.data + self.items[index].start, self.items[index].length
            ) & (slot_count - 1)
            while slots[slot]:
                slot = (slot + 1) & (slot_count - 1)
            slots[slot] = index + 1
        return 0
