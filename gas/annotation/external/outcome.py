"""Reads what the command made: each record of the input must be there, in the input's order."""

import gzip
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path

import pysam

from gas.annotation.result import EngineError

_GZIP = b"\x1f\x8b"
# CHROM, POS, REF, ALT, and the sample columns as one: what no annotator has reason to change.
_SITE = (0, 1, 3, 4)
_FIRST_SAMPLE_COLUMN = 8


class Outcome:
    """The output of the command ``name``, plain or compressed by gzip.

    Reading raises EngineError, with a sentence that names the line, for anything that is not the
    input's VCF with more said of its records.
    """

    def __init__(self, name: str, path: Path, max_line_bytes: int) -> None:
        self._name = name
        self._path = path
        self._max_line_bytes = max_line_bytes
        self._number = 0

    def write_annotated(
        self, target: Path, ours: list[str], samples: list[str], expected: Iterable[bytes]
    ) -> None:
        """Write ``target`` (bgzip): the output with the header lines ``ours`` added.

        ``expected`` are the lines of the input's records.
        """
        if self._path.is_symlink() or not self._path.is_file():
            raise EngineError(f"{self._name} made no output.")
        with self._open() as stream, pysam.BGZFile(str(target), "wb", None) as out:
            lines = self._lines(stream)
            for line in self._header(lines, ours, samples):
                out.write(line)
            for line in self._records(lines, expected):
                out.write(line)

    def _open(self) -> BufferedIOBase:
        with self._path.open("rb") as stream:
            compressed = stream.read(len(_GZIP)) == _GZIP
        return gzip.open(self._path, "rb") if compressed else self._path.open("rb")

    def _lines(self, stream: BufferedIOBase) -> Iterator[bytes]:
        try:
            while line := stream.readline(self._max_line_bytes):
                self._number += 1
                if not line.endswith(b"\n"):
                    raise self._wrong("is cut off, or too long")
                yield line.rstrip(b"\r\n") + b"\n"
        except (OSError, EOFError) as error:
            raise EngineError(f"The output of {self._name} cannot be read: {error}.") from error

    def _header(
        self, lines: Iterator[bytes], ours: list[str], samples: list[str]
    ) -> Iterator[bytes]:
        for line in lines:
            if self._number == 1 and not line.startswith(b"##fileformat=VCF"):
                raise self._wrong("is not the ##fileformat of a VCF")
            if line.startswith(b"##"):
                yield line
                continue
            columns = line.rstrip(b"\n").decode("utf-8", "surrogateescape").split("\t")
            if columns[0] != "#CHROM":
                raise self._wrong("is neither a header line nor the line #CHROM …")
            if columns[9:] != samples:
                raise self._wrong("names other samples than the input")
            yield from (f"{added}\n".encode("utf-8", "surrogateescape") for added in ours)
            yield line
            return
        raise EngineError(f"The output of {self._name} ends before the line #CHROM ….")

    def _records(self, lines: Iterator[bytes], expected: Iterable[bytes]) -> Iterator[bytes]:
        for wanted in expected:
            line = next(lines, None)
            if line is None:
                raise EngineError(
                    f"{self._name} lost records: its output ends before {_shown(wanted)}."
                )
            if _kept(line) != _kept(wanted):
                raise self._wrong(f"is not the input's record {_shown(wanted)}")
            yield line
        if next(lines, None) is not None:
            raise self._wrong("is a record that the input does not have")

    def _wrong(self, what: str) -> EngineError:
        return EngineError(f"Line {self._number} of the output of {self._name} {what}.")


def _kept(line: bytes) -> list[bytes]:
    columns = line.rstrip(b"\r\n").split(b"\t", _FIRST_SAMPLE_COLUMN)
    return [columns[i] for i in _SITE if i < len(columns)] + columns[_FIRST_SAMPLE_COLUMN:]


def _shown(line: bytes) -> str:
    contig, position, *_ = line.split(b"\t", 2)
    return f"{contig.decode('utf-8', 'replace')}:{position.decode('utf-8', 'replace')}"
