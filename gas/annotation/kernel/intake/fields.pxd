# Whether a column, [at, end), is plainly right. Undeclared names that are used are noted.

from gas.annotation.kernel.intake.names cimport Names

cdef bint filters_are_known(Names filters, const char* at, const char* end) noexcept nogil
cdef bint info_is_sound(Names info, const char* at, const char* end) noexcept nogil
