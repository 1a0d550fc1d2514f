"""Finds the regions of a track (BED) that an allele's changed bases lie in.

A region counts when it holds at least one of the bases that the allele replaces or deletes. An
insertion changes no base of the reference: a region counts when both its neighbours are in it, as
Ensembl VEP has it. At a region's border nothing of the region changes. A region without bases
never counts. What can be written in several ways counts where it stands left-aligned, so that the
answer does not depend on how the input writes it.
"""

from libc.stdlib cimport free, qsort, realloc
from libc.string cimport memchr

from gas.annotation.kernel.columns cimport Column, put, put_char
from gas.annotation.kernel.joins.labels cimport Label, Labels
from gas.annotation.kernel.records cimport ANNOTATED, Allele, Records
from gas.annotation.kernel.sequence cimport Sequence
from gas.annotation.kernel.joins.targets cimport Change, Targets, change_of

cdef enum:
    ZERO = 48                 # ASCII
    FURTHEST = 1 << 29        # a tabix index knows nothing beyond

cdef struct Region:
    long long start           # 0-based, half open
    long long end
    long long furthest        # the greatest end in the subtree of which this region is the root
    size_t name               # its number among the labels
    size_t row                # how many came before it


def annotate_regions(
    Records records not None, size_t run, Sequence sequence not None, pieces, Column column not None
):
    """Give each allele of a placed run the names of the regions it lies in, joined by "&".

    ``pieces`` are whole lines (bytes) of BED, of at least the rows that overlap `extent`; some may
    come twice. A name is column 4, or 1 where that is missing or "."; each is there once, by its
    first region's start and end, then in the order of the rows. The column gets one value for each
    allele. Raises ValueError for a row that is not BED.
    """
    cdef _Regions regions
    cdef bytes piece
    if run >= records.run_count:
        raise IndexError(run)
    regions = _Regions()
    with nogil:
        regions.targets.take(records, run, sequence)
        regions.targets.sort()
    if regions.targets.count:
        for piece in pieces:
            regions.read(piece)
    with nogil:
        if not regions.in_order:
            qsort(regions.items, regions.count, sizeof(Region), &_by_place)
        regions.plant(0, regions.count)
        regions.write(records, run, sequence, column)


