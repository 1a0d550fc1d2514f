"""Finding what an allele does to each transcript near it, and putting the worst first."""

from libc.stdlib cimport free, qsort, realloc
from libc.string cimport memset, strcmp

from gas.annotation.kernel.columns cimport release
from gas.annotation.kernel.consequence.location cimport FLANK, find_effect
from gas.annotation.kernel.consequence.terms cimport INTERGENIC, most_severe
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef enum:
    FEW = 24                  # effects that are sorted by insertion


cdef unsigned long long _rank(const Effect* effect) noexcept nogil:
    """The smaller, the earlier: severity, distance, MANE, canonical, protein coding, its length."""
    cdef const Transcript* transcript = effect.transcript
    cdef unsigned long long rank = <unsigned long long>most_severe(effect.terms)
    cdef long long coding = transcript.coding_end - transcript.coding_start
    # Beside a gene, the nearest one is what a reader looks for. FLANK is less than 8192.
    rank = rank * 8192 + <unsigned long long>effect.distance
    rank = rank * 4 + <unsigned long long>(transcript.mane if transcript.mane else 3)
    rank = rank * 2
    if not transcript.canonical:
        rank += 1
    rank = rank * 2
    if strcmp(transcript.biotype, "protein_coding") != 0:
        rank += 1
    return (rank << 32) + <unsigned long long>(0xFFFFFFFFLL - coding)


cdef int _by_rank(const void* left, const void* right) noexcept nogil:
    cdef const Ranked* a = <const Ranked*>left
    cdef const Ranked* b = <const Ranked*>right
    if a.rank != b.rank:
        return -1 if a.rank < b.rank else 1
    return strcmp(a.effect.transcript.id, b.effect.transcript.id)


cdef int _put_in_order(Gathered* gathered) except -1 nogil:
    """Fill ``order``, the most severe effect first."""
    cdef size_t index, at
    cdef Ranked one
    cdef Ranked* order
    if gathered.room_for_order < gathered.capacity:
        order = <Ranked*>realloc(gathered.order, gathered.capacity * sizeof(Ranked))
        if order == NULL:
            with gil:
                raise MemoryError
        gathered.order = order
        gathered.room_for_order = gathered.capacity
    gathered.order[0].effect = &gathered.effects[0]
    if gathered.count == 1:
        return 0
    for index in range(gathered.count):
        gathered.order[index].effect = &gathered.effects[index]
        gathered.order[index].rank = _rank(&gathered.effects[index])
    if gathered.count > FEW:
        qsort(gathered.order, gathered.count, sizeof(Ranked), &_by_rank)
        return 0
    for index in range(1, gathered.count):
        one = gathered.order[index]
        at = index
        while at > 0 and _by_rank(&gathered.order[at - 1], &one) > 0:
            gathered.order[at] = gathered.order[at - 1]
            at -= 1
        gathered.order[at] = one
    return 0


cdef Effect* _room(Gathered* gathered) except NULL nogil:
    """A place for one more effect."""
    cdef Effect* effects
    if gathered.count == gathered.capacity:
        effects = <Effect*>realloc(gathered.effects, (gathered.capacity * 2 + 16) * sizeof(Effect))
        if effects == NULL:
            with gil:
                raise MemoryError
        gathered.effects = effects
        gathered.capacity = gathered.capacity * 2 + 16
    return &gathered.effects[gathered.count]


cdef int gather(Gathered* gathered, Transcripts transcripts) except -1 nogil:
    """Fill ``effects`` and ``order`` for the subject; one effect is there at least."""
    cdef const Subject* subject = &gathered.subject
    cdef long long start = subject.leftmost - FLANK
    cdef long long end = subject.rightmost + subject.allele.end - subject.allele.start + FLANK
    cdef size_t index, first = transcripts.first_reaching(start)
    cdef size_t behind = transcripts.end_before(end)
    cdef Effect* effect
    gathered.count = gathered.words.length = 0
    for index in range(first, behind):
        if transcripts.items[index].end < start:
            continue
        effect = _room(gathered)
        find_effect(&gathered.subject, &transcripts.items[index], effect, &gathered.words)
        if effect.terms:
            gathered.count += 1
    if gathered.count == 0:
        effect = _room(gathered)
        memset(effect, 0, sizeof(Effect))
        effect.terms = INTERGENIC
        gathered.count = 1
    return _put_in_order(gathered)


cdef void let_go(Gathered* gathered) noexcept nogil:
    """Free all that it holds."""
    free(gathered.effects)
    free(gathered.order)
    release(&gathered.words)
    release(&gathered.subject.turned[0])
    release(&gathered.subject.turned[1])
