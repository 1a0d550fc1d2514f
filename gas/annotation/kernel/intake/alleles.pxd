# The alternate alleles of a record.

from gas.annotation.kernel.records cimport Records, Site

# Enter those of ``site``, whose columns are known, behind the ones that count so far; they count once
# the caller raises the count. False when they are not plainly right, unless not ``strict``.
cdef bint take_alleles(Records records, Site* site, bint strict) except -1 nogil
