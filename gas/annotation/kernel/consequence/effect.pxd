# One effect: what one allele does to one transcript.

from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef struct Piece:            # a part of a Text
    size_t offset
    size_t length

# Where an allele lies in a transcript's direction: positions are "oriented", that is as on the
# contig for a forward transcript, and negated for a reverse one, so that they grow from 5' to 3'.
cdef struct Placed:
    long long start           # half open; start == end is an insertion before that base
    long long end
    const char* inserted      # in the transcript's direction
    size_t inserted_length

cdef struct Range:            # first and last position, from 1; 0 is not known, both 0 is none
    long long first
    long long last

cdef struct Effect:
    const Transcript* transcript  # NULL: intergenic
    unsigned int terms
    unsigned int notes
    Range exons               # ranks
    Range introns
    Range cdna
    Range cds
    Range protein
    long long distance        # to the transcript, outside of it; else 0
    Piece codons              # texts lie in one Text for all effects of an allele
    Piece residues
    Piece hgvs_c
    Piece hgvs_p
