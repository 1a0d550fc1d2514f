"""A coding region's bases and residues, as they are and as an allele makes them."""

from gas.annotation.kernel.consequence.codons cimport starts_translation, translate


cdef void read_change(
    Reading* reading,
    const Transcript* transcript,
    long long start,
    long long end,
    const char* inserted,
    size_t inserted_length,
) noexcept nogil:
    """Prepare for a change of the spliced bases ``[start, end)`` to ``inserted``."""
    reading.transcript = transcript
    reading.origin = transcript.coding_start - (3 - transcript.phase) % 3
    reading.stop = (transcript.coding_end - 1 - reading.origin) // 3
    reading.start = start
    reading.end = end
    reading.inserted = inserted
    reading.inserted_length = <long long>inserted_length
    reading.altered_length = transcript.spliced_length - (end - start) + reading.inserted_length


cdef inline bint _is_over(
    const Transcript* transcript, long long position, long long length
) noexcept nogil:
    """Whether no codon at ``position`` fits into ``length`` bases and what is added to them."""
    return position >= length if transcript.mitochondrial_code else position + 3 > length


cdef char reference_residue(const Reading* reading, long long codon) noexcept nogil:
    """The residue's letter; * stop, X not known, NUL behind the transcript's last whole codon."""
    cdef const Transcript* transcript = reading.transcript
    cdef long long at = reading.origin + 3 * codon
    cdef char first, second, third, residue
    if _is_over(transcript, at, transcript.spliced_length):
        return 0
    if at < transcript.coding_start:
        return b'X'
    first = reference_base(reading, at)
    second = reference_base(reading, at + 1)
    third = reference_base(reading, at + 2)
    if codon == 0 and transcript.start_complete:
        if starts_translation(first, second, third, transcript.mitochondrial_code):
            return b'M'
    residue = translate(first, second, third, transcript.mitochondrial_code)
    # A TGA that the gene set puts within a coding region codes for selenocysteine.
    if residue == b'*' and codon < reading.stop and third == b'A' and second == b'G':
        return b'U'
    return residue


cdef char altered_residue(const Reading* reading, long long codon) noexcept nogil:
    """As `reference_residue`, with the change made."""
    cdef const Transcript* transcript = reading.transcript
    cdef long long at = reading.origin + 3 * codon
    cdef long long grown = reading.inserted_length - (reading.end - reading.start)
    cdef char first, second, third
    if at + 3 <= reading.start:
        return reference_residue(reading, codon)
    if grown % 3 == 0 and at >= reading.start + reading.inserted_length:
        return reference_residue(reading, codon - grown // 3)
    if _is_over(transcript, at, reading.altered_length):
        return 0
    if at < transcript.coding_start:
        return b'X'
    first = altered_base(reading, at)
    second = altered_base(reading, at + 1)
    third = altered_base(reading, at + 2)
    if codon == 0 and transcript.start_complete:
        if starts_translation(first, second, third, transcript.mitochondrial_code):
            return b'M'
    return translate(first, second, third, transcript.mitochondrial_code)


cdef long long next_stop(const Reading* reading, long long codon) noexcept nogil:
    """The first stop of the altered protein at or behind ``codon``; -1 if there is none."""
    cdef char residue
    while True:
        residue = altered_residue(reading, codon)
        if residue == b'*':
            return codon
        if residue == 0:
            return -1
        codon += 1
