"""Splits a chunk of lines into records, proving each line right as fast as that can be done.

A line that is not *plainly* right is doubtful: it is given to the careful checker, which words the
error, or accepts the line and learns the names in it.
"""

from libc.string cimport memchr, memcmp

from gas.annotation.kernel.intake.alleles cimport take_alleles
from gas.annotation.kernel.intake.fields cimport filters_are_known, info_is_sound
from gas.annotation.kernel.intake.genotypes cimport Samples
from gas.annotation.kernel.intake.names cimport FLOAT, Name, Names
from gas.annotation.kernel.records cimport NO_ALTERNATE, Records, Run, Site
from gas.annotation.kernel.intake.syntax cimport is_number, is_sequence, plain_position


cdef struct Findings:
    size_t blank
    bint in_order


cdef class Scan:
    """What one chunk holds. ``runs`` are (contig, first site, end site, first allele, end allele).

    ``first`` and ``last`` are (contig, position) of those records, None of no record; ``in_order``
    says whether the positions of each run ascend. ``genotypes`` has for each sample the records
    where it is homozygous for the reference, heterozygous, homozygous for an alternate, and not
    (wholly) known. ``undeclared`` are the names that records use and the header does not declare:
    (contigs, INFO, FORMAT, FILTER), each in order of first use -> whether with a value.
    """

    cdef readonly Records records
    cdef readonly list runs
    cdef readonly list genotypes
    cdef readonly tuple undeclared
    cdef readonly tuple first
    cdef readonly tuple last
    cdef readonly size_t blank
    cdef readonly bint in_order


