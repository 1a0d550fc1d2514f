# What an allele within the coding region does to the protein.

from gas.annotation.kernel.consequence.reading cimport Reading

cdef struct Verdict:          # codons from 0, half open
    unsigned int terms
    long long touched         # codons that the change touches: [touched, touched_end)
    long long touched_end
    long long changed         # residues that differ, 3'-most: [changed, changed_end) in the
    long long changed_end     # reference are [changed, altered_end) in the altered protein, as far
    long long altered_end     # as its next stop; with a frameshift, only the first of them
    bint frameshift
    bint same                 # the protein stays as it is
    bint unknown              # cannot be told

cdef void judge(const Reading* reading, Verdict* verdict) noexcept nogil
