"""The transcripts of a contig, and the spliced sequences of those that a run of records touches.

Threads that annotate chunks of one contig each have a ``Transcripts`` of their own (`copy`): they
share everything but the sequences, which come and go with the place that a thread has reached.
"""

import re

from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy

from gas.annotation.kernel.consequence.codons cimport complement
from gas.annotation.kernel.joins.ranges cimport Range, fetched
from gas.annotation.kernel.records cimport ANNOTATED, Allele, Records
from gas.annotation.kernel.sequence cimport Sequence, Window

cdef enum:
    # An allele may slide along a repeat before its effect is told, so an exon that is a little away
    # counts as touched.
    REACH = 100

# What a field of ANN or INFO cannot hold.
_UNFIT = re.compile(rb"[\x00-\x20\x7f%|,;=&]")


cdef class Layout:
    """The transcripts without sequences; read by all threads at once."""

    def __cinit__(self, list models, bint mitochondrial_code):
        cdef size_t index = 0, exon = 0
        cdef Transcript* item
        models = sorted(models, key=lambda model: (model.start, model.end, model.id))
        self.count = len(models)
        self.texts = []
        self.items = <Transcript*>calloc(self.count + 1, sizeof(Transcript))
        self.furthest = <long long*>calloc(self.count + 1, sizeof(long long))
        self.exons = <Exon*>calloc(sum(len(model.exons) for model in models) + 1, sizeof(Exon))
        if self.items == NULL or self.furthest == NULL or self.exons == NULL:
            raise MemoryError
        for index in range(self.count):
            model = models[index]
            _check(model)
            item = &self.items[index]
            item.start, item.end, item.strand = model.start, model.end, model.strand
            item.exons = &self.exons[exon]
            item.exon_count = len(model.exons)
            _lay_out(model, item, &self.exons[exon])
            exon += item.exon_count
            item.phase = model.phase
            item.start_complete, item.end_complete = model.start_complete, model.end_complete
            item.mitochondrial_code = mitochondrial_code
            item.canonical = model.canonical
            item.mane = ("", "MANE_Select", "MANE_Plus_Clinical").index(model.mane)
            item.id = _text(self.texts, model.id)
            item.gene_id = _text(self.texts, model.gene_id)
            item.gene_name = _text(self.texts, model.gene_name)
            item.biotype = _text(self.texts, model.biotype)
            item.protein_id = _text(self.texts, model.protein_id)
            self.furthest[index] = item.end
            if index and self.furthest[index - 1] > item.end:
                self.furthest[index] = self.furthest[index - 1]

    def __dealloc__(self):
        free(self.items)
        free(self.furthest)
        free(self.exons)


cdef const char* _text(list kept, str text) except NULL:
    """The text as C sees it, alive as long as the list."""
    cdef bytes fit = _UNFIT.sub(b"_", text.encode())
    kept.append(fit)
    return fit


cdef int _check(object model) except -1:
    """The kernels trust a layout, so nothing that could lead them out of bounds gets into one."""
    before = model.start
    for start, end in model.exons:
        if not before <= start < end <= model.end:
            raise ValueError(f"the exons of {model.id} are not in order and within it")
        before = end
    if not model.exons or model.start < 0 or model.strand not in (1, -1):
        raise ValueError(f"{model.id} has no exons, no strand or no place")
    if not 0 <= model.phase <= 2:
        raise ValueError(f"the phase of {model.id} is {model.phase}")
    return 0


cdef int _lay_out(object model, Transcript* item, Exon* exons) except -1:
    """The exons from 5' to 3', and where the coding region lies in the spliced sequence."""
    cdef long long first = -1, last = -1  # the coding region's 5'-most and 3'-most base
    cdef size_t index = 0
    cdef Exon* exon
    if model.coding is not None:
        first, last = model.coding[0], model.coding[1] - 1
        if model.strand == -1:
            first, last = last, first
    item.coding_start = item.coding_end = -1
    for start, end in model.exons if model.strand == 1 else reversed(model.exons):
        exon = &exons[index]
        exon.start, exon.end, exon.spliced = start, end, item.spliced_length
        if exon.start <= first < exon.end:
            item.coding_start = exon.spliced + (
                first - exon.start if item.strand == 1 else exon.end - 1 - first
            )
        if exon.start <= last < exon.end:
            item.coding_end = 1 + exon.spliced + (
                last - exon.start if item.strand == 1 else exon.end - 1 - last
            )
        item.spliced_length += exon.end - exon.start
        index += 1
    if model.coding is not None and not 0 <= item.coding_start < item.coding_end:
        raise ValueError(f"the coding region of {model.id} is not within its exons")
    return 0


