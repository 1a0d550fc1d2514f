"""The compiled part of the engine (Cython): what is done for every allele.

Everything here works on one chunk of records at a time, without Python objects and without the
interpreter's lock, so that chunks are annotated on all cores at once. See docs/annotation.md.
"""