cdef class Scanner:
    """Scans chunks of one input, one at a time; every thread has a Scanner of its own.

    The input has ``columns`` columns; ``leading_phase``: a genotype may begin with a separator.
    ``check(line number, line, whether the line has no end)`` raises for a doubtful line, or returns
    the names in it that the header does not declare: (contigs, info, formats, filters).
    """

    cdef Names _contigs
    cdef Names _info
    cdef Names _formats
    cdef Names _filters
    cdef Samples _samples
    cdef object _check

    def __cinit__(
        self,
        Names contigs not None,
        Names info not None,
        Names formats not None,
        Names filters not None,
        size_t columns,
        bint leading_phase,
        object check,
    ):
        if columns != 8 and columns < 10:
            raise ValueError("a VCF has 8 columns, or FORMAT and samples too")
        self._contigs, self._info = contigs, info
        self._formats, self._filters = formats, filters
        self._samples = Samples(columns - 9 if columns > 9 else 0, formats, leading_phase)
        self._check = check

    def scan(self, bytes text not None, long long first_line):
        """The records of whole lines; the very last one of a file may lack its line end.

        Raises what ``check`` raises, for the first bad line.
        """
        cdef Scan scan = Scan()
        cdef Records records = Records(text)
        cdef Findings findings
        cdef size_t at, length = len(text)
        findings.blank, findings.in_order = 0, True
        for names in (self._contigs, self._info, self._formats, self._filters):
            (<Names>names).forget_uses()
        self._samples.start_chunk()
        with nogil:
            self._scan(records, length, first_line, &findings)
        scan.records = records
        scan.blank, scan.in_order = findings.blank, findings.in_order
        scan.runs = []
        for at in range(records.run_count):
            run = records.runs[at]
            site = &records.sites[run.first_site]
            name = text[site.line : site.columns[1] - 1]
            scan.runs.append(
                (
                    name.decode("utf-8", "surrogateescape"),
                    run.first_site,
                    run.end_site,
                    run.first_allele,
                    run.end_allele,
                )
            )
        if records.site_count:
            scan.first = (scan.runs[0][0], records.sites[0].position)
            scan.last = (scan.runs[records.run_count - 1][0], records.sites[records.site_count - 1].position)
        scan.genotypes = self._samples.genotypes()
        scan.undeclared = (
            self._contigs.undeclared_uses(),
            self._info.undeclared_uses(),
            self._formats.undeclared_uses(),
            self._filters.undeclared_uses(),
        )
        return scan

    cdef int _scan(
        self, Records records, size_t length, long long number, Findings* findings
    ) except -1 nogil:
        cdef const char* data = records.data
        cdef const char* feed
        cdef size_t at = 0, stop, end
        cdef bint odd
        # Hardly any chunk has these; then no line needs to be searched for them.
        odd = memchr(data, 0, length) != NULL or memchr(data, b'\r', length) != NULL
        while at < length:
            feed = <const char*>memchr(data + at, b'\n', length - at)
            stop = <size_t>(feed - data) if feed != NULL else length
            end = stop
            if odd and end > at and data[end - 1] == b'\r':
                end -= 1
            if end == at:
                findings.blank += 1
            elif (
                odd
                and (
                    memchr(data + at, 0, end - at) != NULL
                    or memchr(data + at, b'\r', end - at) != NULL
                )
            ) or not self._take(records, findings, at, end, True):
                self._settle(records, findings, at, end, number, feed == NULL)
            at = stop + 1
            number += 1
        return 0

    cdef int _settle(
        self,
        Records records,
        Findings* findings,
        size_t at,
        size_t end,
        long long number,
        bint cut,
    ) except -1 nogil:
        """Have a doubtful line checked, and take it in when it is right after all."""
        with gil:
            learned = self._check(number, records.text[at:end], cut)
            for names, found in zip(
                (self._contigs, self._info, self._formats, self._filters), learned
            ):
                for name in found:
                    (<Names>names).learn(name)
        if not self._take(records, findings, at, end, True):
            self._take(records, findings, at, end, False)
        return 0

    cdef bint _take(
        self, Records records, Findings* findings, size_t at, size_t end, bint strict
    ) except -1 nogil:
        """Enter one record; False when it is not plainly right, and then nothing is entered.

        Not ``strict``: the line is known to be right, whatever it looks like.
        """
        cdef const char* data = records.data
        cdef Site* site = records.next_site()
        cdef Site* before
        cdef Run* run
        cdef bint same_contig = False
        cdef long long position
        if not self._split(data, at, end, site):
            return False
        position = plain_position(data + site.columns[1], data + site.columns[2] - 1)
        if position < 0:
            return False
        site.position = position
        if records.site_count:
            before = site - 1
            same_contig = before.columns[1] - before.line == site.columns[1] - site.line and (
                memcmp(data + before.line, data + site.line, site.columns[1] - site.line) == 0
            )
        if strict and not (
            (same_contig or self._contig_is_known(data, site)) and self._is_sound(data, site)
        ):
            return False
        if not take_alleles(records, site, strict):
            return False
        if self._samples.count:
            # Also of a line that is only known to be right: `are_sound` reads what FORMAT says.
            if self._samples.format_is_sound(
                data + site.columns[8], data + site.columns[9] - 1
            ) and self._samples.are_sound(
                data + site.columns[9],
                data + end,
                0 if records.alleles[site.first_allele].skip == NO_ALTERNATE else site.allele_count,
            ):
                self._samples.add_genotypes()
            elif strict:
                return False
        if same_contig:
            findings.in_order = findings.in_order and before.position <= position
        else:
            run = records.next_run()
            run.first_site = records.site_count
            run.first_allele = site.first_allele
            records.run_count += 1
        records.site_count += 1
        records.allele_count += site.allele_count
        records.runs[records.run_count - 1].end_site = records.site_count
        records.runs[records.run_count - 1].end_allele = records.allele_count
        return True

    cdef bint _split(self, const char* data, size_t at, size_t end, Site* site) noexcept nogil:
        """Find the columns up to FORMAT; False unless there are as many as there must be."""
        cdef size_t column, last = 9 if self._samples.count else 7
        cdef const char* tab
        site.line, site.end = at, end
        site.columns[0] = at
        for column in range(1, last + 1):
            tab = <const char*>memchr(data + at, b'\t', end - at)
            if tab == NULL:
                return False
            at = <size_t>(tab - data) + 1
            site.columns[column] = at
        for column in range(last + 1, 10):
            site.columns[column] = end + 1
        # The samples count their columns themselves.
        return self._samples.count > 0 or memchr(data + at, b'\t', end - at) == NULL

    cdef bint _contig_is_known(self, const char* data, Site* site) noexcept nogil:
        cdef Name* name = self._contigs.find(
            data + site.line, site.columns[1] - 1 - site.line
        )
        if name == NULL:
            return False
        if not name.declared:
            self._contigs.note_use(name, False)
        return True

    cdef bint _is_sound(self, const char* data, Site* site) except -1 nogil:
        """REF, QUAL, FILTER and INFO."""
        cdef const size_t* columns = site.columns
        if not is_sequence(data + columns[3], data + columns[4] - 1):
            return False
        if not (columns[6] - columns[5] == 2 and data[columns[5]] == b'.') and not is_number(
            data + columns[5], data + columns[6] - 1, FLOAT
        ):
            return False
        return filters_are_known(
            self._filters, data + columns[6], data + columns[7] - 1
        ) and info_is_sound(self._info, data + columns[7], data + columns[8] - 1)
