"""The sample columns of a record: proves them sound and counts the genotypes of each sample."""

from libc.stdlib cimport calloc, free
from libc.string cimport memchr, memcmp, memset

from gas.annotation.kernel.intake.names cimport ANY, INTEGER, Name
from gas.annotation.kernel.intake.syntax cimport are_numbers

from gas.annotation.vcf import capacity

cdef size_t _MOST_KEYS = capacity.MOST_FORMAT_KEYS
cdef size_t _BYTES_A_CHARACTER = capacity.BYTES_A_CHARACTER
cdef size_t _MOST_BYTES = capacity.MOST_SAMPLE_BYTES


cdef class Samples:
    """A record's FORMAT is looked at first, then its samples.

    ``leading_phase``: whether a genotype may begin with a separator (VCF 4.4).
    """

    def __cinit__(self, size_t count, Names formats not None, bint leading_phase):
        self.count = count
        self._leading_phase = leading_phase
        self._formats = formats
        self._zygosities = <unsigned char*>calloc(count + 1, 1)
        self._totals = <unsigned long long*>calloc(
            (count + 1) * ZYGOSITIES, sizeof(unsigned long long)
        )
        self._types = <Type*>calloc(_MOST_KEYS, sizeof(Type))
        self._names = <Name**>calloc(_MOST_KEYS, sizeof(Name*))
        if (
            self._zygosities == NULL
            or self._totals == NULL
            or self._types == NULL
            or self._names == NULL
        ):
            raise MemoryError

    def __dealloc__(self):
        free(self._zygosities)
        free(self._totals)
        free(self._types)
        free(self._names)

    def genotypes(self):
        """Of this chunk, for each sample: (hom. reference, heterozygous, hom. alternate, missing)."""
        cdef size_t at
        cdef unsigned long long* totals = self._totals
        return [
            (
                totals[at * ZYGOSITIES + HOMOZYGOUS_REFERENCE],
                totals[at * ZYGOSITIES + HETEROZYGOUS],
                totals[at * ZYGOSITIES + HOMOZYGOUS_ALTERNATE],
                totals[at * ZYGOSITIES + MISSING],
            )
            for at in range(self.count)
        ]

    cdef void start_chunk(self) noexcept nogil:
        memset(self._totals, 0, self.count * ZYGOSITIES * sizeof(unsigned long long))
        self._format = NULL
        self._has_genotypes = False

    cdef bint format_is_sound(self, const char* at, const char* end) noexcept nogil:
        """Whether all keys are known and GT stands first; keeps their types for `are_sound`."""
        cdef size_t length = <size_t>(end - at)
        # Nearly always it is the same as that of the record before.
        if (
            self._format != NULL
            and length == self._format_length
            and memcmp(at, self._format, length) == 0
        ):
            return True
        self._format = NULL
        if not self._read_keys(at, end):
            return False
        self._format, self._format_length = at, length
        return True

    cdef bint _read_keys(self, const char* at, const char* end) noexcept nogil:
        cdef const char* colon
        cdef Name* name
        self._keys = 0
        self._has_genotypes = False
        self._is_missing = end - at == 1 and at[0] == b'.'
        if self._is_missing:
            self._types[0] = ANY
            self._keys = 1
            return True
        while self._keys < _MOST_KEYS:
            colon = <const char*>memchr(at, b':', end - at)
            if colon == NULL:
                colon = end
            name = self._formats.find(at, colon - at)
            if name == NULL or self._is_named(name) or (colon - at == 1 and at[0] == b'.'):
                return False
            if not name.declared:
                self._formats.note_use(name, False)
            self._names[self._keys] = name
            self._types[self._keys] = name.type
            if colon - at == 2 and at[0] == b'G' and at[1] == b'T':
                if self._keys:
                    return False
                self._has_genotypes = True
            self._keys += 1
            if colon == end:
                return True
            at = colon + 1
        return False

    cdef bint _is_named(self, Name* name) noexcept nogil:
        """Whether it is among the keys so far."""
        cdef size_t key
        for key in range(self._keys):
            if self._names[key] == name:
                return True
        return False

    cdef bint are_sound(self, const char* at, const char* end, size_t alternates) noexcept nogil:
        """Whether [at, end) is as many samples as there must be, each well-formed."""
        cdef size_t sample = 0, key, longest = 0
        cdef const char* start
        while sample < self.count:
            key = 0
            start = at
            if self._has_genotypes:
                at = _genotype(
                    at, end, alternates, self._leading_phase, &self._zygosities[sample]
                )
                if at == NULL:
                    return False
            else:
                at = _value(at, end, self._types[0])
                if at == NULL:
                    return False
            while at < end and at[0] == b':':
                key += 1
                if key == self._keys:
                    return False
                at = _value(at + 1, end, self._types[key])
                if at == NULL:
                    return False
            longest = max(longest, <size_t>(at - start))
            sample += 1
            if at == end:
                # An empty last sample is none to htslib; elsewhere, it is a missing one.
                return (
                    sample == self.count
                    and (at > start or self._is_missing)
                    and self._keys * self.count * _BYTES_A_CHARACTER * (longest + 1) <= _MOST_BYTES
                )
            at += 1
        return False

    cdef void add_genotypes(self) noexcept nogil:
        """Count the record that `are_sound` last accepted."""
        cdef size_t sample
        if self._has_genotypes:
            for sample in range(self.count):
                self._totals[sample * ZYGOSITIES + self._zygosities[sample]] += 1


