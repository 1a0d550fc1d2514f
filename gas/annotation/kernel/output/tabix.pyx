"""A tabix index (.tbi) of a VCF, made while the file is written.

Format: "The Tabix index file format" and section 5 of the SAM specification (samtools.github.io,
hts-specs). A contig is cut into bins of six sizes; a record is in the smallest bin that holds it
whole. The index tells for each bin which pieces of the file its records lie in ("chunks"), and for
each window of 16 kb where the first record that overlaps it begins. A place in the file is a
virtual offset: that of a compressed block, times 2**16, plus that in the unpacked block.
"""

from libc.stdint cimport int32_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, qsort
from libc.string cimport memset

from gas.annotation.kernel.columns cimport Text, put, release
from gas.annotation.kernel.output.emit cimport VcfText
from gas.annotation.kernel.memory cimport Buffer
from gas.annotation.kernel.output.reach cimport Span

cdef enum:
    BINS = 37450              # 1 + 8 + 64 + 512 + 4096 + 32768 bins, 0 to 37448
    COUNTS_BIN = 37450        # htslib's bin for the place and number of all records of a contig
    WINDOW_SHIFT = 14
    FORMAT_VCF = 2

cdef uint64_t NOWHERE = <uint64_t>-1

cdef struct Chunk:
    uint64_t begin            # virtual offsets
    uint64_t end
    uint32_t bin


cdef uint32_t bin_of(int begin, int end) noexcept nogil:
    """The smallest bin that holds [begin, end): bins of 16 kb, 128 kb, 1, 8, 64 and 512 Mb."""
    cdef int last = end - 1, shift = WINDOW_SHIFT, first_bin = 4681
    while shift < 29:
        if begin >> shift == last >> shift:
            return <uint32_t>(first_bin + (begin >> shift))
        shift += 3
        first_bin >>= 3  # 4681, 585, 73, 9, 1: the bins of one size follow those of the next
    return 0


cdef int by_bin(const void* first, const void* second) noexcept nogil:
    cdef const Chunk* one = <const Chunk*>first
    cdef const Chunk* other = <const Chunk*>second
    if one.bin != other.bin:
        return -1 if one.bin < other.bin else 1
    return -1 if one.begin < other.begin else one.begin > other.begin


cdef class _Contig:
    cdef bytes name
    cdef Text chunks          # of Chunk, in the order of the file
    cdef Text windows         # of uint64_t; NOWHERE: no record overlaps it
    cdef uint64_t records

    def __dealloc__(self):
        release(&self.chunks)
        release(&self.windows)


