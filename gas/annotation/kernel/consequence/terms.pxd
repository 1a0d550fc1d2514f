# What can happen to a transcript: Sequence Ontology terms as bits, the most severe lowest, in the
# order that Ensembl gives them (Ensembl, "Calculated consequences").

cdef enum Term:
    TRANSCRIPT_ABLATION = 1 << 0
    SPLICE_ACCEPTOR = 1 << 1
    SPLICE_DONOR = 1 << 2
    STOP_GAINED = 1 << 3
    FRAMESHIFT = 1 << 4
    STOP_LOST = 1 << 5
    START_LOST = 1 << 6
    INFRAME_INSERTION = 1 << 7
    INFRAME_DELETION = 1 << 8
    MISSENSE = 1 << 9
    PROTEIN_ALTERING = 1 << 10
    SPLICE_DONOR_5TH_BASE = 1 << 11
    SPLICE_REGION = 1 << 12
    SPLICE_DONOR_REGION = 1 << 13
    SPLICE_POLYPYRIMIDINE_TRACT = 1 << 14
    INCOMPLETE_TERMINAL_CODON = 1 << 15
    START_RETAINED = 1 << 16
    STOP_RETAINED = 1 << 17
    SYNONYMOUS = 1 << 18
    CODING_SEQUENCE = 1 << 19
    FIVE_PRIME_UTR = 1 << 20
    THREE_PRIME_UTR = 1 << 21
    NON_CODING_EXON = 1 << 22
    INTRON = 1 << 23
    NMD_TRANSCRIPT = 1 << 24
    NON_CODING_TRANSCRIPT = 1 << 25
    UPSTREAM = 1 << 26
    DOWNSTREAM = 1 << 27
    INTERGENIC = 1 << 28

cdef enum:
    TERM_COUNT = 29

# What ANN's 16th field says of an effect: codes of the ANN standard, and ours for transcript ranks.
cdef enum Note:
    REALIGNED = 1 << 0
    TRANSCRIPT_INCOMPLETE = 1 << 1
    NO_START_CODON = 1 << 2
    NO_STOP_CODON = 1 << 3
    SEQUENCE_NOT_AVAILABLE = 1 << 4
    IS_MANE_SELECT = 1 << 5
    IS_MANE_PLUS_CLINICAL = 1 << 6
    IS_CANONICAL = 1 << 7

cdef enum:
    NOTE_COUNT = 8

cdef inline int most_severe(unsigned int terms) noexcept nogil:
    """The index of the lowest bit of a set that is not empty."""
    cdef int index = 0
    if not terms & 0xFFFFF:  # most alleles lie in introns or beside genes
        index = 20
        terms >>= 20
    while not terms & 1:
        terms >>= 1
        index += 1
    return index

cdef struct Name:
    const char* text
    size_t length

cdef const Name* term_name(int index) noexcept nogil
cdef const Name* impact_of(int index) noexcept nogil
cdef const Name* note_name(int index) noexcept nogil
