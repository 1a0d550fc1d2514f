# Introns and the splice sites at their ends.

from gas.annotation.kernel.consequence.effect cimport Placed
from gas.annotation.kernel.consequence.three_prime cimport Subject
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef enum:
    # Introns shorter than this cannot be spliced: gene sets have them where the genome lacks a
    # base or has one too many. Ensembl calls them frameshift introns.
    SHORTEST_INTRON = 13

cdef inline bint hits(const Placed* placed, long long start, long long end) noexcept nogil:
    """Whether the allele changes a base of ``[start, end)`` or is inserted between two of them."""
    return placed.start < end and placed.end > start

cdef unsigned int intron_terms(
    const Placed* placed, long long start, long long end
) noexcept nogil
cdef int leave_splice_sites(
    Subject* subject, const Transcript* transcript, long long at, Placed* placed
) except -1 nogil
