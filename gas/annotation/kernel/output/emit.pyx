"""Writes the records of a chunk as VCF lines, each as it was, with our INFO fields behind its own."""

from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy, memchr

from gas.annotation.kernel.columns cimport Column, reserve
from gas.annotation.kernel.memory cimport Buffer, new_array
from gas.annotation.kernel.output.reach cimport Span, span_of
from gas.annotation.kernel.records cimport Records, Site

# How a field's values are written: one an allele ('.' for none), or only those that there are;
# and whether what INFO forbids is percent-encoded, or was already made safe by the annotator.
PER_ALLELE, LIST, VERBATIM_LIST = 0, 1, 2

cdef enum:
    _PER_ALLELE = 0
    _VERBATIM_LIST = 2

cdef struct Field:
    const char* name
    size_t name_length
    int mode
    const char* data          # of the column
    const long long* offsets

cdef struct Name:
    const char* text
    size_t length

cdef const char* HEXADECIMAL = b"0123456789ABCDEF"
cdef bint[256] forbidden
cdef int _code
for _code in range(256):
    forbidden[_code] = _code <= 0x20 or _code == 0x7F
for _code in b";=%,":
    forbidden[_code] = True


cdef class VcfText:
    """The lines of a chunk, and for the index where each record lies in them and on the contig."""


cdef inline char* encoded(char* at, const char* value, size_t length) noexcept nogil:
    """Write a value as INFO allows it (VCF 4.3, 1.2: capitals in percent encoding)."""
    cdef size_t index
    cdef unsigned char code
    for index in range(length):
        code = <unsigned char>value[index]
        if forbidden[code]:
            at[0], at[1], at[2] = b"%", HEXADECIMAL[code >> 4], HEXADECIMAL[code & 15]
            at += 3
        else:
            at[0] = <char>code
            at += 1
    return at


cdef char* write_field(char* at, const Field* field, size_t first, size_t end) noexcept nogil:
    """``NAME=values`` of the alleles first..end, of which at least one has a value."""
    cdef size_t allele, length
    cdef const char* value
    cdef char* start
    memcpy(at, field.name, field.name_length)
    at += field.name_length
    at[0] = b"="
    at += 1
    start = at
    for allele in range(first, end):
        length = <size_t>(field.offsets[allele + 1] - field.offsets[allele])
        if length == 0 and field.mode != _PER_ALLELE:
            continue
        if at != start:
            at[0] = b","
            at += 1
        value = field.data + field.offsets[allele]
        if length == 0:
            at[0] = b"."
            at += 1
        elif field.mode == _VERBATIM_LIST:
            memcpy(at, value, length)
            at += length
        else:
            at = encoded(at, value, length)
    return at


cdef bint is_dropped(
    const char* entry, size_t length, const Name* dropped, size_t dropped_count
) noexcept nogil:
    cdef const char* equals = <const char*>memchr(entry, b"=", length)
    cdef size_t key = <size_t>(equals - entry) if equals != NULL else length
    cdef size_t index
    for index in range(dropped_count):
        if dropped[index].length == key and memcmp(dropped[index].text, entry, key) == 0:
            return True
    return False


cdef char* write_kept(
    char* at, const char* info, size_t length, const Name* dropped, size_t dropped_count
) noexcept nogil:
    """The record's own INFO without the entries that are dropped; nothing for '.'."""
    cdef const char* stop = info + length
    cdef const char* entry = info
    cdef const char* entry_end
    cdef bint first = True
    if length == 1 and info[0] == b".":
        return at
    if dropped_count == 0:
        memcpy(at, info, length)
        return at + length
    while True:
        entry_end = <const char*>memchr(entry, b";", stop - entry)
        if entry_end == NULL:
            entry_end = stop
        if not is_dropped(entry, entry_end - entry, dropped, dropped_count):
            if not first:
                at[0] = b";"
                at += 1
            memcpy(at, entry, entry_end - entry)
            at += entry_end - entry
            first = False
        if entry_end == stop:
            return at
        entry = entry_end + 1