cdef class TabixIndex:
    """``add`` the written chunks in the order of the file; then ``content``."""

    cdef dict contigs
    cdef _Contig contig       # the last one
    cdef int last_begin
    cdef int32_t* newest      # for each bin of the last contig its newest chunk, from 1

    def __cinit__(self):
        self.contigs = {}
        self.newest = <int32_t*>calloc(BINS, sizeof(int32_t))
        if self.newest == NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.newest)

    def add(self, VcfText lines not None, list starts not None, uint64_t base, size_t block_size):
        """Index lines that were compressed to blocks of ``block_size`` bytes each but the last.

        ``base`` is where the first block lies in the file, ``starts`` where each lies behind that,
        and where the last one ends. Raises ValueError where records are not in order.
        """
        cdef size_t blocks = (len(lines.text) + block_size - 1) // block_size, index
        cdef size_t first, end
        cdef uint64_t* places
        cdef bytes name
        if len(starts) != <Py_ssize_t>blocks + 1:
            raise ValueError(f"{len(starts) - 1} blocks of a text that fills {blocks}")
        places = <uint64_t*>calloc(blocks + 1, sizeof(uint64_t))
        if places == NULL:
            raise MemoryError
        try:
            for index in range(blocks + 1):
                places[index] = base + <uint64_t>starts[index]
            for name, first, end in lines.runs:
                self._enter(name)
                with nogil:
                    self._add_run(lines, first, end, places, blocks, block_size)
        finally:
            free(places)

    cdef int _enter(self, bytes name) except -1:
        if self.contig is not None and self.contig.name == name:
            return 0
        if name in self.contigs:
            raise ValueError(f"the records of {name!r} are not together")
        self.contig = _Contig()
        self.contig.name = name
        self.contigs[name] = self.contig
        self.last_begin = 0
        memset(self.newest, 0, BINS * sizeof(int32_t))
        return 0

    cdef int _add_run(
        self, VcfText lines, size_t first, size_t end,
        const uint64_t* places, size_t blocks, size_t block_size,
    ) except -1 nogil:
        cdef const Span* spans = <const Span*>lines.spans.text.data
        cdef size_t count = lines.spans.text.length // sizeof(Span), length = lines.text.text.length
        cdef size_t index, until
        cdef uint64_t begins, ends
        if first >= end:
            return 0
        begins = places[spans[first].offset // block_size] << 16 | spans[first].offset % block_size
        for index in range(first, end):
            until = spans[index + 1].offset if index + 1 < count else length
            if until == length:
                ends = places[blocks] << 16
            else:
                ends = places[until // block_size] << 16 | until % block_size
            if spans[index].begin < self.last_begin:
                with gil:
                    raise ValueError(f"{self.contig.name!r}: the records are not sorted")
            self.last_begin = spans[index].begin
            self._note_chunk(bin_of(spans[index].begin, spans[index].end), begins, ends)
            self._note_windows(spans[index].begin, spans[index].end, begins)
            begins = ends
        self.contig.records += end - first
        return 0

    cdef int _note_chunk(self, uint32_t bin, uint64_t begins, uint64_t ends) except -1 nogil:
        cdef Chunk chunk
        cdef Chunk* newest
        if self.newest[bin]:
            newest = <Chunk*>self.contig.chunks.data + (self.newest[bin] - 1)
            # What lies between, in one block, is cheaper to read than to seek past.
            if newest.end >> 16 >= begins >> 16:
                newest.end = ends
                return 0
        chunk.bin, chunk.begin, chunk.end = bin, begins, ends
        put(&self.contig.chunks, <const char*>&chunk, sizeof(Chunk))
        self.newest[bin] = <int32_t>(self.contig.chunks.length // sizeof(Chunk))
        return 0

    cdef int _note_windows(self, int begin, int end, uint64_t begins) except -1 nogil:
        """The first record of a window is the first that is noted, because they come in order."""
        cdef size_t first = begin >> WINDOW_SHIFT, last = (end - 1) >> WINDOW_SHIFT
        cdef size_t known = self.contig.windows.length // sizeof(uint64_t)
        while known <= last:
            put(
                &self.contig.windows,
                <const char*>(&begins if known >= first else &NOWHERE),
                sizeof(uint64_t),
            )
            known += 1
        return 0

    def content(self, uint64_t shift):
        """The .tbi, not yet compressed; ``shift`` bytes came before what ``add`` called 0.

        Only after the last ``add``.
        """
        cdef Buffer out = Buffer()
        cdef _Contig contig
        names = b"".join(name + b"\0" for name in self.contigs)
        put(&out.text, b"TBI\x01", 4)
        for number in (len(self.contigs), FORMAT_VCF, 1, 2, 0, ord("#"), 0, len(names)):
            put_32(&out.text, number)
        put(&out.text, names, len(names))
        for contig in self.contigs.values():
            put_contig(&out.text, contig, shift << 16)
        put_64(&out.text, 0)  # records without a place
        return out


cdef int put_32(Text* out, uint32_t number) except -1:
    return put(out, <const char*>&number, 4)  # all machines that we build for are little-endian


cdef int put_64(Text* out, uint64_t number) except -1:
    return put(out, <const char*>&number, 8)


cdef int put_contig(Text* out, _Contig contig, uint64_t shift) except -1:
    cdef Chunk* chunks = <Chunk*>contig.chunks.data
    cdef size_t count = contig.chunks.length // sizeof(Chunk), index
    cdef uint64_t begins = NOWHERE, ends = 0
    cdef uint32_t bins = 1
    qsort(chunks, count, sizeof(Chunk), by_bin)
    for index in range(count):
        begins, ends = min(begins, chunks[index].begin), max(ends, chunks[index].end)
        bins += index == 0 or chunks[index].bin != chunks[index - 1].bin
    put_32(out, bins)
    put_bins(out, chunks, count, shift)
    put_32(out, COUNTS_BIN)
    put_32(out, 2)
    put_64(out, begins + shift)
    put_64(out, ends + shift)
    put_64(out, contig.records)
    put_64(out, 0)  # records without a place on the contig
    return put_windows(out, contig, shift)


cdef int put_bins(Text* out, const Chunk* chunks, size_t count, uint64_t shift) except -1:
    """Each bin with its chunks, which are sorted by bin."""
    cdef size_t first = 0, end, index
    while first < count:
        end = first
        while end < count and chunks[end].bin == chunks[first].bin:
            end += 1
        put_32(out, chunks[first].bin)
        put_32(out, <uint32_t>(end - first))
        for index in range(first, end):
            put_64(out, chunks[index].begin + shift)
            put_64(out, chunks[index].end + shift)
        first = end
    return 0


cdef int put_windows(Text* out, _Contig contig, uint64_t shift) except -1:
    """A window that no record overlaps tells of the next one that has any, as htslib does it."""
    cdef uint64_t* windows = <uint64_t*>contig.windows.data
    cdef size_t count = contig.windows.length // sizeof(uint64_t), index
    for index in range(count - 1, 0, -1):  # the last one is never empty
        if windows[index - 1] == NOWHERE:
            windows[index - 1] = windows[index]
    put_32(out, <uint32_t>count)
    for index in range(count):
        put_64(out, windows[index] + shift)
    return 0
