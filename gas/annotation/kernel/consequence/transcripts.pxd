# The transcripts of one contig, laid out for search and for walking along the spliced sequence.

from gas.annotation.kernel.records cimport Records
from gas.annotation.kernel.sequence cimport Sequence

cdef struct Exon:
    long long start           # on the contig, 0-based, half open
    long long end
    long long spliced         # where its 5'-most base lies in the spliced transcript, from 0

cdef struct Transcript:
    long long start           # on the contig, 0-based, half open
    long long end
    int strand                # 1 or -1
    const Exon* exons         # in the transcript's direction: exons[0] is the 5'-most
    size_t exon_count
    long long spliced_length
    long long coding_start    # in the spliced transcript, 0-based, half open, the stop codon
    long long coding_end      # included; both -1 where nothing is coding
    int phase                 # bases to skip from coding_start to the first whole codon
    bint start_complete
    bint end_complete
    const char* spliced       # upper-case bases in the transcript's direction; NULL: not loaded
    bint mitochondrial_code   # translate by NCBI table 2, not 1
    bint canonical
    int mane                  # 0 none, 1 Select, 2 Plus Clinical
    const char* id            # texts are NUL-terminated, percent-free, without '|', ',' or ';'
    const char* gene_id
    const char* gene_name
    const char* biotype
    const char* protein_id

cdef class Layout:            # what all threads share: it never changes once it is made
    cdef Transcript* items    # without sequences
    cdef size_t count
    cdef Exon* exons
    cdef long long* furthest
    cdef list texts

cdef class Transcripts:       # one for each thread: only `spliced` differs
    cdef Transcript* items    # by start, then end
    cdef size_t count
    cdef long long* furthest  # furthest[i]: the greatest end among items[0..i]
    cdef Layout layout
    # The items that overlap [start - flank, end + flank) lie in [first, end_of): walk that range
    # and test each one's own end.
    cdef size_t first_reaching(self, long long position) noexcept nogil  # first with furthest > position
    cdef size_t end_before(self, long long position) noexcept nogil      # first with start >= position
    cdef bint wanted(self, size_t index, long long start, long long end) noexcept nogil
    cdef size_t mark(self, Records records, size_t run, char* marks) noexcept nogil
    cdef int splice(self, size_t index, Sequence exons) except -1 nogil