cdef int write_lines(
    Records records, VcfText lines,
    const Field* fields, size_t field_count, const Name* dropped, size_t dropped_count,
) except -1 nogil:
    cdef size_t index, which, room, bytes_, first, end
    cdef const Site* site
    cdef const char* data = records.data
    cdef Span* spans = <Span*>lines.spans.text.data
    cdef char* at
    cdef char* info
    for index in range(records.site_count):
        site = &records.sites[index]
        first, end = site.first_allele, site.first_allele + site.allele_count
        room = site.end - site.line + 2
        for which in range(field_count):
            bytes_ = <size_t>(fields[which].offsets[end] - fields[which].offsets[first])
            if bytes_:
                room += fields[which].name_length + 2 + 2 * (end - first) + 3 * bytes_
        reserve(&lines.text.text, room)
        spans[index] = span_of(data, site, lines.text.text.length)

        at = lines.text.text.data + lines.text.text.length
        memcpy(at, data + site.line, site.columns[7] - site.line)
        info = at = at + (site.columns[7] - site.line)
        at = write_kept(
            at, data + site.columns[7], site.columns[8] - 1 - site.columns[7],
            dropped, dropped_count,
        )
        for which in range(field_count):
            if fields[which].offsets[end] > fields[which].offsets[first]:
                if at != info:
                    at[0] = b";"
                    at += 1
                at = write_field(at, &fields[which], first, end)
        if at == info:
            at[0] = b"."
            at += 1
        if site.columns[8] <= site.end:  # FORMAT and the samples, with the tab before them
            memcpy(at, data + site.columns[8] - 1, site.end - site.columns[8] + 1)
            at += site.end - site.columns[8] + 1
        at[0] = b"\n"
        lines.text.text.length = at + 1 - lines.text.text.data
    return 0


def write_vcf(Records records not None, list fields not None, frozenset dropped not None):
    """The chunk's lines, as `VcfText`.

    ``fields``: (INFO key, Column, PER_ALLELE | LIST | VERBATIM_LIST) in the order to write them; a
    record has those of which one of its alleles has a value. ``dropped``: keys of the input's own
    INFO to leave out. Raises ValueError for a column of another number of alleles.
    """
    cdef VcfText lines = VcfText()
    cdef Field* plan = <Field*>calloc(len(fields) + 1, sizeof(Field))
    cdef Name* drops = <Name*>calloc(len(dropped) + 1, sizeof(Name))
    cdef size_t field_count = len(fields), dropped_count = len(dropped), index = 0, expected
    cdef Column column
    cdef bytes name
    cdef int mode
    try:
        if plan == NULL or drops == NULL:
            raise MemoryError
        expected = records.site_count * 32 + len(records.text)
        for index, (name, column, mode) in enumerate(fields):
            if column.count != records.allele_count:
                raise ValueError(f"{column.name}: {column.count} of {records.allele_count} values")
            plan[index].name, plan[index].name_length = name, len(name)
            plan[index].mode = mode
            plan[index].data, plan[index].offsets = column.text.data, column.offsets
            expected += column.text.length + records.site_count * (len(name) + 2)
        for index, name in enumerate(dropped):
            drops[index].text, drops[index].length = name, len(name)
        lines.text = Buffer()
        lines.spans = new_array(records.site_count, sizeof(Span))
        lines.runs = _runs(records)
        reserve(&lines.text.text, expected)
        with nogil:
            write_lines(records, lines, plan, field_count, drops, dropped_count)
    finally:
        free(plan)
        free(drops)
    return lines


cdef list _runs(Records records):
    cdef size_t index
    cdef const Site* site
    cdef list runs = []
    for index in range(records.run_count):
        site = &records.sites[records.runs[index].first_site]
        name = records.data[site.columns[0] : site.columns[1] - 1]
        runs.append((name, records.runs[index].first_site, records.runs[index].end_site))
    return runs
