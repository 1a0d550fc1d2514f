"""Bases, codons and residues.

The tables are those of NCBI, "The Genetic Codes", in its order of bases: T, C, A, G.
"""

cdef const char* _STANDARD = (
    b"FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
)
cdef const char* _MITOCHONDRIAL = (
    b"FFLLSSSSYY**CCWWLLLLPPPPHHQQRRRRIIMMTTTTNNKKSS**VVVVAAAADDEEGGGG"
)
# Mitochondria start at ATT, ATC, ATA, ATG and GTG (table 2). In the nucleus only ATG is counted:
# TTG and CTG, which table 1 also lists, rarely start a protein and a change to them mostly ends it.
cdef const char* _MITOCHONDRIAL_STARTS = (
    b"--------------------------------MMMM---------------M------------"
)

cdef int _base_number[256]
cdef char _complement[256]
cdef const char* _residue_names[128]


cdef void _fill_tables() noexcept nogil:
    cdef const char* bases = b"TCAG"
    cdef const char* pairing = b"AGTC"
    cdef const char* letters = b"ARNDCQEGHILKMFPSTUWYV*"
    cdef const char* names = (
        b"AlaArgAsnAspCysGlnGluGlyHisIleLeuLysMetPheProSerThrSecTrpTyrValTer"
    )
    cdef int index
    for index in range(256):
        _base_number[index] = -1
        _complement[index] = b'N'
    for index in range(4):
        _base_number[<unsigned char>bases[index]] = index
        _complement[<unsigned char>bases[index]] = pairing[index]
    for index in range(128):
        _residue_names[index] = b"Xaa"
    for index in range(22):
        _residue_names[<unsigned char>letters[index]] = names + 3 * index


_fill_tables()


cdef char complement(char base) noexcept nogil:
    """The pairing base of an upper-case base; N for what is none."""
    return _complement[<unsigned char>base]


cdef inline int _codon_number(char first, char second, char third) noexcept nogil:
    cdef int a = _base_number[<unsigned char>first]
    cdef int b = _base_number[<unsigned char>second]
    cdef int c = _base_number[<unsigned char>third]
    if a < 0 or b < 0 or c < 0:
        return -1
    return a * 16 + b * 4 + c


cdef char translate(char first, char second, char third, bint mitochondrial) noexcept nogil:
    """The residue's letter; * for a stop, X where a base is not known."""
    cdef int number = _codon_number(first, second, third)
    if number < 0:
        return b'X'
    return _MITOCHONDRIAL[number] if mitochondrial else _STANDARD[number]


cdef bint starts_translation(
    char first, char second, char third, bint mitochondrial
) noexcept nogil:
    cdef int number = _codon_number(first, second, third)
    if number < 0:
        return False
    if mitochondrial:
        return _MITOCHONDRIAL_STARTS[number] == b'M'
    return first == b'A' and second == b'T' and third == b'G'


cdef const char* residue_name(char residue) noexcept nogil:
    """The three letters that HGVS writes for a residue's letter; no NUL follows them."""
    return _residue_names[<unsigned char>residue & 127]
