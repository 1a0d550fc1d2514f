# HGVS descriptions of a change in a transcript.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Placed
from gas.annotation.kernel.sequence cimport Window
from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef int describe_transcript(
    Text* text, const Transcript* transcript, const Placed* placed, const Window* window
) except -1 nogil