cdef inline bint _ends_value(const char* at, const char* end) noexcept nogil:
    return at == end or at[0] == b'\t' or at[0] == b':'


cdef inline const char* _value(const char* at, const char* end, Type type) noexcept nogil:
    """Where the value ends, or NULL when it is not of its type. It may be empty, as in ``0/1:``."""
    cdef const char* start = at
    if type == INTEGER:
        while at < end and b'0' <= at[0] <= b'9':
            at += 1
        if _ends_value(at, end):
            return at
    while not _ends_value(at, end):
        at += 1
    if type == ANY or at == start or are_numbers(start, at, type):
        return at
    return NULL


cdef inline const char* _genotype(
    const char* at,
    const char* end,
    size_t alternates,
    bint leading_phase,
    unsigned char* zygosity,
) noexcept nogil:
    """Where the genotype ends, or NULL when it is none or names an allele that is not there."""
    cdef size_t first, second
    # Nearly all are two single digits.
    if (
        end - at >= 3
        and b'0' <= at[0] <= b'9'
        and (at[1] == b'/' or at[1] == b'|')
        and b'0' <= at[2] <= b'9'
        and _ends_value(at + 3, end)
    ):
        first, second = at[0] - c'0', at[2] - c'0'
        if first > alternates or second > alternates:
            return NULL
        if first != second:
            zygosity[0] = HETEROZYGOUS
        else:
            zygosity[0] = HOMOZYGOUS_ALTERNATE if first else HOMOZYGOUS_REFERENCE
        return at + 3
    if leading_phase and at < end and (at[0] == b'/' or at[0] == b'|'):
        at += 1
    return _any_genotype(at, end, alternates, zygosity)


cdef const char* _any_genotype(
    const char* at, const char* end, size_t alternates, unsigned char* zygosity
) noexcept nogil:
    """Of any ploidy."""
    cdef size_t first = 0, index, alleles = 0
    cdef const char* start
    cdef bint missing = False, differ = False
    while True:
        start = at
        if at < end and at[0] == b'.':
            missing = True
            at += 1
        else:
            index = 0
            while at < end and b'0' <= at[0] <= b'9' and at - start < 9:
                index = index * 10 + at[0] - c'0'
                at += 1
            if at == start or index > alternates:
                return NULL
            if alleles == 0:
                first = index
            differ = differ or index != first
            alleles += 1
        if _ends_value(at, end):
            break
        if at[0] != b'/' and at[0] != b'|':
            return NULL
        at += 1
    if missing:
        zygosity[0] = MISSING
    elif differ:
        zygosity[0] = HETEROZYGOUS
    else:
        zygosity[0] = HOMOZYGOUS_ALTERNATE if first else HOMOZYGOUS_REFERENCE
    return at
