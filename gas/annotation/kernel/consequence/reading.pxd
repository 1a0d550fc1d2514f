# A coding region's bases and residues, as they are and as an allele makes them.

from gas.annotation.kernel.consequence.transcripts cimport Transcript

cdef struct Reading:          # a coding region and a change of it
    const Transcript* transcript
    long long origin          # spliced position of codon 0; before coding_start where the first
                              # codon is incomplete, as that one counts in the protein's numbering
    long long stop            # number of the last codon
    long long start           # the change, spliced positions, half open
    long long end
    const char* inserted
    long long inserted_length
    long long altered_length  # of the spliced transcript

cdef inline char reference_base(const Reading* reading, long long position) noexcept nogil:
    """The base at a position of the spliced transcript."""
    if 0 <= position < reading.transcript.spliced_length:
        return reading.transcript.spliced[position]
    # Mitochondria complete the stop codon of some genes by the poly(A) tail.
    return b'A' if reading.transcript.mitochondrial_code else b'N'

cdef inline char altered_base(const Reading* reading, long long position) noexcept nogil:
    if position < reading.start:
        return reference_base(reading, position)
    position -= reading.start
    if position < reading.inserted_length:
        return reading.inserted[position]
    return reference_base(reading, position - reading.inserted_length + reading.end)

cdef void read_change(
    Reading* reading,
    const Transcript* transcript,
    long long start,
    long long end,
    const char* inserted,
    size_t inserted_length,
) noexcept nogil
cdef char reference_residue(const Reading* reading, long long codon) noexcept nogil
cdef char altered_residue(const Reading* reading, long long codon) noexcept nogil
cdef long long next_stop(const Reading* reading, long long codon) noexcept nogil
