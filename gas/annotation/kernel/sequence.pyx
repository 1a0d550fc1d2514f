"""Windows on a contig's sequence, as far as a run of records needs it."""

from libc.stdlib cimport calloc, free


cdef class Sequence:
    """``Sequence(contig_length, [(start, bases), …])``: windows by start, 0-based, upper case."""

    def __cinit__(self, long long contig_length, list windows):
        cdef size_t index
        cdef bytes bases
        self.contig_length = contig_length
        self._kept = [bases for _, bases in windows]
        self.count = len(windows)
        self.windows = <Window*>calloc(self.count + 1, sizeof(Window))
        if self.windows == NULL:
            raise MemoryError
        for index in range(self.count):
            start, bases = windows[index]
            self.windows[index].start = start
            self.windows[index].end = start + len(bases)
            self.windows[index].bases = bases

    def __dealloc__(self):
        free(self.windows)

    cdef const Window* window_at(self, long long position) noexcept nogil:
        cdef size_t low = 0, high = self.count, middle
        while low < high:
            middle = (low + high) // 2
            if self.windows[middle].end <= position:
                low = middle + 1
            else:
                high = middle
        if low < self.count and self.windows[low].start <= position:
            return &self.windows[low]
        return NULL