cdef class Transcripts:
    """``Transcripts(models, mitochondrial_code)``: the latter means NCBI's genetic code 2, not 1.

    Raises ValueError for models that make no sense.
    """

    def __cinit__(self, models, bint mitochondrial_code=False):
        self.layout = models if isinstance(models, Layout) else Layout(models, mitochondrial_code)
        self.count = self.layout.count
        self.furthest = self.layout.furthest
        self.items = <Transcript*>malloc((self.count + 1) * sizeof(Transcript))
        if self.items == NULL:
            raise MemoryError
        memcpy(self.items, self.layout.items, self.count * sizeof(Transcript))

    def __dealloc__(self):
        cdef size_t index
        if self.items != NULL:
            for index in range(self.count):
                free(<void*>self.items[index].spliced)
        free(self.items)

    def copy(self):
        """The same transcripts for another thread; no sequence is loaded."""
        return Transcripts(self.layout)

    def __len__(self):
        return self.count

    def __getitem__(self, Py_ssize_t index):
        """``(id, exons, coding region, spliced sequence)``, for tests; see the stub."""
        if not 0 <= index < <Py_ssize_t>self.count:
            raise IndexError(index)
        item = &self.items[index]
        exons = [
            (item.exons[i].start, item.exons[i].end, item.exons[i].spliced)
            for i in range(item.exon_count)
        ]
        spliced = None if item.spliced == NULL else item.spliced[: item.spliced_length]
        return item.id.decode(), exons, (item.coding_start, item.coding_end), spliced

    cdef size_t first_reaching(self, long long position) noexcept nogil:
        cdef size_t low = 0, high = self.count, middle
        while low < high:
            middle = (low + high) // 2
            if self.furthest[middle] > position:
                high = middle
            else:
                low = middle + 1
        return low

    cdef size_t end_before(self, long long position) noexcept nogil:
        cdef size_t low = 0, high = self.count, middle
        while low < high:
            middle = (low + high) // 2
            if self.items[middle].start >= position:
                high = middle
            else:
                low = middle + 1
        return low

    def load(self, Records records not None, size_t run, fetch):
        """Load the spliced sequence of each transcript whose exons an allele of the run touches.

        ``fetch(start, end)`` gives the contig's upper-case bases, 0-based, half open. Sequences of
        transcripts that end before the run begins are let go; runs that go back load them again.
        Raises ValueError where the contig has no such bases.
        """
        cdef size_t index, marked
        cdef char* marks
        cdef Sequence exons
        if run >= records.run_count:
            raise IndexError(run)
        marks = <char*>calloc(self.count + 1, 1)
        if marks == NULL:
            raise MemoryError
        try:
            with nogil:
                marked = self.mark(records, run, marks)
            if marked == 0:
                return
            exons = _exons(self, marks, fetch)
            with nogil:
                for index in range(self.count):
                    if marks[index]:
                        self.splice(index, exons)
        finally:
            free(marks)

    cdef size_t mark(self, Records records, size_t run, char* marks) noexcept nogil:
        """Mark the transcripts to load, free those left behind; how many are marked."""
        cdef size_t index, item, marked = 0
        cdef long long start, end, earliest = -1
        cdef const Allele* allele
        for index in range(records.runs[run].first_allele, records.runs[run].end_allele):
            allele = &records.alleles[index]
            if allele.skip != ANNOTATED:
                continue
            start, end = allele.start - REACH, allele.end + REACH
            if earliest < 0 or start < earliest:
                earliest = start if start > 0 else 0
            for item in range(self.first_reaching(start), self.end_before(end)):
                if self.items[item].spliced == NULL and not marks[item]:
                    marks[item] = self.wanted(item, start, end)
                    marked += marks[item]
        for item in range(self.count):
            if self.items[item].spliced != NULL and self.items[item].end <= earliest:
                free(<void*>self.items[item].spliced)
                self.items[item].spliced = NULL
        return marked

    cdef bint wanted(self, size_t index, long long start, long long end) noexcept nogil:
        """Whether [start, end) touches an exon."""
        cdef const Transcript* item = &self.items[index]
        cdef size_t low = 0, high = item.exon_count, middle
        cdef const Exon* exon
        while low < high:  # the first exon, by position, that ends behind start
            middle = (low + high) // 2
            exon = &item.exons[middle if item.strand == 1 else item.exon_count - 1 - middle]
            if exon.end > start:
                high = middle
            else:
                low = middle + 1
        if low == item.exon_count:
            return False
        return item.exons[low if item.strand == 1 else item.exon_count - 1 - low].start < end

    cdef int splice(self, size_t index, Sequence exons) except -1 nogil:
        cdef Transcript* item = &self.items[index]
        cdef char* start = <char*>malloc(item.spliced_length + 1)
        cdef char* spliced = start
        cdef size_t number
        cdef long long position
        cdef const Exon* exon
        cdef const Window* window
        if start == NULL:
            with gil:
                raise MemoryError
        for number in range(item.exon_count):
            exon = &item.exons[number]
            window = exons.window_at(exon.start)
            if window == NULL or window.end < exon.end:
                free(start)
                with gil:
                    raise ValueError("an exon was not fetched")
            if item.strand == 1:
                memcpy(spliced, window.bases + (exon.start - window.start), exon.end - exon.start)
                spliced += exon.end - exon.start
                continue
            for position in range(exon.end - 1, exon.start - 1, -1):
                spliced[0] = complement(window.bases[position - window.start])
                spliced += 1
        spliced[0] = 0
        item.spliced = start
        return 0


cdef Sequence _exons(Transcripts transcripts, const char* marks, object fetch):
    """Windows over all exons of the marked transcripts."""
    cdef size_t count = 0, index, number
    cdef const Transcript* item
    cdef Range* ranges
    for index in range(transcripts.count):
        if marks[index]:
            count += transcripts.items[index].exon_count
    ranges = <Range*>malloc((count + 1) * sizeof(Range))
    if ranges == NULL:
        raise MemoryError
    try:
        count = 0
        for index in range(transcripts.count):
            if marks[index]:
                item = &transcripts.items[index]
                for number in range(item.exon_count):
                    ranges[count].start = item.exons[number].start
                    ranges[count].end = item.exons[number].end
                    count += 1
        return fetched(ranges, count, fetch)
    finally:
        free(ranges)
