"""Where an allele lies in a transcript, and what that means: Sequence Ontology terms.

Definitions as Ensembl gives them ("Calculated consequences"); see docs/consequences.md.
"""

from libc.string cimport memset, strcmp

from gas.annotation.kernel.consequence.effect cimport Placed
from gas.annotation.kernel.consequence.hgvs cimport describe_transcript
from gas.annotation.kernel.consequence.hgvs_protein cimport describe_protein, show_codons
from gas.annotation.kernel.consequence.protein cimport Verdict, judge
from gas.annotation.kernel.consequence.reading cimport Reading, read_change, reference_residue
from gas.annotation.kernel.consequence.splicing cimport (
    SHORTEST_INTRON,
    hits,
    intron_terms,
    leave_splice_sites,
)
from gas.annotation.kernel.consequence.terms cimport (
    CODING_SEQUENCE,
    DOWNSTREAM,
    FIVE_PRIME_UTR,
    INTRON,
    IS_CANONICAL,
    IS_MANE_PLUS_CLINICAL,
    IS_MANE_SELECT,
    NMD_TRANSCRIPT,
    NO_START_CODON,
    NO_STOP_CODON,
    NON_CODING_EXON,
    NON_CODING_TRANSCRIPT,
    REALIGNED,
    SEQUENCE_NOT_AVAILABLE,
    START_LOST,
    STOP_LOST,
    THREE_PRIME_UTR,
    TRANSCRIPT_ABLATION,
    TRANSCRIPT_INCOMPLETE,
    UPSTREAM,
)
from gas.annotation.kernel.consequence.three_prime cimport (
    exon_end,
    exon_reaching,
    exon_start,
    place_at,
    three_prime_most,
)


cdef inline void _widen(long long* first, long long* last, long long value) noexcept nogil:
    if first[0] == 0:
        first[0] = value
    last[0] = value


cdef int _judge_coding(
    const Transcript* transcript,
    const Placed* placed,
    long long spliced,
    Effect* effect,
    Text* words,
) except -1 nogil:
    """Judge an allele that lies in one exon, from its ``spliced`` position on, and touches the
    coding region."""
    cdef Reading reading
    cdef Verdict verdict
    cdef long long length = placed.end - placed.start
    if transcript.spliced == NULL:
        effect.terms |= CODING_SEQUENCE
        effect.notes |= SEQUENCE_NOT_AVAILABLE
        return 0
    read_change(
        &reading, transcript, spliced, spliced + length, placed.inserted, placed.inserted_length
    )
    judge(&reading, &verdict)
    effect.terms |= verdict.terms
    if transcript.start_complete and reference_residue(&reading, 0) != b'M':
        effect.notes |= NO_START_CODON
    if transcript.end_complete and reference_residue(&reading, reading.stop) != b'*':
        effect.notes |= NO_STOP_CODON
    effect.protein.first = verdict.touched + 1
    effect.protein.last = verdict.touched_end
    if verdict.touched_end == verdict.touched:  # an insertion between two residues
        effect.protein.first = verdict.touched
        effect.protein.last = verdict.touched + 1
    show_codons(words, &reading, &verdict, effect)
    effect.hgvs_p.offset = words.length
    describe_protein(words, &reading, &verdict)
    effect.hgvs_p.length = words.length - effect.hgvs_p.offset
    return 0


cdef int _within_exon(
    const Transcript* transcript,
    const Placed* placed,
    size_t index,
    Effect* effect,
    Text* words,
) except -1 nogil:
    """An allele that touches nothing but one exon."""
    cdef long long first = transcript.exons[index].spliced
    cdef long long length = placed.end - placed.start
    cdef long long last
    first += placed.start - exon_start(transcript, index)
    last = first + length
    effect.cdna.first = first + 1
    effect.cdna.last = last
    if length == 0:  # between two bases
        effect.cdna.first, effect.cdna.last = first, first + 1
    if transcript.coding_start < 0:
        effect.terms |= NON_CODING_EXON
        return 0
    if first < transcript.coding_start or last == transcript.coding_start:
        effect.terms |= FIVE_PRIME_UTR
    if last > transcript.coding_end or first == transcript.coding_end:
        effect.terms |= THREE_PRIME_UTR
    if first < transcript.coding_end and last > transcript.coding_start:
        effect.cds.first = effect.cdna.first - transcript.coding_start
        effect.cds.last = effect.cdna.last - transcript.coding_start
        if effect.cds.first < 1:
            effect.cds.first = 1
        if effect.cds.last > transcript.coding_end - transcript.coding_start:
            effect.cds.last = transcript.coding_end - transcript.coding_start
        _judge_coding(transcript, placed, first, effect, words)
    return 0


