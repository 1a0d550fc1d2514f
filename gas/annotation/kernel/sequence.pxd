# The reference around the records of a run: a few windows of upper-case bases.

cdef struct Window:
    const char* bases
    long long start           # 0-based; bases[0] is this base of the contig
    long long end

cdef inline char base_at(const Window* window, long long position) noexcept nogil:
    """The base at a 0-based position, N outside the window."""
    if window == NULL or position < window.start or position >= window.end:
        return b'N'
    return window.bases[position - window.start]

cdef class Sequence:
    cdef readonly long long contig_length
    cdef list _kept
    cdef Window* windows      # by start; they do not overlap
    cdef size_t count
    cdef const Window* window_at(self, long long position) noexcept nogil  # NULL: none there
