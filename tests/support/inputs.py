"""Inputs for whole journeys: variants of the mitochondrial genome, as few or many as wanted."""

import gzip
from functools import cache
from itertools import islice

from gas.annotation import load_bundle

_HEADER = (
    "##fileformat=VCFv4.2",
    "##contig=<ID=MT,length=16569>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
)
_MELAS = "MT\t3243\t.\tA\tG\t.\tPASS\t."  # in MT-TL1
_START_LOST = "MT\t3308\t.\tT\tC\t.\tPASS\t."  # the start codon of MT-ND1
_OTHERS = {"A": "CGT", "C": "AGT", "G": "ACT", "T": "ACG", "N": ""}


def small_vcf() -> bytes:
    """Two known variants: annotated in half a second."""
    return _text([_MELAS, _START_LOST])


@cache
def large_vcf(records: int = 49_000, copies: int = 1) -> bytes:
    """Single-nucleotide variants along the genome, about 25 bytes each; 49,000 is all there are.

    Each is there ``copies`` times; a million records take the engine seconds.
    """
    bundle = load_bundle("rCRS")
    with gzip.open(bundle.path(bundle.sequence.file), "rt", encoding="ascii") as fasta:
        genome = "".join(line.strip() for line in fasta if not line.startswith(">")).upper()
    variants = (
        f"MT\t{position}\t.\t{base}\t{other}\t.\tPASS\t."
        for position, base in enumerate(genome, start=1)
        for other in _OTHERS[base]
    )
    chosen = islice(variants, records)
    return _text([variant for variant in chosen for _ in range(copies)])


def malformed_vcf() -> bytes:
    """The third record has no position that anybody could read."""
    return _text([_MELAS, _START_LOST, "MT\tsomewhere\t.\tT\tC\t.\tPASS\t."])


def _text(records: list[str]) -> bytes:
    return ("\n".join([*_HEADER, *records]) + "\n").encode()
