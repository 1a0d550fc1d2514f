# Effects as text.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Effect, Range
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef int put_transcript(Text* text, const Transcript* transcript) except -1 nogil
cdef int put_entry(
    Text* text,
    const Effect* effect,
    const Text* words,
    const char* transcript,
    size_t transcript_length,
    const char* allele,
    size_t allele_length,
) except -1 nogil
cdef int put_range(Text* text, const Range* positions) except -1 nogil
cdef int put_ranks(Text* text, const Range* ranks, size_t count) except -1 nogil
