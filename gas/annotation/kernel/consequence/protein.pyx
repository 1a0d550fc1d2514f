"""What a change does to a protein: which residues differ, and the Sequence Ontology terms.

Terms as Ensembl defines them ("Calculated consequences"); docs/consequences.md says where and why
they differ from what other tools print.
"""

from gas.annotation.kernel.consequence.codons cimport starts_translation
from gas.annotation.kernel.consequence.reading cimport (
    Reading,
    altered_base,
    altered_residue,
    next_stop,
    reference_base,
    reference_residue,
)
from gas.annotation.kernel.consequence.terms cimport (
    CODING_SEQUENCE,
    FRAMESHIFT,
    INCOMPLETE_TERMINAL_CODON,
    INFRAME_DELETION,
    INFRAME_INSERTION,
    MISSENSE,
    PROTEIN_ALTERING,
    START_LOST,
    START_RETAINED,
    STOP_GAINED,
    STOP_LOST,
    STOP_RETAINED,
    SYNONYMOUS,
)
from gas.annotation.kernel.consequence.transcripts cimport Transcript


cdef inline bint _coding_sequence_stays(const Reading* reading) noexcept nogil:
    """Whether the coding region is whole behind the change, though the start codon is touched."""
    cdef long long grown = reading.inserted_length - (reading.end - reading.start), at
    for at in range(reading.transcript.coding_start, reading.end):
        if reference_base(reading, at) != altered_base(reading, at + grown):
            return False
    return True


cdef bint _judge_start(const Reading* reading, Verdict* verdict) noexcept nogil:
    """Judge a change of the start codon; False if the rest of the protein is to be looked at."""
    cdef const Transcript* transcript = reading.transcript
    cdef long long first = transcript.coding_start
    cdef long long grown = reading.inserted_length - (reading.end - reading.start)
    if not transcript.start_complete or reading.start >= first + 3:
        return False
    if grown and _coding_sequence_stays(reading):
        verdict.terms = START_RETAINED
        verdict.same = True
        return True
    # Where the length changes before the start codon, what stands in its place is not a start.
    if (grown == 0 or reading.start >= first) and starts_translation(
        altered_base(reading, first),
        altered_base(reading, first + 1),
        altered_base(reading, first + 2),
        transcript.mitochondrial_code,
    ):
        if grown or reading.end > first + 3:
            return False
        verdict.terms = START_RETAINED
        verdict.same = True
        return True
    verdict.terms = START_LOST
    return True


cdef void _judge_substitution(const Reading* reading, Verdict* verdict) noexcept nogil:
    cdef long long codon
    cdef char before, after
    cdef unsigned int terms = 0
    cdef bint stop = False
    verdict.changed = verdict.changed_end = -1
    for codon in range(verdict.touched, verdict.touched_end):
        before = reference_residue(reading, codon)
        after = altered_residue(reading, codon)
        if before == b'X' or after == b'X':
            verdict.unknown = True
            verdict.terms = CODING_SEQUENCE
            return
        stop = stop or before == b'*'
        if before == after:
            continue
        if verdict.changed < 0:
            verdict.changed = codon
        verdict.changed_end = codon + 1
        if after == b'*':
            terms |= STOP_GAINED
            break  # what follows is not translated
        if before == b'*':
            terms |= STOP_LOST
    if verdict.changed < 0:
        verdict.same = True
        verdict.terms = STOP_RETAINED if stop else SYNONYMOUS
        return
    verdict.altered_end = verdict.changed_end
    verdict.terms = terms if terms else MISSENSE
    if terms == STOP_LOST:
        codon = next_stop(reading, verdict.changed)
        if codon >= 0:
            verdict.altered_end = codon + 1


cdef void _compare_in_frame(
    const Reading* reading, Verdict* verdict, long long grown, long long stop
) noexcept nogil:
    """Find the residues that change when the protein grows by whole codons; ``stop`` is its new
    stop, -1 if there is none."""
    cdef long long lost = -grown if grown < 0 else 0
    verdict.changed_end = verdict.touched_end
    if verdict.changed_end < verdict.changed + lost:
        verdict.changed_end = verdict.changed + lost
    verdict.altered_end = verdict.changed_end + grown
    if verdict.changed_end > reading.stop:  # the stop is touched: compare all up to the new one
        verdict.changed_end = reading.stop + 1
        verdict.altered_end = stop + 1 if stop >= 0 else verdict.changed
        if verdict.changed == reading.stop and stop != reading.stop + grown:
            return  # an extension
    elif 0 <= stop < verdict.altered_end:  # what follows a new stop is not translated
        verdict.altered_end = stop + 1
        return
    while (
        verdict.changed_end > verdict.changed
        and verdict.altered_end > verdict.changed
        and reference_residue(reading, verdict.changed_end - 1)
        == altered_residue(reading, verdict.altered_end - 1)
    ):
        verdict.changed_end -= 1
        verdict.altered_end -= 1


