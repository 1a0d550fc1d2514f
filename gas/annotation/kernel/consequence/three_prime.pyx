"""The 3' rule: of all places where a change can be described, the one furthest 3' is meant.

HGVS asks for it (hgvs-nomenclature.org, "General recommendations", and "Deletion" for what is at
exon borders): along the genome in the transcript's direction, across exon/intron borders, but not
from one exon into the next. Because every way to write a change leads to the same place, nothing
that is said of it depends on how the caller aligned it.
"""

from gas.annotation.kernel.consequence.codons cimport complement
from gas.annotation.kernel.columns cimport reserve
from gas.annotation.kernel.sequence cimport base_at


cdef char oriented_base(const Window* window, int strand, long long position) noexcept nogil:
    """The base at an oriented position, N outside the window."""
    if strand > 0:
        return base_at(window, position)
    return complement(base_at(window, -position - 1))


cdef void examine(
    Subject* subject, const Allele* allele, const char* inserted, const Window* window
) noexcept nogil:
    """Take up an allele, and find how far it can slide along the reference."""
    cdef long long start = allele.start, end = allele.end, steps
    cdef long long length = <long long>allele.inserted_length
    cdef char base
    subject.allele = allele
    subject.inserted = inserted
    subject.window = window
    subject.turned_start[0] = subject.turned_start[1] = -1
    subject.leftmost = subject.rightmost = start
    if (start == end) == (length == 0):
        return  # neither a pure insertion nor a pure deletion
    steps = 0
    while True:
        base = base_at(window, start - 1 - steps)
        if base == b'N':
            break
        if length and base != inserted[length - 1 - steps % length]:
            break
        if not length and base != base_at(window, end - 1 - steps):
            break
        steps += 1
    subject.leftmost = start - steps
    steps = 0
    while True:
        base = base_at(window, end + steps)
        if base == b'N':
            break
        if length and base != inserted[steps % length]:
            break
        if not length and base != base_at(window, start + steps):
            break
        steps += 1
    subject.rightmost = start + steps


cdef int _turn(Subject* subject, int strand, long long start) except -1 nogil:
    """Make the inserted bases for a change that starts at ``start``, in the strand's direction."""
    cdef int side = 0 if strand > 0 else 1
    cdef Text* text = &subject.turned[side]
    cdef long long length = <long long>subject.allele.inserted_length, index, moved
    text.length = 0
    reserve(text, <size_t>length)
    moved = (start - subject.allele.start) % length if length else 0
    if moved < 0:
        moved += length
    for index in range(length):
        if strand > 0:
            text.data[index] = subject.inserted[(index + moved) % length]
        else:
            text.data[length - 1 - index] = complement(
                subject.inserted[(index + moved) % length]
            )
    text.length = <size_t>length
    subject.turned_start[side] = start
    return 0


cdef long long three_prime_most(
    const Subject* subject, int strand, long long start, long long end
) noexcept nogil:
    """Where the allele starts on the contig, 3'-most for a transcript of ``[start, end)``.

    A description must stay within the transcript, so the allele does not slide over its 3' end.
    """
    cdef long long size = subject.allele.end - subject.allele.start, limit
    cdef int insertion = 1 if size == 0 else 0
    if strand > 0:
        limit = end - size - insertion
        if subject.rightmost <= limit:
            return subject.rightmost
        return limit if limit > subject.leftmost else subject.leftmost
    limit = start + insertion
    if subject.leftmost >= limit:
        return subject.leftmost
    return limit if limit < subject.rightmost else subject.rightmost


cdef int place_at(Subject* subject, int strand, long long at, Placed* placed) except -1 nogil:
    """See the allele as it starts at ``at`` on the contig, from a transcript's strand.

    ``placed`` is good until the next call for the same strand.
    """
    cdef long long size = subject.allele.end - subject.allele.start
    cdef int side = 0 if strand > 0 else 1
    if subject.turned_start[side] != at:
        _turn(subject, strand, at)
    placed.start = at if strand > 0 else -(at + size)
    placed.end = placed.start + size
    placed.inserted = subject.turned[side].data
    placed.inserted_length = subject.allele.inserted_length
    return 0
