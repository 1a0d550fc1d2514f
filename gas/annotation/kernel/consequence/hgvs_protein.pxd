# HGVS descriptions of a change in a protein, and the codons and residues at the place.

from gas.annotation.kernel.columns cimport Text
from gas.annotation.kernel.consequence.effect cimport Effect
from gas.annotation.kernel.consequence.protein cimport Verdict
from gas.annotation.kernel.consequence.reading cimport Reading

cdef int describe_protein(Text* text, const Reading* reading, const Verdict* verdict) except -1 nogil
cdef int show_codons(
    Text* text, const Reading* reading, const Verdict* verdict, Effect* effect
) except -1 nogil
