"""Takes alleles and genotypes out of records that nobody has checked yet."""

from collections.abc import Iterable, Iterator

from gas.annotation.bcsq.clean_copy import Site
from gas.annotation.reference.bundle import ReferenceBundle

_POSITION_DIGITS = 9
"""A contig has fewer bases than 2 to the 29, what a tabix index can hold."""


def sites_in(chunks: Iterable[bytes], bundle: ReferenceBundle, samples: int = 0) -> Iterator[Site]:
    """The records of chunks of whole lines, with genotypes where there are ``samples``.

    What is no record of the bundle's contigs is passed over: to word what is wrong with it is the
    business of the pass over the input that follows.
    """
    names: dict[bytes, str] = {}
    for contig in bundle.contigs:
        for alias in (*contig.aliases, contig.name):
            names[alias.encode()] = contig.name
    for text in chunks:
        for line in text.splitlines():
            columns = line.split(b"\t", 9)
            if len(columns) < 8 or columns[0] not in names:
                continue
            position, reference, alternates = columns[1], columns[3], columns[4]
            if not position.isdigit() or len(position) > _POSITION_DIGITS:
                continue
            genotypes: list[str] = []
            phase_sets: list[str] = []
            if samples and len(columns) > 9:
                genotypes, phase_sets = _genotypes(columns[8], columns[9].split(b"\t"))
            yield Site(
                names[columns[0]],
                int(position),
                _text(reference),
                _text(alternates).split(","),
                genotypes,
                phase_sets,
            )


def _genotypes(names: bytes, samples: list[bytes]) -> tuple[list[str], list[str]]:
    """GT and PS of each sample; VCF lets a sample leave out what is missing at its end."""
    fields = names.split(b":")
    if fields[0] != b"GT":
        return [], []
    at = fields.index(b"PS") if b"PS" in fields else 0
    values = [_text(sample).split(":") for sample in samples]
    phase_sets = [value[at] if at < len(value) else "." for value in values] if at else []
    return [value[0] for value in values], phase_sets


def _text(value: bytes) -> str:
    return value.decode("ascii", "replace")
