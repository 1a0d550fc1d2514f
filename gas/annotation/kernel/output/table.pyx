"""The columns of a table with one row an alternate allele: of the records themselves, and as TSV."""

from libc.stdlib cimport calloc, free
from libc.string cimport memchr, memcpy

from gas.annotation.kernel.columns cimport Column, put, reserve
from gas.annotation.kernel.memory cimport Buffer
from gas.annotation.kernel.records cimport Allele, Records, Site
from gas.annotation.kernel.records import SKIP_REASONS

cdef enum:
    FIXED = 7                 # CHROM to FILTER, with the one alternate as ALT
    ALT = 4
    SKIP_COUNT = 10

cdef struct Cells:
    const char* data
    const long long* offsets
    bint quotable             # there is a quotation mark somewhere in the column


cdef inline const char* fixed_cell(
    const char* data, const Site* site, const Allele* allele, int column, size_t* length
) noexcept nogil:
    """A cell of CHROM to FILTER; length 0 for a missing one ('.')."""
    cdef const char* cell
    if column == ALT:
        cell, length[0] = data + allele.alternate, allele.alternate_length
    else:
        cell = data + site.columns[column]
        length[0] = site.columns[column + 1] - 1 - site.columns[column]
    if length[0] == 1 and cell[0] == b".":
        length[0] = 0
    return cell


def fixed_columns(Records records not None):
    """CHROM, POS, ID, REF, ALT, QUAL and FILTER as Columns; '.' is none."""
    cdef list columns = [
        Column(name) for name in ("CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER")
    ]
    cdef Column column
    cdef int which
    for which in range(FIXED):
        column = columns[which]
        with nogil:
            _fill(records, column, which)
    return columns


cdef int _fill(Records records, Column column, int which) except -1 nogil:
    cdef size_t index, length
    cdef const char* cell
    cdef const Allele* allele
    for index in range(records.allele_count):
        allele = &records.alleles[index]
        cell = fixed_cell(records.data, &records.sites[allele.site], allele, which, &length)
        put(&column.text, cell, length)
        column.end_value()
    return 0


def skip_reasons(Records records not None, str name not None):
    """Why each allele was not annotated (`vcf.allele.SkipReason`); none for those that were."""
    cdef Column column = Column(name)
    cdef list reasons = [reason.encode() for reason in SKIP_REASONS]
    cdef const char* texts[SKIP_COUNT]
    cdef size_t lengths[SKIP_COUNT]
    cdef size_t index
    cdef int skip
    if len(reasons) != SKIP_COUNT:
        raise ValueError(f"{len(reasons)} reasons to skip, where {SKIP_COUNT} are known")
    for index in range(SKIP_COUNT):
        texts[index], lengths[index] = reasons[index], len(reasons[index])
    with nogil:
        for index in range(records.allele_count):
            skip = <int>records.alleles[index].skip
            put(&column.text, texts[skip], lengths[skip])
            column.end_value()
    return column


cdef inline char* write_cell(
    char* at, const char* cell, size_t length, bint quotable
) noexcept nogil:
    """A cell; in quotation marks, those within doubled, if it has any (RFC 4180, 2.7)."""
    cdef size_t index
    if not quotable or memchr(cell, b'"', length) == NULL:
        memcpy(at, cell, length)
        return at + length
    at[0] = b'"'
    at += 1
    for index in range(length):
        if cell[index] == b'"':
            at[0] = b'"'
            at += 1
        at[0] = cell[index]
        at += 1
    at[0] = b'"'
    return at + 1


cdef int write_rows(Records records, const Cells* cells, size_t count, Buffer out) except -1 nogil:
    cdef size_t index, which, length, room
    cdef int column
    cdef const Allele* allele
    cdef const Site* site
    cdef const char* cell
    cdef bint quotable
    cdef char* at
    for index in range(records.allele_count):
        allele = &records.alleles[index]
        site = &records.sites[allele.site]
        # Every cell may double, and has two quotation marks and a tab.
        room = 2 * (site.columns[FIXED] - site.line) + 3 * (FIXED + count)
        for which in range(count):
            room += 2 * <size_t>(cells[which].offsets[index + 1] - cells[which].offsets[index])
        reserve(&out.text, room)
        at = out.text.data + out.text.length
        quotable = memchr(
            records.data + site.line, b'"', site.columns[FIXED] - site.line
        ) != NULL
        for column in range(FIXED):
            cell = fixed_cell(records.data, site, allele, column, &length)
            at = write_cell(at, cell, length, quotable)
            at[0] = b"\t"
            at += 1
        for which in range(count):
            length = <size_t>(cells[which].offsets[index + 1] - cells[which].offsets[index])
            at = write_cell(
                at, cells[which].data + cells[which].offsets[index], length, cells[which].quotable
            )
            at[0] = b"\t"
            at += 1
        (at - 1)[0] = b"\n"  # for the last tab
        out.text.length = at - out.text.data
    return 0


def write_tsv(Records records not None, list columns not None):
    """One line an alternate allele: CHROM to FILTER, then ``columns`` (Column); none is empty.

    Raises ValueError for a column of another number of alleles.
    """
    cdef Buffer out = Buffer()
    cdef Column column
    cdef size_t index = 0, count = len(columns), expected
    cdef Cells* cells = <Cells*>calloc(count + 1, sizeof(Cells))
    if cells == NULL:
        raise MemoryError
    try:
        expected = len(records.text) + records.allele_count * count
        for index, column in enumerate(columns):
            if column.count != records.allele_count:
                raise ValueError(f"{column.name}: {column.count} of {records.allele_count} values")
            cells[index].data, cells[index].offsets = column.text.data, column.offsets
            cells[index].quotable = (
                column.text.length > 0
                and memchr(column.text.data, b'"', column.text.length) != NULL
            )
            expected += column.text.length
        reserve(&out.text, expected)
        with nogil:
            write_rows(records, cells, count, out)
    finally:
        free(cells)
    return out
