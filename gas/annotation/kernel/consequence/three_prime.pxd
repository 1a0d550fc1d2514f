# Where an allele lies, seen along a transcript: see effect.pxd for "oriented" positions.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Placed
from gas.annotation.kernel.records cimport Allele
from gas.annotation.kernel.sequence cimport Window
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef struct Subject:          # the allele at hand
    const Allele* allele
    const char* inserted      # as in the record, forward strand
    const Window* window      # the reference around it; NULL: not there
    long long leftmost        # the same change may be described with any start in
    long long rightmost       # [leftmost, rightmost]; only one for all but insertions and deletions
    Text turned[2]            # the inserted bases for forward and reverse transcripts, ...
    long long turned_start[2] # ... as they read when the change starts here; -1: not yet made

cdef inline long long exon_start(const Transcript* transcript, size_t index) noexcept nogil:
    if transcript.strand > 0:
        return transcript.exons[index].start
    return -transcript.exons[index].end

cdef inline long long exon_end(const Transcript* transcript, size_t index) noexcept nogil:
    if transcript.strand > 0:
        return transcript.exons[index].end
    return -transcript.exons[index].start

cdef inline size_t exon_reaching(const Transcript* transcript, long long position) noexcept nogil:
    """The first exon that ends behind an oriented position; exon_count if none does."""
    cdef size_t low = 0, high = transcript.exon_count, middle
    while low < high:
        middle = (low + high) // 2
        if exon_end(transcript, middle) > position:
            high = middle
        else:
            low = middle + 1
    return low

cdef void examine(
    Subject* subject, const Allele* allele, const char* inserted, const Window* window
) noexcept nogil
cdef long long three_prime_most(
    const Subject* subject, int strand, long long start, long long end
) noexcept nogil
cdef int place_at(Subject* subject, int strand, long long at, Placed* placed) except -1 nogil
cdef char oriented_base(const Window* window, int strand, long long position) noexcept nogil
