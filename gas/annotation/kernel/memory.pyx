"""Buffers that go from the kernel to the compressor, a file or Arrow without a copy."""

from cpython.buffer cimport PyBUF_WRITABLE, PyBuffer_FillInfo
from libc.string cimport memset

from gas.annotation.kernel.columns cimport release, reserve


cdef class Buffer:
    """Bytes that Python may read; they live as long as this object or a view of it."""

    def __dealloc__(self):
        release(&self.text)

    def __getbuffer__(self, Py_buffer* buffer, int flags):
        # Some readers ask even for no bytes at a real address.
        cdef void* start = self.text.data if self.text.data != NULL else <void*>b""
        PyBuffer_FillInfo(buffer, self, start, self.text.length, 1, flags & ~PyBUF_WRITABLE)

    def __len__(self):
        return self.text.length


cdef Buffer new_array(size_t count, size_t item_size):
    cdef Buffer array = Buffer()
    reserve(&array.text, count * item_size + 1)
    array.text.length = count * item_size
    memset(array.text.data, 0, array.text.length)
    return array