cdef class _Regions:
    """The regions that some allele may lie in: a balanced tree, the middle of each part its root."""

    cdef Targets targets
    cdef Region* items        # by start, end and order of appearance, once sorted
    cdef size_t count
    cdef size_t capacity
    cdef bint in_order
    cdef Labels names

    def __cinit__(self):
        self.targets = Targets()
        self.names = Labels()
        self.in_order = True

    def __dealloc__(self):
        free(self.items)

    cdef int read(self, bytes piece) except -1:
        cdef const char* at = piece
        cdef const char* end = at + len(piece)
        with nogil:
            while at < end:
                at = self.row(at, end)
        return 0

    cdef const char* row(self, const char* line, const char* end) except NULL nogil:
        """Take up one row; where the next one begins."""
        cdef const char* stop = <const char*>memchr(line, b"\n", end - line)
        cdef const char* next = stop + 1 if stop != NULL else end
        cdef const char* at
        cdef const char* tab
        cdef long long start, region_end
        if stop == NULL:
            stop = end
        if line == stop or line[0] == b"#":
            return next
        at = <const char*>memchr(line, b"\t", stop - line)
        start = _number(&at, stop)
        region_end = _number(&at, stop)
        if start < 0 or region_end < start:
            with gil:
                raise ValueError(f"no BED row: {line[: min(stop - line, 80)]!r}")
        if start == region_end or not self.may_count(start, region_end):
            return next
        if at < stop:
            at += 1
        tab = <const char*>memchr(at, b"\t", stop - at)
        if tab == NULL:
            tab = stop
        if at == tab or (tab - at == 1 and at[0] == b"."):
            self.add(start, region_end, b"1", 1)
        else:
            self.add(start, region_end, at, <size_t>(tab - at))
        return next

    cdef bint may_count(self, long long start, long long end) noexcept nogil:
        """Whether an allele that starts before the region's end ends, or stands, behind its start."""
        cdef size_t before = self.targets.first_from(end)
        return before > 0 and self.targets.items[before - 1].furthest > start

    cdef int add(
        self, long long start, long long end, const char* name, size_t length
    ) except -1 nogil:
        cdef Region* items
        if self.count == self.capacity:
            self.capacity = self.capacity * 2 if self.capacity else 256
            items = <Region*>realloc(self.items, self.capacity * sizeof(Region))
            if items == NULL:
                with gil:
                    raise MemoryError
            self.items = items
        self.items[self.count].start, self.items[self.count].end = start, end
        self.items[self.count].row = self.count
        if self.count and _by_place(&self.items[self.count - 1], &self.items[self.count]) > 0:
            self.in_order = False
        self.items[self.count].name = self.names.number(name, length)
        self.count += 1
        return 0

    cdef long long plant(self, size_t low, size_t high) noexcept nogil:
        """Make a tree of [low, high); the greatest end in it."""
        cdef size_t middle = (low + high) // 2
        cdef long long furthest, other
        if low >= high:
            return -1
        furthest = self.items[middle].end
        other = self.plant(low, middle)
        if other > furthest:
            furthest = other
        other = self.plant(middle + 1, high)
        if other > furthest:
            furthest = other
        self.items[middle].furthest = furthest
        return furthest

    cdef int write(
        self, Records records, size_t run, Sequence sequence, Column column
    ) except -1 nogil:
        cdef size_t index
        cdef const Allele* allele
        cdef Change change
        for index in range(records.runs[run].first_allele, records.runs[run].end_allele):
            allele = &records.alleles[index]
            if allele.skip == ANNOTATED:
                change = change_of(records, allele, sequence)
                self.visit(0, self.count, &change, column, index + 1)
            column.end_value()
        return 0

    cdef int visit(
        self, size_t low, size_t high, const Change* change, Column column, size_t use
    ) except -1 nogil:
        """Put down the names of the allele's regions in the tree of [low, high), in order.

        ``use`` is a number that no other allele has.
        """
        cdef size_t middle = (low + high) // 2
        cdef const Region* region
        if low >= high or self.items[middle].furthest <= change.start:
            return 0
        region = &self.items[middle]
        self.visit(low, middle, change, column, use)
        if region.start < change.end:
            # What ends behind the allele's start and starts before its end overlaps it; for an
            # insertion, whose start is its end, that means strictly inside.
            if region.end > change.start:
                self.put_name(&self.names.items[region.name], column, use)
            self.visit(middle + 1, high, change, column, use)
        return 0

    cdef int put_name(self, Label* name, Column column, size_t use) except -1 nogil:
        if name.last_use == use:
            return 0
        name.last_use = use
        if <long long>column.text.length > column.offsets[column.count]:
            put_char(&column.text, b"&")
        return put(&column.text, self.names.text.data + name.start, name.length)


cdef int _by_place(const void* left, const void* right) noexcept nogil:
    cdef const Region* one = <const Region*>left
    cdef const Region* other = <const Region*>right
    if one.start != other.start:
        return -1 if one.start < other.start else 1
    if one.end != other.end:
        return -1 if one.end < other.end else 1
    return -1 if one.row < other.row else one.row > other.row


cdef long long _number(const char** at, const char* stop) noexcept nogil:
    """The number behind the tab at ``at``, which moves behind the number; -1 for none."""
    cdef const char* digit = at[0]
    cdef long long number = 0
    if digit == NULL or digit == stop or digit[0] != b"\t":
        return -1
    digit += 1
    if digit == stop or not ZERO <= digit[0] <= ZERO + 9:
        return -1
    while digit < stop and ZERO <= digit[0] <= ZERO + 9 and number < FURTHEST:
        number = number * 10 + (digit[0] - ZERO)
        digit += 1
    at[0] = digit
    return number
