"""The annotated alleles of a run, by place; and the one form in which equal changes are equal."""

from libc.stdlib cimport free, malloc, qsort

from gas.annotation.kernel.records cimport ANNOTATED, Allele, Records
from gas.annotation.kernel.sequence cimport Sequence, Window, base_at

SHIFT = LONGEST_SHIFT  # for those who ask a table for rows


cdef class Targets:
    """The changes of a run's alleles, left-aligned."""

    def __dealloc__(self):
        free(self.items)

    cdef int take(self, Records records, size_t run, Sequence sequence) except -1 nogil:
        cdef size_t index
        cdef const Allele* allele
        self.items = <Target*>malloc(
            (records.runs[run].end_allele - records.runs[run].first_allele + 1) * sizeof(Target)
        )
        if self.items == NULL:
            with gil:
                raise MemoryError
        for index in range(records.runs[run].first_allele, records.runs[run].end_allele):
            allele = &records.alleles[index]
            if allele.skip == ANNOTATED:
                self.items[self.count].change = change_of(records, allele, sequence)
                self.items[self.count].allele = index
                self.count += 1
        return 0

    cdef void sort(self) noexcept nogil:
        cdef size_t index, at, moves = 0
        cdef Target target
        for index in range(1, self.count):
            # Input is sorted but for neighbours: put each in its place, unless that gets slow.
            target = self.items[index]
            at = index
            while at and self.items[at - 1].change.start > target.change.start:
                self.items[at] = self.items[at - 1]
                at -= 1
            self.items[at] = target
            moves += index - at
            if moves > 8 * self.count:
                qsort(self.items, self.count, sizeof(Target), &_by_start)
                break
        for index in range(self.count):
            self.items[index].furthest = self.items[index].change.end
            if index and self.items[index - 1].furthest > self.items[index].furthest:
                self.items[index].furthest = self.items[index - 1].furthest

    cdef size_t first_from(self, long long start) noexcept nogil:
        cdef size_t low = 0, high = self.count, middle
        while low < high:
            middle = (low + high) // 2
            if self.items[middle].change.start < start:
                low = middle + 1
            else:
                high = middle
        return low


cdef int _by_start(const void* left, const void* right) noexcept nogil:
    cdef const Target* one = <const Target*>left
    cdef const Target* other = <const Target*>right
    if one.change.start != other.change.start:
        return -1 if one.change.start < other.change.start else 1
    return -1 if one.allele < other.allele else one.allele > other.allele


cdef Change change_of(Records records, const Allele* allele, Sequence sequence) noexcept nogil:
    """What a placed allele does, left-aligned."""
    cdef Change change
    change.start, change.end = allele.start, allele.end
    change.inserted = records.bases.data + allele.inserted
    change.inserted_length = allele.inserted_length
    change.turn = 0
    align_left(&change, sequence)
    return change


cdef void align_left(Change* change, Sequence sequence) noexcept nogil:
    """Move a trimmed insertion or deletion as far left as it says the same.

    Tan, Abecasis and Kang, "Unified representation of genetic variants" (Bioinformatics 2015):
    trimmed and left-aligned, equal changes are written equally. Other changes cannot move.
    """
    cdef long long steps = 0
    cdef size_t last = change.inserted_length
    cdef char base
    cdef const Window* window
    if (change.start == change.end) == (change.inserted_length == 0):
        return
    window = sequence.window_at(change.start - 1)
    while steps < LONGEST_SHIFT:
        base = base_at(window, change.start - 1 - steps)
        if base == b"N":
            break
        if change.inserted_length:
            if base != change.inserted[last - 1]:
                break
            last = last - 1 if last > 1 else change.inserted_length
        elif base != base_at(window, change.end - 1 - steps):
            break
        steps += 1
    change.start -= steps
    change.end -= steps
    change.turn = last if last < change.inserted_length else 0


cdef bint same(const Change* one, const Change* other) noexcept nogil:
    cdef size_t index, left = one.turn, right = other.turn
    if one.start != other.start or one.end != other.end:
        return False
    if one.inserted_length != other.inserted_length:
        return False
    for index in range(one.inserted_length):
        if one.inserted[left] != other.inserted[right]:
            return False
        left = left + 1 if left + 1 < one.inserted_length else 0
        right = right + 1 if right + 1 < other.inserted_length else 0
    return True


def extent(Records records not None, size_t run, long long margin=0):
    """``(start, end)`` of the changes of the run's annotated alleles, 0-based, half open.

    Widened by a base, so that insertions have an extent, and by the margin. ``(0, 0)``: there are
    none. A table of known variants must be asked with a margin of `SHIFT`, for its rows and the
    alleles may be written with other positions than their left-most.
    """
    cdef size_t index
    cdef long long start = -1, end = 0
    cdef const Allele* allele
    if run >= records.run_count:
        raise IndexError(run)
    with nogil:
        for index in range(records.runs[run].first_allele, records.runs[run].end_allele):
            allele = &records.alleles[index]
            if allele.skip != ANNOTATED:
                continue
            if start < 0 or allele.start < start:
                start = allele.start
            if allele.end > end:
                end = allele.end
    if start < 0:
        return 0, 0
    return max(0, start - 1 - margin), end + 1 + margin
