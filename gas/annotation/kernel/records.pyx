"""The records of a chunk of text: how their arrays grow, and a view of them for tests."""

from libc.stdlib cimport free, realloc

from gas.annotation.kernel.columns cimport release

SKIP_REASONS = (
    "",
    "no_alternate",
    "unknown_contig",
    "outside_contig",
    "reference_mismatch",
    "ambiguous_base",
    "same_as_reference",
    "symbolic_allele",
    "breakend",
    "overlapping_deletion",
)
KINDS = ("", "snv", "mnv", "insertion", "deletion", "indel")


cdef class Records:
    """What `scan` made of ``text``; kernels read its arrays, see records.pxd."""

    def __cinit__(self, bytes text not None):
        self.text = text
        self.data = text

    def __dealloc__(self):
        free(self.sites)
        free(self.alleles)
        free(self.runs)
        release(&self.bases)

    cdef Site* next_site(self) except NULL nogil:
        if self.site_count == self.site_capacity:
            self.site_capacity = self.site_capacity * 2 if self.site_capacity else 256
            self.sites = <Site*>_grown(self.sites, self.site_capacity * sizeof(Site))
        return &self.sites[self.site_count]

    cdef Allele* next_allele(self) except NULL nogil:
        if self.allele_count == self.allele_capacity:
            self.allele_capacity = self.allele_capacity * 2 if self.allele_capacity else 256
            self.alleles = <Allele*>_grown(self.alleles, self.allele_capacity * sizeof(Allele))
        return &self.alleles[self.allele_count]

    cdef Run* next_run(self) except NULL nogil:
        if self.run_count == self.run_capacity:
            self.run_capacity = self.run_capacity * 2 if self.run_capacity else 8
            self.runs = <Run*>_grown(self.runs, self.run_capacity * sizeof(Run))
        return &self.runs[self.run_count]

    def __len__(self):
        return self.site_count

    @property
    def count_of_alleles(self):
        return self.allele_count

    def site(self, Py_ssize_t index):
        """``(line bytes, position, first allele, number of alleles)``."""
        if not 0 <= index < <Py_ssize_t>self.site_count:
            raise IndexError(index)
        site = self.sites[index]
        line = self.text[site.line : site.end]
        return line, site.position, site.first_allele, site.allele_count

    def columns(self, Py_ssize_t index):
        """The first columns of a record as bytes: CHROM to INFO, and FORMAT where there is one."""
        cdef Py_ssize_t column
        if not 0 <= index < <Py_ssize_t>self.site_count:
            raise IndexError(index)
        site = self.sites[index]
        present = 8 if site.columns[8] > site.end else 9
        return [
            self.text[site.columns[column] : site.columns[column + 1] - 1]
            for column in range(present)
        ]

    def allele(self, Py_ssize_t index):
        """``(site, ALT as written, skip reason or "", kind or "", start, end, inserted bases)``."""
        if not 0 <= index < <Py_ssize_t>self.allele_count:
            raise IndexError(index)
        allele = self.alleles[index]
        inserted = b""
        if allele.inserted_length:
            inserted = (self.bases.data + allele.inserted)[: allele.inserted_length]
        return (
            allele.site,
            self.text[allele.alternate : allele.alternate + allele.alternate_length],
            SKIP_REASONS[<int>allele.skip],
            KINDS[<int>allele.kind],
            allele.start,
            allele.end,
            inserted,
        )


cdef void* _grown(void* items, size_t size) except NULL nogil:
    cdef void* grown = realloc(items, size)
    if grown == NULL:
        with gil:
            raise MemoryError
    return grown
