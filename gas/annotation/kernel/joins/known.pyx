"""Finds alleles in a table of known variants, however either side writes them.

A row is CHROM, POS, REF, ALT and values, separated by tabs, by CHROM and POS. Rows and alleles are
compared as changes of the reference: trimmed and left-aligned (see targets.pyx). Rows are aligned
here too, as far as their place is within a window of the run's sequence, so that a table need not
be normalised; but its rows must have one ALT, in upper case.
"""

from libc.stdlib cimport calloc, free, realloc
from libc.string cimport memchr, memcmp

from gas.annotation.kernel.columns cimport Column, Text, put, put_char, release
from gas.annotation.kernel.records cimport Records
from gas.annotation.kernel.sequence cimport Sequence
from gas.annotation.kernel.joins.targets cimport (
    LONGEST_SHIFT,
    Change,
    Targets,
    align_left,
    same,
)

cdef enum:
    ZERO = 48                 # ASCII
    FURTHEST = 1 << 29        # a tabix index knows nothing beyond

cdef struct Hit:              # a row that is an allele
    size_t values             # what is not yet written of its values, in _Known.values
    size_t end
    size_t next               # the allele's next hit; 0: none


def annotate_known(
    Records records not None, size_t run, Sequence sequence not None, pieces, list columns not None
):
    """Give each allele of a placed run the values of the rows that are the same change.

    ``pieces`` are whole lines (bytes) of at least the rows that overlap `extent` with a margin of
    `SHIFT`; rows that go back, or come twice, do no harm. Value i of a row goes to ``columns[i]``;
    "." and an empty value are none; the values of several rows are joined by "&", in the order in
    which the rows come, each once. Every column gets one value for each allele of the run. Raises
    ValueError for a row that is none.
    """
    cdef _Known known
    cdef Column column
    cdef bytes piece
    if run >= records.run_count:
        raise IndexError(run)
    known = _Known(records, run, sequence)
    if known.targets.count:
        for piece in pieces:
            known.join(piece)
    for column in columns:
        with nogil:
            known.write(column)


