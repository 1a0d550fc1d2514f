"""FASTA in any form -> bgzip FASTA with both indexes, and the digests of its contigs."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pysam

from gas.annotation.reference.building.text import OnBytes, bgzip_writer, byte_lines, unusable
from gas.annotation.reference.manifest import Contig
from gas.annotation.reference.recipe import RecipeContig

_LINE_BASES = 60


def build_sequence(
    source: Path, target: Path, expected: tuple[RecipeContig, ...], on_bytes: OnBytes
) -> list[Contig]:
    """Write ``target`` (``*.fa.gz``), ``target``.fai and ``target``.gzi; its contigs, in order.

    Bases become upper case. Raises PermanentError REFERENCE_DAMAGED where a contig that the recipe
    describes is missing or another than described.
    """
    described = {contig.name: contig for contig in expected}
    contigs: list[Contig] = []
    with bgzip_writer(target) as write:
        for name, lines in _records(source, on_bytes):
            digests = _Digests()
            write(f">{name}\n")
            for line in digests.of(lines):
                write(line)
            contigs.append(digests.contig(name, described.get(name, RecipeContig(name=name))))
    _check(source, contigs, described)
    pysam.faidx(str(target))
    return contigs


class _Digests:
    """Passes bases on in lines of one width, and hashes them as they go by."""

    def __init__(self) -> None:
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._sha512 = hashlib.sha512()
        self._length = 0

    def of(self, pieces: Iterator[bytes]) -> Iterator[str]:
        rest = b""
        for piece in pieces:
            bases = piece.translate(None, b"\r\n \t").upper()
            self._md5.update(bases)
            self._sha512.update(bases)
            self._length += len(bases)
            rest += bases
            whole = len(rest) - len(rest) % _LINE_BASES
            for start in range(0, whole, _LINE_BASES):
                yield rest[start : start + _LINE_BASES].decode("ascii") + "\n"
            rest = rest[whole:]
        if rest:
            yield rest.decode("ascii") + "\n"

    def contig(self, name: str, described: RecipeContig) -> Contig:
        # sha512t24u: the first 24 bytes of SHA-512 in URL-safe base 64 (GA4GH refget v2).
        refget = base64.urlsafe_b64encode(self._sha512.digest()[:24]).decode("ascii")
        return Contig(
            name=name,
            length=self._length,
            md5=self._md5.hexdigest(),
            refget=f"SQ.{refget}",
            genetic_code=described.genetic_code,
            aliases=described.aliases,
        )


@dataclass
class _Pushback:
    """The header line that ended one record and begins the next."""

    line: bytes = b""


def _records(source: Path, on_bytes: OnBytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each record's name and its lines; the lines must be used up before the next record."""
    stream = byte_lines(source, on_bytes)
    held = _Pushback(next(stream, b""))
    if not held.line.startswith(b">"):
        raise unusable(source, "it is not FASTA")

    def lines() -> Iterator[bytes]:
        held.line = b""
        for line in stream:
            if line.startswith(b">"):
                held.line = line
                return
            yield line

    while held.line:
        name = held.line[1:].split(maxsplit=1)[0].decode("ascii")
        yield name, lines()


def _check(source: Path, contigs: list[Contig], described: dict[str, RecipeContig]) -> None:
    found = {contig.name: contig for contig in contigs}
    if len(found) != len(contigs):
        raise unusable(source, "two of its sequences have one name")
    for name, expected in described.items():
        if name not in found:
            raise unusable(source, f"it has no sequence {name}")
        for what in ("length", "md5"):
            wanted, given = getattr(expected, what), getattr(found[name], what)
            if wanted is not None and wanted != given:
                raise unusable(source, f"{name} has the {what} {given}, not {wanted}")
