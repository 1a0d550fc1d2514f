"""Holds the records of a run against the reference: what can be annotated, and where it differs."""

from gas.annotation.kernel.columns cimport reserve
from gas.annotation.kernel.records cimport (
    AMBIGUOUS_BASE,
    ANNOTATED,
    DELETION,
    INDEL,
    INSERTION,
    MNV,
    OUTSIDE_CONTIG,
    REFERENCE_MISMATCH,
    SNV,
    UNKNOWN_CONTIG,
    Allele,
    Kind,
    Records,
    Run,
    Site,
    Skip,
)
from gas.annotation.kernel.sequence cimport Sequence, Window
from gas.annotation.kernel.intake.syntax cimport upper


cdef struct Placement:
    size_t compared
    size_t mismatched
    long long first_mismatch


def place(Records records not None, size_t run_index, Sequence sequence):
    """Decide for each allele of the run whether it is annotated, and trim those that are.

    ``sequence`` must have a window around every record that lies on the contig, as `spans` says;
    None: the contig is unknown. Returns ``(records on the contig, those of another REF, where in
    the text the first such line starts or -1)``. To be called once a run.
    """
    cdef Placement placement
    if run_index >= records.run_count:
        raise IndexError(run_index)
    placement.compared = placement.mismatched = 0
    placement.first_mismatch = -1
    run = records.runs[run_index]
    with nogil:
        if sequence is None:
            _skip_all(records, &run)
        else:
            _place(records, &run, sequence, &placement)
    return placement.compared, placement.mismatched, placement.first_mismatch


cdef void _skip_all(Records records, Run* run) noexcept nogil:
    cdef size_t at
    for at in range(run.first_allele, run.end_allele):
        records.alleles[at].skip = UNKNOWN_CONTIG


cdef int _place(
    Records records, Run* run, Sequence sequence, Placement* placement
) except -1 nogil:
    cdef const char* data = records.data
    cdef const Window* window = NULL
    cdef size_t at, allele
    cdef Site* site
    cdef long long start, length
    cdef Skip reason
    for at in range(run.first_site, run.end_site):
        site = &records.sites[at]
        start = site.position - 1
        length = <long long>(site.columns[4] - 1 - site.columns[3])
        placement.compared += 1
        if start < 0 or length > sequence.contig_length - start:
            reason = OUTSIDE_CONTIG
        else:
            if window == NULL or start < window.start or start >= window.end:
                window = sequence.window_at(start)
            if window == NULL or length > window.end - start:
                with gil:
                    raise ValueError(f"no window of the reference holds {start}+{length}")
            reason = _compare(
                data + site.columns[3], window.bases + (start - window.start), <size_t>length
            )
        if reason == REFERENCE_MISMATCH:
            placement.mismatched += 1
            if placement.first_mismatch < 0:
                placement.first_mismatch = <long long>site.line
        for allele in range(site.first_allele, site.first_allele + site.allele_count):
            if reason != ANNOTATED:
                records.alleles[allele].skip = reason
            elif records.alleles[allele].skip == ANNOTATED:
                _trim(records, site, &records.alleles[allele])
    return 0


cdef Skip _compare(const char* reference, const char* bases, size_t length) noexcept nogil:
    """ANNOTATED where REF agrees; a code for several bases is told before a mismatch."""
    cdef size_t at
    cdef bint differs = False
    cdef char base
    for at in range(length):
        base = upper(reference[at])
        if base != b'A' and base != b'C' and base != b'G' and base != b'T':
            return AMBIGUOUS_BASE
        differs = differs or base != bases[at]
    return REFERENCE_MISMATCH if differs else ANNOTATED


cdef int _trim(Records records, Site* site, Allele* allele) except -1 nogil:
    """Leave off the bases that REF and ALT share at the end, then those at the start."""
    cdef const char* reference = records.data + site.columns[3]
    cdef const char* alternate = records.data + allele.alternate
    cdef size_t lost = site.columns[4] - 1 - site.columns[3]
    cdef size_t gained = allele.alternate_length, head = 0, at
    while lost and gained and upper(reference[lost - 1]) == upper(alternate[gained - 1]):
        lost -= 1
        gained -= 1
    while head < lost and head < gained and upper(reference[head]) == upper(alternate[head]):
        head += 1
    allele.start = site.position - 1 + <long long>head
    allele.end = site.position - 1 + <long long>lost
    allele.inserted, allele.inserted_length = records.bases.length, gained - head
    reserve(&records.bases, gained - head)
    for at in range(head, gained):
        records.bases.data[records.bases.length] = upper(alternate[at])
        records.bases.length += 1
    allele.kind = _kind(lost - head, gained - head)
    return 0


cdef Kind _kind(size_t lost, size_t gained) noexcept nogil:
    if lost == 0:
        return INSERTION
    if gained == 0:
        return DELETION
    if lost != gained:
        return INDEL
    return SNV if lost == 1 else MNV


def spans(
    Records records not None,
    size_t run_index,
    long long gap,
    long long margin,
    long long contig_length,
):
    """The 0-based, half-open spans of the reference that the run's records need, by start.

    Records less than ``gap`` bases apart share one; ``margin`` bases are added on both sides as far
    as the contig reaches; no two overlap or touch. Records outside the contig need none.
    """
    cdef size_t at
    cdef Site* site
    cdef long long start, end, first = -1, last = -1, length
    cdef bint sorted_so_far = True
    if run_index >= records.run_count:
        raise IndexError(run_index)
    if gap < 0 or margin < 0:
        raise ValueError("gap and margin are numbers of bases")
    gap = max(gap, 2 * margin + 1)  # so that spans stay apart with their margins on
    found = []
    for at in range(records.runs[run_index].first_site, records.runs[run_index].end_site):
        site = &records.sites[at]
        start, length = site.position - 1, <long long>(site.columns[4] - 1 - site.columns[3])
        if start < 0 or length > contig_length - start:
            continue
        end = start + length
        if first >= 0 and start >= first and start - last < gap:
            last = max(last, end)
            continue
        if first >= 0:
            found.append((first, last))
            sorted_so_far = sorted_so_far and start >= first
        first, last = start, end
    if first >= 0:
        found.append((first, last))
    if not sorted_so_far:
        found = _merged(sorted(found), gap)
    return [(max(0, start - margin), min(contig_length, end + margin)) for start, end in found]


cdef list _merged(list spans, long long gap):
    merged = []
    first, last = spans[0]
    for start, end in spans:
        if start - last < gap:
            last = max(last, end)
        else:
            merged.append((first, last))
            first, last = start, end
    merged.append((first, last))
    return merged
