# All effects of one allele.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Effect
from gas.annotation.kernel.consequence.three_prime cimport Subject
from gas.annotation.kernel.consequence.transcripts cimport Transcripts

cdef struct Ranked:
    unsigned long long rank
    const Effect* effect

cdef struct Gathered:         # memory that is used again for each allele; zero before the first
    Subject subject           # the allele
    Effect* effects
    size_t count
    size_t capacity
    Ranked* order             # the effects, the most severe first
    size_t room_for_order
    Text words                # the effects' texts

cdef int gather(Gathered* gathered, Transcripts transcripts) except -1 nogil
cdef void let_go(Gathered* gathered) noexcept nogil
