"""The names of Sequence Ontology terms, their impact, and the notes of ANN."""

from libc.string cimport strlen

cdef const char** _TERMS = [
    "transcript_ablation",
    "splice_acceptor_variant",
    "splice_donor_variant",
    "stop_gained",
    "frameshift_variant",
    "stop_lost",
    "start_lost",
    "inframe_insertion",
    "inframe_deletion",
    "missense_variant",
    "protein_altering_variant",
    "splice_donor_5th_base_variant",
    "splice_region_variant",
    "splice_donor_region_variant",
    "splice_polypyrimidine_tract_variant",
    "incomplete_terminal_codon_variant",
    "start_retained_variant",
    "stop_retained_variant",
    "synonymous_variant",
    "coding_sequence_variant",
    "5_prime_UTR_variant",
    "3_prime_UTR_variant",
    "non_coding_transcript_exon_variant",
    "intron_variant",
    "NMD_transcript_variant",
    "non_coding_transcript_variant",
    "upstream_gene_variant",
    "downstream_gene_variant",
    "intergenic_variant",
]

cdef const char** _NOTES = [
    "INFO_REALIGN_3_PRIME",
    "WARNING_TRANSCRIPT_INCOMPLETE",
    "WARNING_TRANSCRIPT_NO_START_CODON",
    "WARNING_TRANSCRIPT_NO_STOP_CODON",
    "WARNING_SEQUENCE_NOT_AVAILABLE",
    "INFO_MANE_SELECT",
    "INFO_MANE_PLUS_CLINICAL",
    "INFO_CANONICAL",
]


cdef Name _terms[TERM_COUNT]
cdef Name _impacts[TERM_COUNT]
cdef Name _notes[NOTE_COUNT]


cdef const char* _impact(int index) noexcept nogil:
    """Ensembl's grading of a term: its groups follow each other in the order of severity."""
    if 1 << index <= START_LOST:
        return "HIGH"
    if 1 << index <= PROTEIN_ALTERING:
        return "MODERATE"
    if 1 << index <= SYNONYMOUS:
        return "LOW"
    return "MODIFIER"


cdef void _fill_tables() noexcept nogil:
    cdef int index
    for index in range(TERM_COUNT):
        _terms[index].text = _TERMS[index]
        _terms[index].length = strlen(_TERMS[index])
        _impacts[index].text = _impact(index)
        _impacts[index].length = strlen(_impact(index))
    for index in range(NOTE_COUNT):
        _notes[index].text = _NOTES[index]
        _notes[index].length = strlen(_NOTES[index])


_fill_tables()


cdef const Name* term_name(int index) noexcept nogil:
    return &_terms[index]


cdef const Name* impact_of(int index) noexcept nogil:
    """The impact of a term."""
    return &_impacts[index]


cdef const Name* note_name(int index) noexcept nogil:
    return &_notes[index]


TERMS = tuple([_TERMS[index].decode() for index in range(TERM_COUNT)])
IMPACT = {_TERMS[index].decode(): _impact(index).decode() for index in range(TERM_COUNT)}
