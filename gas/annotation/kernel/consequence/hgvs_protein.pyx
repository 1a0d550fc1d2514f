"""HGVS descriptions of a change in a protein, ``p.``, and the codons at the place.

After the HGVS nomenclature (hgvs-nomenclature.org), "Protein recommendations". As is common in VCF,
the parentheses that mark a prediction are left out: all of these are predictions.
"""

from gas.annotation.kernel.consequence.codons cimport residue_name
from gas.annotation.kernel.columns cimport put, put_char, put_number
from gas.annotation.kernel.consequence.reading cimport (
    altered_residue,
    next_stop,
    reference_base,
    reference_residue,
)
from gas.annotation.kernel.consequence.terms cimport START_LOST
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef enum:
    # Codons and residues of a longer change are left out: they would repeat the record.
    MOST_CODON_BASES = 300


cdef int _put_residue(Text* text, const Reading* reading, long long codon) except -1 nogil:
    """Write a reference residue with its number, ``Arg97``."""
    put(text, residue_name(reference_residue(reading, codon)), 3)
    put_number(text, codon + 1)
    return 0


cdef int _put_residues(
    Text* text, const Reading* reading, long long first, long long end
) except -1 nogil:
    """Write the reference residues ``[first, end)`` as ``Arg97`` or ``Arg97_Gly99``."""
    _put_residue(text, reading, first)
    if end - first > 1:
        put_char(text, b'_')
        _put_residue(text, reading, end - 1)
    return 0


cdef int _put_stop(Text* text, long long number) except -1 nogil:
    put(text, "Ter", 3)
    if number < 0:
        put_char(text, b'?')
    else:
        put_number(text, number)
    return 0


cdef bint _duplicates(const Reading* reading, const Verdict* verdict) noexcept nogil:
    """Whether the inserted residues repeat those before them."""
    cdef long long index, length = verdict.altered_end - verdict.changed
    if length > verdict.changed:
        return False
    for index in range(verdict.changed, verdict.altered_end):
        if altered_residue(reading, index) != reference_residue(reading, index - length):
            return False
    return True


cdef int _put_in_frame(
    Text* text, const Reading* reading, const Verdict* verdict
) except -1 nogil:
    """Write ``del``, ``dup``, ``ins``, ``delins`` or a plain substitution."""
    cdef long long codon, changed = verdict.changed, end = verdict.altered_end
    if verdict.changed_end == changed:
        if _duplicates(reading, verdict):
            _put_residues(text, reading, changed - (end - changed), changed)
            put(text, "dup", 3)
            return 0
        _put_residues(text, reading, changed - 1, changed + 1)
        put(text, "ins", 3)
    else:
        _put_residues(text, reading, changed, verdict.changed_end)
        if end == changed:
            put(text, "del", 3)
            return 0
        if verdict.changed_end - changed != 1 or end - changed != 1:
            put(text, "delins", 6)
    for codon in range(changed, end):
        put(text, residue_name(altered_residue(reading, codon)), 3)
    return 0


cdef int describe_protein(
    Text* text, const Reading* reading, const Verdict* verdict
) except -1 nogil:
    """Write ``p.Arg97Trp`` and the like; nothing where the change cannot be told."""
    cdef long long changed = verdict.changed, stop
    cdef char before, after
    if verdict.unknown:
        return 0
    if verdict.terms == START_LOST:
        put(text, "p.Met1?", 7)
        return 0
    if verdict.same:
        put(text, "p.", 2)
        _put_residues(
            text,
            reading,
            verdict.touched,
            verdict.touched_end if verdict.touched_end > verdict.touched else verdict.touched + 1,
        )
        put_char(text, b'=')
        return 0
    before = reference_residue(reading, changed)
    after = altered_residue(reading, changed)
    if before == 0:
        return 0  # it lies where the gene set does not know the protein
    put(text, "p.", 2)
    if after == 0:
        return put_char(text, b'?')  # the transcript ends before anything comes of it
    if after == b'*' and verdict.altered_end == changed + 1:
        _put_residue(text, reading, changed)
        return put(text, "Ter", 3)
    if before == b'*' and verdict.changed_end > changed:
        _put_residue(text, reading, changed)
        put(text, residue_name(after), 3)
        put(text, "ext", 3)
        stop = next_stop(reading, changed)
        return _put_stop(text, stop - changed if stop >= 0 else -1)
    if verdict.frameshift:
        _put_residue(text, reading, changed)
        put(text, residue_name(after), 3)
        put(text, "fs", 2)
        stop = next_stop(reading, changed)
        return _put_stop(text, stop - changed + 1 if stop >= 0 else -1)
    if verdict.changed_end > changed and altered_residue(reading, verdict.altered_end - 1) != b'*':
        if reference_residue(reading, verdict.changed_end - 1) == b'*':
            return put_char(text, b'?')  # the stop goes, with residues before it, and none comes
    return _put_in_frame(text, reading, verdict)


cdef int _put_codons(
    Text* text, const Reading* reading, long long start, long long end, bint altered
) except -1 nogil:
    """Write the bases ``[start, end)``, in upper case what is changed, ``aCg``; ``-`` for none."""
    cdef size_t before = text.length
    cdef long long at
    for at in range(start, reading.start):
        put_char(text, reference_base(reading, at) | 32)
    if altered:
        put(text, reading.inserted, <size_t>reading.inserted_length)
    else:
        for at in range(reading.start, reading.end):
            put_char(text, reference_base(reading, at))
    for at in range(reading.end, end):
        put_char(text, reference_base(reading, at) | 32)
    if text.length == before:
        put_char(text, b'-')
    return 0


cdef int show_codons(
    Text* text, const Reading* reading, const Verdict* verdict, Effect* effect
) except -1 nogil:
    """Write ``aCg/aTg`` and ``T/M`` as VEP does, the residue once where it stays the same."""
    cdef const Transcript* transcript = reading.transcript
    cdef long long start = reading.origin + 3 * verdict.touched
    cdef long long end = reading.origin + 3 * verdict.touched_end
    cdef long long length, codon, grown = reading.inserted_length - (reading.end - reading.start)
    cdef size_t middle
    if start < transcript.coding_start:
        start = transcript.coding_start
    if end > transcript.coding_end:
        end = transcript.coding_end
    length = end - start + grown
    if end - start > MOST_CODON_BASES or length > MOST_CODON_BASES:
        return 0
    if reading.start < start or reading.end > end:
        return 0  # it reaches out of the coding region
    effect.codons.offset = text.length
    _put_codons(text, reading, start, end, False)
    put_char(text, b'/')
    _put_codons(text, reading, start, end, True)
    effect.codons.length = text.length - effect.codons.offset
    effect.residues.offset = text.length
    if verdict.touched == verdict.touched_end:
        put_char(text, b'-')
    for codon in range(verdict.touched, verdict.touched_end):
        put_char(text, reference_residue(reading, codon))
    middle = text.length
    put_char(text, b'/')
    if length == 0:
        put_char(text, b'-')
    for codon in range(verdict.touched, verdict.touched + length // 3):
        put_char(text, altered_residue(reading, codon))
    if length % 3:
        put_char(text, b'X')
    effect.residues.length = text.length - effect.residues.offset
    if grown == 0 and verdict.same:
        effect.residues.length = middle - effect.residues.offset
    return 0
