"""Reads gene models from GFF3, as Ensembl and GENCODE write it.

The format is that of the Sequence Ontology's GFF3 specification, version 1.26; the READMEs beside
Ensembl's and GENCODE's files say what the attributes mean.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gas.annotation.genes.assembly import ATTRIBUTES, PARTS, ContigRows, ModelError, Row
from gas.annotation.genes.model import Transcript
from gas.domain.errors import ErrorCode, PermanentError

_USED_ATTRIBUTES = re.compile(rf"(?:^|;) *({'|'.join(sorted(ATTRIBUTES))})=([^;]*)")
_GZIP_MAGIC = b"\x1f\x8b"


def read_gff3(path: Path) -> Iterator[tuple[str, list[Transcript]]]:
    """Each contig that has transcripts, with these by start, end and id; contigs as in the file.

    A transcript is what exons or coding regions name as their parent. The file may be gzipped. The
    rows of a contig must stand together, so that only one contig is in memory at a time.

    Raises PermanentError: REFERENCE_DAMAGED, with the line, where the file is not GFF3 or a model
    makes no sense.
    """
    contig = ContigRows("")
    finished = set()
    with _sentences_about(path):
        for number, line in _lines(path):
            name = line.partition("\t")[0]
            if name != contig.name:
                yield from _transcripts_of(contig)
                finished.add(contig.name)
                if name in finished:
                    raise ModelError(number, f"the rows of {name!r} do not stand together")
                contig = ContigRows(name)
            row = _row(number, line)
            if row is not None:
                contig.add(row)
        yield from _transcripts_of(contig)


@contextmanager
def _sentences_about(path: Path) -> Iterator[None]:
    try:
        yield
    except ModelError as error:
        what = f"line {error.line}: {error}"
    except UnicodeDecodeError:
        what = "they are not UTF-8 text"
    except (EOFError, gzip.BadGzipFile, zlib.error):
        what = "the compressed data is damaged"
    else:
        return
    raise PermanentError(
        ErrorCode.REFERENCE_DAMAGED, f"The gene models in {path.name} cannot be read: {what}."
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The rows with their line numbers, from 1; without comments and the sequences at the end."""
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == _GZIP_MAGIC
    with (
        gzip.open(path, "rt", encoding="utf-8") if is_gzip else path.open(encoding="utf-8") as text
    ):
        for number, line in enumerate(text, start=1):
            if line.startswith("##FASTA"):
                return
            if line != "\n" and not line.startswith("#"):
                yield number, line.rstrip("\n")


def _transcripts_of(contig: ContigRows) -> Iterator[tuple[str, list[Transcript]]]:
    transcripts = contig.transcripts()
    if transcripts:
        yield contig.name, transcripts


def _row(number: int, line: str) -> Row | None:
    """The line's row; None for one that can be neither a part nor the parent of anything."""
    columns = line.split("\t")
    if len(columns) != 9:
        raise ModelError(number, f"a row has 9 columns, this one has {len(columns)}")
    _, _, kind, first, last, _, strand, phase, attributes = columns
    if kind not in PARTS and "ID=" not in attributes:
        return None
    if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise ModelError(number, f"{first} to {last} is no range of positions")
    if phase not in {"0", "1", "2"} and (kind == "CDS" or phase != "."):
        raise ModelError(number, f"{phase!r} is no phase")
    return Row(
        line=number,
        kind=kind,
        start=int(first) - 1,
        end=int(last),
        strand={"+": 1, "-": -1}.get(strand, 0),
        phase=0 if phase == "." else int(phase),
        fields=dict(_USED_ATTRIBUTES.findall(attributes)),
    )
