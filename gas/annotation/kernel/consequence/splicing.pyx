"""Introns and the splice sites at their ends: terms, and where to look for the least of them.

Definitions as Ensembl gives them ("Calculated consequences"); see docs/consequences.md.
"""

from gas.annotation.kernel.consequence.terms cimport (
    INTRON,
    SPLICE_ACCEPTOR,
    SPLICE_DONOR,
    SPLICE_DONOR_5TH_BASE,
    SPLICE_DONOR_REGION,
    SPLICE_POLYPYRIMIDINE_TRACT,
    SPLICE_REGION,
)
from gas.annotation.kernel.consequence.three_prime cimport exon_end, exon_reaching, exon_start, place_at


cdef unsigned int intron_terms(
    const Placed* placed, long long start, long long end
) noexcept nogil:
    """The terms for the intron ``[start, end)`` and the exon bases next to it."""
    cdef unsigned int terms = 0
    cdef long long at = placed.start
    cdef bint insertion = at == placed.end
    if at > start + 17 and placed.end < end - 17:
        return INTRON
    if hits(placed, start + 2, end - 2) or (insertion and (at == start + 2 or at == end - 2)):
        terms = INTRON
    if hits(placed, start, start + 2):
        terms |= SPLICE_DONOR
    if hits(placed, end - 2, end):
        terms |= SPLICE_ACCEPTOR
    # What is nearby is told only where the splice site itself is whole.
    if not terms & SPLICE_DONOR:
        if hits(placed, start + 4, start + 5):
            terms |= SPLICE_DONOR_5TH_BASE
        elif hits(placed, start + 2, start + 6):
            terms |= SPLICE_DONOR_REGION
    if not terms & SPLICE_ACCEPTOR and hits(placed, end - 17, end - 2):
        terms |= SPLICE_POLYPYRIMIDINE_TRACT
    if terms & (SPLICE_DONOR | SPLICE_ACCEPTOR | SPLICE_DONOR_5TH_BASE | SPLICE_DONOR_REGION):
        return terms
    if (
        hits(placed, start - 3, start)
        or hits(placed, start + 2, start + 8)
        or hits(placed, end - 8, end - 2)
        or hits(placed, end, end + 3)
        or (insertion and (at == start or at == end or at == start + 2 or at == end - 2))
    ):
        terms |= SPLICE_REGION
    return terms


cdef bint hits_splice_site(const Transcript* transcript, const Placed* placed) noexcept nogil:
    """Whether the first or last two bases of an intron are changed or parted."""
    cdef size_t index = exon_reaching(transcript, placed.start - 1)
    cdef long long start, end
    for index in range(index if index else 1, transcript.exon_count):
        start, end = exon_end(transcript, index - 1), exon_start(transcript, index)
        if start >= placed.end:
            return False
        if end - start >= SHORTEST_INTRON and (
            hits(placed, start, start + 2) or hits(placed, end - 2, end)
        ):
            return True
    return False


cdef int leave_splice_sites(
    Subject* subject, const Transcript* transcript, long long at, Placed* placed
) except -1 nogil:
    """Place an allele that starts at ``at``, or if it hits a splice site there, but also reads as a
    change beside it, 3'-most there: then the site's bases stay as they are."""
    cdef int strand = transcript.strand
    cdef long long start = exon_start(transcript, 0)
    cdef long long back = at
    place_at(subject, strand, at, placed)
    while hits_splice_site(transcript, placed):
        back -= strand
        if back < subject.leftmost or back > subject.rightmost:
            return place_at(subject, strand, at, placed)
        placed.start -= 1
        placed.end -= 1
        if placed.end <= start:
            return place_at(subject, strand, at, placed)
    return place_at(subject, strand, back, placed)
