# The genetic code: NCBI translation tables 1 (standard) and 2 (vertebrate mitochondrial).

cdef char complement(char base) noexcept nogil
cdef char translate(char first, char second, char third, bint mitochondrial) noexcept nogil
cdef bint starts_translation(char first, char second, char third, bint mitochondrial) noexcept nogil
cdef const char* residue_name(char residue) noexcept nogil