cdef void _judge_in_frame(const Reading* reading, Verdict* verdict) noexcept nogil:
    """Judge an insertion or deletion of whole codons, which changes the protein."""
    cdef bint deletion = reading.inserted_length == 0, insertion = reading.start == reading.end
    cdef long long grown = (reading.inserted_length - (reading.end - reading.start)) // 3
    cdef long long stop = next_stop(reading, verdict.changed)
    cdef unsigned int plain = INFRAME_DELETION if deletion else INFRAME_INSERTION
    if not deletion and not insertion:
        plain = 0
    if stop == verdict.changed:
        verdict.changed_end = verdict.altered_end = verdict.changed + 1
        verdict.terms = STOP_GAINED | plain
        return
    _compare_in_frame(reading, verdict, grown, stop)
    if verdict.touched_end > reading.stop and stop != reading.stop + grown:
        if reference_residue(reading, reading.stop) == b'*':
            verdict.terms = STOP_LOST | plain
            return
        verdict.unknown = True  # at the end of what the gene set knows of the protein
    if stop >= 0 and verdict.altered_end == stop + 1 and verdict.changed_end <= reading.stop:
        verdict.terms = STOP_GAINED | plain
    elif verdict.changed_end == verdict.changed:
        verdict.terms = INFRAME_INSERTION
    elif deletion or verdict.altered_end == verdict.changed:
        verdict.terms = INFRAME_DELETION
    else:
        verdict.terms = PROTEIN_ALTERING


cdef void _judge_change_of_length(const Reading* reading, Verdict* verdict) noexcept nogil:
    cdef const Transcript* transcript = reading.transcript
    cdef long long grown = reading.inserted_length - (reading.end - reading.start)
    cdef long long codon = verdict.touched
    cdef bint at_stop = transcript.end_complete and reading.end > reading.origin + 3 * reading.stop
    cdef char before, after
    while True:
        before = reference_residue(reading, codon)
        after = altered_residue(reading, codon)
        if before != after or before == 0 or (before == b'*' and codon >= reading.stop):
            break
        codon += 1
    verdict.changed = codon
    if before == after:
        verdict.same = True
        verdict.terms = STOP_RETAINED if before == b'*' else CODING_SEQUENCE
    elif grown % 3 == 0:
        _judge_in_frame(reading, verdict)
    else:
        verdict.frameshift = True
        verdict.changed_end = verdict.altered_end = codon + 1
        verdict.terms = FRAMESHIFT
        if after == b'*':
            verdict.terms |= STOP_GAINED
        elif before == b'*' or at_stop:
            verdict.terms |= STOP_LOST


cdef void judge(const Reading* reading, Verdict* verdict) noexcept nogil:
    """Say what the change does. It must touch the coding region, an insertion lie within it."""
    cdef const Transcript* transcript = reading.transcript
    cdef long long start = reading.start, end = reading.end
    cdef long long length = transcript.coding_end - reading.origin
    verdict.terms = 0
    verdict.frameshift = verdict.same = verdict.unknown = False
    if start < transcript.coding_start:
        start = transcript.coding_start
    if end > transcript.coding_end:
        end = transcript.coding_end
    verdict.touched = verdict.changed = (start - reading.origin) // 3
    verdict.touched_end = (end + 2 - reading.origin) // 3
    if _judge_start(reading, verdict):
        return
    if reading.start < transcript.coding_start and reading.end - reading.start != (
        reading.inserted_length
    ):
        verdict.unknown = True
        verdict.terms = CODING_SEQUENCE
    elif verdict.touched_end > reading.stop and length % 3 and not transcript.mitochondrial_code:
        verdict.unknown = True
        verdict.terms = INCOMPLETE_TERMINAL_CODON | CODING_SEQUENCE
    elif verdict.touched == 0 and reading.origin < transcript.coding_start:
        verdict.unknown = True
        verdict.terms = CODING_SEQUENCE
    elif reading.inserted_length == reading.end - reading.start:
        _judge_substitution(reading, verdict)
    else:
        _judge_change_of_length(reading, verdict)
