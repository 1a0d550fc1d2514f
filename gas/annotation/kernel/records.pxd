# The records of a chunk of text, split and checked.

from gas.annotation.kernel.columns cimport Text

# Why an allele passes through unannotated; 0 is annotated. The order is that of
# gas.annotation.vcf.allele.SkipReason.
cdef enum Skip:
    ANNOTATED = 0
    NO_ALTERNATE
    UNKNOWN_CONTIG
    OUTSIDE_CONTIG
    REFERENCE_MISMATCH
    AMBIGUOUS_BASE
    SAME_AS_REFERENCE
    SYMBOLIC
    BREAKEND
    OVERLAPPING_DELETION

cdef enum Kind:
    OTHER = 0                 # not a sequence allele
    SNV
    MNV
    INSERTION
    DELETION
    INDEL

cdef struct Site:             # one record; offsets are into the chunk's text
    size_t line               # start of the line
    size_t end                # end of the line, before its LF or CR LF
    size_t columns[10]        # columns[0..8]: start of CHROM..FORMAT; columns[9]: of the first
                              # sample. What is missing starts at end + 1, so that column i
                              # always ends at columns[i + 1] - 1
    long long position        # POS, from 1; 0 is the telomere
    size_t first_allele       # its alternates in `alleles`; a record with ALT "." has one entry,
    size_t allele_count       # skipped as NO_ALTERNATE, so that every record has at least one

cdef struct Allele:           # one alternate allele
    size_t site
    size_t alternate          # offset of ALT as written, in the chunk's text
    size_t alternate_length
    Skip skip
    Kind kind
    long long start           # where it differs from the reference, after trimming the bases both
    long long end             # share at the end, then at the start: 0-based, half open
    size_t inserted           # offset of the trimmed ALT, upper case, in `bases`
    size_t inserted_length

cdef struct Run:              # consecutive records of one contig, by the name the input uses
    size_t first_site
    size_t end_site
    size_t first_allele
    size_t end_allele

cdef class Records:
    cdef readonly bytes text  # the chunk
    cdef const char* data     # = text
    cdef Site* sites
    cdef size_t site_count
    cdef Allele* alleles
    cdef size_t allele_count
    cdef Run* runs
    cdef size_t run_count
    cdef Text bases
    cdef size_t site_capacity
    cdef size_t allele_capacity
    cdef size_t run_capacity

    # Room for one more; it counts once the caller raises the count.
    cdef Site* next_site(self) except NULL nogil
    cdef Allele* next_allele(self) except NULL nogil
    cdef Run* next_run(self) except NULL nogil
