"""Writing ANN, the field of "Variant annotations in VCF format" 1.0 (Cingolani et al., 2015).

An entry has 16 parts, divided by ``|``. Nothing in it needs escaping but the ``=`` of
``p.Leu54=``, which VCF forbids in INFO and VEP writes as ``%3D``, as we do.

Most of the time of annotating goes into writing entries, so they are written through a pointer,
into room that is made once for each.
"""

from libc.string cimport memcpy

from gas.annotation.kernel.columns cimport put, put_char, put_string, reserve
from gas.annotation.kernel.consequence.terms cimport (
    NOTE_COUNT,
    Name,
    impact_of,
    most_severe,
    note_name,
    term_name,
)

cdef enum:
    # More than the parts of an entry that have no length of their own can take: all terms, all
    # notes, and numbers.
    ENTRY_ROOM = 2048
    RANGE_ROOM = 80


cdef inline char* _copy(char* at, const char* data, size_t length) noexcept nogil:
    memcpy(at, data, length)
    return at + length


cdef inline char* _char(char* at, char character) noexcept nogil:
    at[0] = character
    return at + 1


cdef inline char* _name(char* at, const Name* name) noexcept nogil:
    return _copy(at, name.text, name.length)


cdef inline char* _number(char* at, long long number) noexcept nogil:
    """Write a number that is not negative."""
    cdef char digits[20]
    cdef int first = 20
    while True:
        first -= 1
        digits[first] = <char>(48 + number % 10)
        number //= 10
        if number == 0:
            return _copy(at, digits + first, 20 - first)


cdef inline char* _range(char* at, const Range* positions) noexcept nogil:
    """Write ``12``, ``12-14`` or, where an end is not known, ``?-14``; nothing for none."""
    if positions.first == 0 and positions.last == 0:
        return at
    at = _number(at, positions.first) if positions.first else _char(at, b'?')
    if positions.first != positions.last:
        at = _char(at, b'-')
        at = _number(at, positions.last) if positions.last else _char(at, b'?')
    return at


cdef inline char* _range_of(char* at, const Range* positions, long long length) noexcept nogil:
    """Write ``2/5`` or ``2-3/5``; nothing for none."""
    if positions.first == 0 and positions.last == 0:
        return at
    return _number(_char(_range(at, positions), b'/'), length)


cdef int put_range(Text* text, const Range* positions) except -1 nogil:
    """Add ``12``, ``12-14``, ``?-14`` or nothing."""
    reserve(text, RANGE_ROOM)
    text.length = <size_t>(_range(text.data + text.length, positions) - text.data)
    return 0


cdef int put_ranks(Text* text, const Range* ranks, size_t count) except -1 nogil:
    """Add ``2/5``, ``2-3/5`` or nothing."""
    reserve(text, RANGE_ROOM)
    text.length = <size_t>(
        _range_of(text.data + text.length, ranks, <long long>count) - text.data
    )
    return 0


cdef int put_transcript(Text* text, const Transcript* transcript) except -1 nogil:
    """Add the parts 4 to 8, which are the same in each entry of a transcript."""
    put_char(text, b'|')
    put_string(text, transcript.gene_name)
    put_char(text, b'|')
    put_string(text, transcript.gene_id)
    put(text, "|transcript|", 12)
    put_string(text, transcript.id)
    put_char(text, b'|')
    put_string(text, transcript.biotype)
    return put_char(text, b'|')


cdef inline char* _terms(char* at, unsigned int terms) noexcept nogil:
    """Write the terms, joined by ``&``, and the impact of the most severe."""
    cdef int first = most_severe(terms), index = first
    at = _name(_char(at, b'|'), term_name(first))
    terms >>= first
    while terms > 1:
        terms >>= 1
        index += 1
        if terms & 1:
            at = _name(_char(at, b'&'), term_name(index))
    return _name(_char(at, b'|'), impact_of(first))


cdef inline char* _notes(char* at, unsigned int notes) noexcept nogil:
    cdef int index
    cdef bint some = False
    for index in range(NOTE_COUNT):
        if notes >> index & 1:
            if some:
                at = _char(at, b'&')
            at = _name(at, note_name(index))
            some = True
    return at


cdef inline char* _positions(char* at, const Effect* effect) noexcept nogil:
    """Write the parts 12 to 15: cDNA, CDS, protein, distance."""
    cdef const Transcript* transcript = effect.transcript
    cdef long long coding, residues
    if effect.cdna.first == 0 and effect.cdna.last == 0:
        at = _copy(at, "||||", 4)
    else:
        coding = transcript.coding_end - transcript.coding_start
        # As many residues as there are codons before the stop; the first one may be incomplete.
        residues = (coding + (3 - transcript.phase) % 3 + 2) // 3
        if transcript.end_complete:
            residues -= 1
        at = _range_of(_char(at, b'|'), &effect.cdna, transcript.spliced_length)
        at = _range_of(_char(at, b'|'), &effect.cds, coding)
        at = _char(_range_of(_char(at, b'|'), &effect.protein, residues), b'|')
    if effect.distance:
        at = _number(at, effect.distance)
    return at


cdef int put_entry(
    Text* text,
    const Effect* effect,
    const Text* words,
    const char* transcript,
    size_t transcript_length,
    const char* allele,
    size_t allele_length,
) except -1 nogil:
    """Add one entry: an allele's effect on one transcript, or that there is none near.

    ``words`` holds the effect's texts, ``transcript`` what `put_transcript` makes.
    """
    cdef const char* protein = words.data + effect.hgvs_p.offset
    cdef char* at
    reserve(
        text,
        allele_length
        + transcript_length
        + effect.hgvs_c.length
        + effect.hgvs_p.length
        + ENTRY_ROOM,
    )
    at = _terms(_copy(text.data + text.length, allele, allele_length), effect.terms)
    if effect.transcript == NULL:
        at = _copy(at, "|||||||||||||", 13)
    else:
        at = _copy(at, transcript, transcript_length)
        if effect.exons.first:
            at = _range_of(at, &effect.exons, <long long>effect.transcript.exon_count)
        else:
            at = _range_of(at, &effect.introns, <long long>effect.transcript.exon_count - 1)
        at = _char(at, b'|')
        at = _copy(at, words.data + effect.hgvs_c.offset, effect.hgvs_c.length)
        at = _char(at, b'|')
        at = _copy(at, protein, effect.hgvs_p.length)
        if effect.hgvs_p.length and protein[effect.hgvs_p.length - 1] == b'=':
            at = _copy(at - 1, "%3D", 3)
        at = _positions(at, effect)
        at = _notes(_char(at, b'|'), effect.notes)
    text.length = <size_t>(at - text.data)
    return 0
