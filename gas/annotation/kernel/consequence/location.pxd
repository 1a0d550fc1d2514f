# What one allele does to one transcript.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Effect
from gas.annotation.kernel.consequence.three_prime cimport Subject
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef enum:
    FLANK = 5000              # bases beside a transcript that are called up- or downstream

cdef int find_effect(
    Subject* subject, const Transcript* transcript, Effect* effect, Text* words
) except -1 nogil
