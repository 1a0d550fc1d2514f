# The lines of a chunk, as they go to the output.

from gas.annotation.kernel.memory cimport Buffer

cdef class VcfText:
    cdef readonly Buffer text
    cdef readonly Buffer spans   # an array of reach.Span, one a record
    cdef readonly list runs      # (contig name, first record, end record), in order
