"""HGVS descriptions of a change in a transcript, ``c.`` and ``n.``.

After the HGVS nomenclature (hgvs-nomenclature.org): "Numbering" and "DNA recommendations".
"""

from gas.annotation.kernel.consequence.codons cimport complement
from gas.annotation.kernel.columns cimport put, put_char, put_number
from gas.annotation.kernel.consequence.three_prime cimport (
    exon_end,
    exon_reaching,
    exon_start,
    oriented_base,
)


cdef int _put_position(
    Text* text, const Transcript* transcript, long long position
) except -1 nogil:
    """Number an oriented position of the transcript: ``-14``, ``88+2``, ``*12-7``."""
    cdef size_t index = exon_reaching(transcript, position)
    cdef long long start = exon_start(transcript, index), before, after, offset = 0
    cdef long long spliced = transcript.exons[index].spliced
    if position >= start:
        spliced += position - start
    else:
        # In an intron: counted from the nearer exon, in the very middle from the 5' one.
        before = position - exon_end(transcript, index - 1) + 1
        after = start - position
        offset = -after
        if before <= after:
            spliced -= 1
            offset = before
    if transcript.coding_start < 0:
        put_number(text, spliced + 1)
    elif spliced < transcript.coding_start:
        put_number(text, spliced - transcript.coding_start)
    elif spliced < transcript.coding_end:
        put_number(text, spliced - transcript.coding_start + 1)
    else:
        put_char(text, b'*')
        put_number(text, spliced - transcript.coding_end + 1)
    if offset > 0:
        put_char(text, b'+')
    if offset:
        put_number(text, offset)
    return 0


cdef int _put_range(
    Text* text, const Transcript* transcript, long long start, long long end
) except -1 nogil:
    """Number ``[start, end)``; one position where it is one base."""
    _put_position(text, transcript, start)
    if end - start > 1:
        put_char(text, b'_')
        _put_position(text, transcript, end - 1)
    return 0


cdef bint _duplicates(
    const Transcript* transcript, const Placed* placed, const Window* window, long long start
) noexcept nogil:
    """Whether the inserted bases are a copy of those from ``start`` on."""
    cdef long long index, length = <long long>placed.inserted_length
    if start < exon_start(transcript, 0):
        return False
    if start + length > exon_end(transcript, transcript.exon_count - 1):
        return False
    for index in range(length):
        if oriented_base(window, transcript.strand, start + index) != placed.inserted[index]:
            return False
    return True


cdef bint _inverts(
    const Transcript* transcript, const Placed* placed, const Window* window
) noexcept nogil:
    """Whether the inserted bases are the reverse complement of those they replace."""
    cdef long long index, length = <long long>placed.inserted_length
    if length < 2 or placed.end - placed.start != length:
        return False
    for index in range(length):
        if placed.inserted[index] != complement(
            oriented_base(window, transcript.strand, placed.end - 1 - index)
        ):
            return False
    return True


cdef int describe_transcript(
    Text* text, const Transcript* transcript, const Placed* placed, const Window* window
) except -1 nogil:
    """Write ``c.76A>T`` and the like. The change must lie within the transcript."""
    cdef long long start = placed.start, end = placed.end
    cdef long long length = <long long>placed.inserted_length
    put(text, "n." if transcript.coding_start < 0 else "c.", 2)
    if start == end:
        # Slid as far 3' as it goes, a duplicate lies behind its original; only at the
        # transcript's own end it may lie before.
        if _duplicates(transcript, placed, window, start - length):
            _put_range(text, transcript, start - length, start)
            put(text, "dup", 3)
        elif _duplicates(transcript, placed, window, start):
            _put_range(text, transcript, start, start + length)
            put(text, "dup", 3)
        else:
            _put_range(text, transcript, start - 1, start + 1)
            put(text, "ins", 3)
            put(text, placed.inserted, placed.inserted_length)
    elif length == 1 and end - start == 1:
        _put_position(text, transcript, start)
        put_char(text, oriented_base(window, transcript.strand, start))
        put_char(text, b'>')
        put_char(text, placed.inserted[0])
    else:
        _put_range(text, transcript, start, end)
        if length == 0:
            put(text, "del", 3)
        elif _inverts(transcript, placed, window):
            put(text, "inv", 3)
        else:
            put(text, "delins", 6)
            put(text, placed.inserted, placed.inserted_length)
    return 0