cdef void _over_borders(
    const Transcript* transcript, const Placed* placed, size_t index, Effect* effect
) noexcept nogil:
    """An allele that takes bases of the exon ``index`` and of what lies beside it."""
    cdef long long start = exon_start(transcript, index), end = exon_end(transcript, index)
    cdef long long spliced = transcript.exons[index].spliced
    cdef long long first = spliced, last = spliced + end - start
    if placed.start > start:
        first += placed.start - start
    if placed.end < end:
        last -= end - placed.end
    if placed.start >= start:
        effect.cdna.first = first + 1
    if placed.end <= end:
        effect.cdna.last = last
    if transcript.coding_start < 0:
        effect.terms |= NON_CODING_EXON
        return
    if first < transcript.coding_start:
        effect.terms |= FIVE_PRIME_UTR
    if last > transcript.coding_end:
        effect.terms |= THREE_PRIME_UTR
    if first < transcript.coding_end and last > transcript.coding_start:
        effect.terms |= CODING_SEQUENCE
        if first < transcript.coding_start + 3 and transcript.start_complete:
            effect.terms |= START_LOST
        if last > transcript.coding_end - 3 and transcript.end_complete:
            effect.terms |= STOP_LOST


cdef int _within_transcript(
    const Transcript* transcript, const Placed* placed, Effect* effect, Text* words
) except -1 nogil:
    cdef size_t count = transcript.exon_count
    cdef size_t index = exon_reaching(transcript, placed.start - 1)
    cdef long long start, end, before
    cdef long long at
    cdef bint insertion = placed.start == placed.end, inside
    # From the first exon that the allele touches or follows, with the intron before it.
    while index < count:
        start = exon_start(transcript, index)
        end = exon_end(transcript, index)
        if index:
            before = exon_end(transcript, index - 1)
            if before > placed.end + 2:
                break
            if start - before >= SHORTEST_INTRON:
                effect.terms |= intron_terms(placed, before, start)
            elif hits(placed, before, start):
                at = transcript.exons[index].spliced
                inside = transcript.coding_start < at < transcript.coding_end
                effect.terms |= CODING_SEQUENCE if inside else INTRON
            if hits(placed, before, start):
                _widen(&effect.introns.first, &effect.introns.last, <long long>index)
        if hits(placed, start, end) or (
            insertion and (placed.start == start or placed.start == end)
        ):
            _widen(&effect.exons.first, &effect.exons.last, <long long>index + 1)
            if placed.start >= start and placed.end <= end:
                _within_exon(transcript, placed, index, effect, words)
            else:
                _over_borders(transcript, placed, index, effect)
        if start >= placed.end + 3:
            break
        index += 1
    return 0


cdef int find_effect(
    Subject* subject, const Transcript* transcript, Effect* effect, Text* words
) except -1 nogil:
    """Fill ``effect`` for a transcript; terms is 0 if it lies too far away to matter.

    Texts are written behind what ``words`` holds.
    """
    cdef Placed placed
    cdef size_t last = transcript.exon_count - 1
    cdef int strand = transcript.strand
    cdef long long start = exon_start(transcript, 0), end = exon_end(transcript, last), at
    memset(effect, 0, sizeof(Effect))
    effect.transcript = transcript
    if strand > 0:
        at = three_prime_most(subject, strand, start, end)
    else:
        at = three_prime_most(subject, strand, -end, -start)
    place_at(subject, strand, at, &placed)
    if not hits(&placed, start, end):
        if placed.end <= start and start - placed.end < FLANK:
            effect.distance = start - placed.end + 1
            effect.terms = UPSTREAM
        elif placed.start >= end and placed.start - end < FLANK:
            effect.distance = placed.start - end + 1
            effect.terms = DOWNSTREAM
    elif placed.start <= start and placed.end >= end:
        effect.terms = TRANSCRIPT_ABLATION
    else:
        if at != subject.allele.start:
            effect.notes |= REALIGNED
        if placed.start >= start and placed.end <= end:
            effect.hgvs_c.offset = words.length
            describe_transcript(words, transcript, &placed, subject.window)
            effect.hgvs_c.length = words.length - effect.hgvs_c.offset
        if subject.leftmost != subject.rightmost:
            leave_splice_sites(subject, transcript, at, &placed)
        _within_transcript(transcript, &placed, effect, words)
        if transcript.coding_start < 0:
            if not effect.terms & NON_CODING_EXON:
                effect.terms |= NON_CODING_TRANSCRIPT
        else:
            if strcmp(transcript.biotype, "nonsense_mediated_decay") == 0:
                effect.terms |= NMD_TRANSCRIPT
            if not (transcript.start_complete and transcript.end_complete):
                effect.notes |= TRANSCRIPT_INCOMPLETE
    if transcript.mane == 1:
        effect.notes |= IS_MANE_SELECT
    elif transcript.mane == 2:
        effect.notes |= IS_MANE_PLUS_CLINICAL
    if transcript.canonical:
        effect.notes |= IS_CANONICAL
    return 0