cdef class _Known:
    cdef Sequence sequence
    cdef Targets targets
    cdef size_t first_allele
    cdef size_t allele_count
    cdef size_t at            # the first target that does not start before the row's POS
    cdef long long latest     # where that was, 0-based
    cdef size_t* first_hits   # for each allele of the run; 0: none
    cdef Hit* hits            # from 1
    cdef size_t hit_count
    cdef size_t hit_capacity
    cdef Text values

    def __cinit__(self, Records records, size_t run, Sequence sequence):
        self.sequence = sequence
        self.first_allele = records.runs[run].first_allele
        self.allele_count = records.runs[run].end_allele - self.first_allele
        self.targets = Targets()
        self.first_hits = <size_t*>calloc(self.allele_count + 1, sizeof(size_t))
        if self.first_hits == NULL:
            raise MemoryError
        with nogil:
            self.targets.take(records, run, sequence)
            self.targets.sort()

    def __dealloc__(self):
        free(self.first_hits)
        free(self.hits)
        release(&self.values)

    cdef int join(self, bytes piece) except -1:
        cdef const char* at = piece
        cdef const char* end = at + len(piece)
        with nogil:
            while at < end:
                at = self.row(at, end)
        return 0

    cdef const char* row(self, const char* line, const char* end) except NULL nogil:
        """Join one row; where the next one begins."""
        cdef const char* stop = <const char*>memchr(line, b"\n", end - line)
        cdef const char* next = stop + 1 if stop != NULL else end
        cdef const char* at
        cdef const char* alternate
        cdef const char* values
        cdef long long start = 0
        if stop == NULL:
            stop = end
        if line == stop or line[0] == b"#":
            return next
        at = _behind_tab(line, stop)
        if at == stop or not ZERO < at[0] <= ZERO + 9:
            _complain(line, stop)
        while at < stop and ZERO <= at[0] <= ZERO + 9 and start < FURTHEST:
            start = start * 10 + (at[0] - ZERO)
            at += 1
        start -= 1
        if start < self.latest:
            self.at = self.targets.first_from(start)
        self.latest = start
        while self.at < self.targets.count and self.target_start(self.at) < start:
            self.at += 1
        if stop - at > 4 and at[0] == at[2] == at[4] == b"\t":
            # One base for another, as most rows; it cannot move.
            if self.at == self.targets.count or self.target_start(self.at) != start:
                return next
        elif self.is_far(start, start + (stop - line)):
            return next
        if stop - at < 4 or at[0] != b"\t":
            _complain(line, stop)
        alternate = _behind_tab(at + 1, stop)
        values = _behind_tab(alternate, stop)
        if alternate - at < 3 or alternate == stop or alternate[0] == b"\t":
            _complain(line, stop)
        self.match(
            start, at + 1, alternate - at - 2,
            alternate, (stop if values == stop and (stop - 1)[0] != b"\t" else values - 1) - alternate,
            values, stop,
        )
        return next

    cdef inline long long target_start(self, size_t index) noexcept nogil:
        return self.targets.items[index].change.start

    cdef bint is_far(self, long long start, long long end) noexcept nogil:
        """Whether no allele can be a row's change: it starts before `end`, and may move left."""
        if self.at < self.targets.count and self.target_start(self.at) <= end:
            return False
        return self.at == 0 or self.target_start(self.at - 1) < start - LONGEST_SHIFT

    cdef int match(
        self,
        long long start,
        const char* reference,
        size_t reference_length,
        const char* alternate,
        size_t alternate_length,
        const char* values,
        const char* end,
    ) except -1 nogil:
        """Note the row's values for the alleles that are the same change."""
        cdef Change change
        cdef size_t index, kept = 0, head = 0
        if values == end:
            return 0
        while (
            reference_length
            and alternate_length
            and reference[reference_length - 1] == alternate[alternate_length - 1]
        ):
            reference_length -= 1
            alternate_length -= 1
        while (
            head < reference_length
            and head < alternate_length
            and reference[head] == alternate[head]
        ):
            head += 1
        change.start = start + <long long>head
        change.end = start + <long long>reference_length
        change.inserted = alternate + head
        change.inserted_length = alternate_length - head
        change.turn = 0
        align_left(&change, self.sequence)
        for index in range(self.targets.first_from(change.start), self.targets.count):
            if self.target_start(index) != change.start:
                break
            if same(&change, &self.targets.items[index].change):
                if kept == 0:
                    kept = self.values.length + 1
                    put(&self.values, values, end - values)
                self.add(self.targets.items[index].allele - self.first_allele, kept - 1)
        return 0

    cdef int add(self, size_t allele, size_t values) except -1 nogil:
        """Note a hit behind the allele's others; its values are the last of those kept."""
        cdef size_t* link = &self.first_hits[allele]
        cdef Hit* hits
        if self.hit_count + 1 >= self.hit_capacity:
            self.hit_capacity = self.hit_capacity * 2 if self.hit_capacity else 256
            hits = <Hit*>realloc(self.hits, self.hit_capacity * sizeof(Hit))
            if hits == NULL:
                with gil:
                    raise MemoryError
            self.hits = hits
        while link[0]:
            link = &self.hits[link[0]].next
        self.hit_count += 1
        link[0] = self.hit_count
        self.hits[self.hit_count].values = values
        self.hits[self.hit_count].end = self.values.length
        self.hits[self.hit_count].next = 0
        return 0

    cdef int write(self, Column column) except -1 nogil:
        """Write the next value of every hit to the column."""
        cdef size_t allele, begin, length
        cdef size_t number
        cdef Hit* hit
        cdef const char* value
        cdef const char* tab
        for allele in range(self.allele_count):
            begin = column.text.length
            number = self.first_hits[allele]
            while number:
                hit = &self.hits[number]
                value = self.values.data + hit.values
                length = hit.end - hit.values
                tab = <const char*>memchr(value, b"\t", length)
                if tab != NULL:
                    length = <size_t>(tab - value)
                if length and not (length == 1 and value[0] == b"."):
                    _put_once(&column.text, begin, value, length)
                hit.values += length + 1 if tab != NULL else length
                number = hit.next
            column.end_value()
        return 0


cdef int _put_once(
    Text* text, size_t begin, const char* value, size_t length
) except -1 nogil:
    """Add a value to those, joined by '&', that begin at ``begin``, unless it is among them."""
    cdef size_t at = begin
    cdef const char* next
    while at < text.length:
        if text.length - at >= length and memcmp(text.data + at, value, length) == 0:
            if text.length - at == length or text.data[at + length] == b"&":
                return 0
        next = <const char*>memchr(text.data + at, b"&", text.length - at)
        if next == NULL:
            break
        at = <size_t>(next - text.data) + 1
    if text.length > begin:
        put_char(text, b"&")
    return put(text, value, length)


cdef inline const char* _behind_tab(const char* at, const char* stop) noexcept nogil:
    cdef const char* tab = <const char*>memchr(at, b"\t", stop - at)
    return tab + 1 if tab != NULL else stop


cdef int _complain(const char* line, const char* stop) except -1 nogil:
    with gil:
        raise ValueError(f"no row of known variants: {line[: min(stop - line, 80)]!r}")
