"""A small gene on a random contig, and what a change does to it, worked out the plain way.

Nothing here shares code with the engine: positions are turned into each other by tables of all
bases, and proteins are translated from whole sequences.
"""

import random
from dataclasses import dataclass, replace

from gas.annotation.genes.model import Transcript

_COMPLEMENT = bytes.maketrans(b"ACGTN", b"TGCAN")
_LETTERS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
CODE = {
    a + b + c: letter
    for (a, b, c), letter in zip(
        ((a, b, c) for a in "TCAG" for b in "TCAG" for c in "TCAG"), _LETTERS, strict=True
    )
}
_SENSE = [codon for codon, letter in CODE.items() if letter != "*"]
_STOPS = [codon for codon, letter in CODE.items() if letter == "*"]
_NAMES = "AlaArgAsnAspCysGlnGluGlyHisIleLeuLysMetPheProSerThrTrpTyrValTer"
THREE = {one: _NAMES[3 * at : 3 * at + 3] for at, one in enumerate("ARNDCQEGHILKMFPSTWYV*")}
ONE = {three: one for one, three in THREE.items()}


def reverse_complement(bases: bytes) -> bytes:
    return bases.translate(_COMPLEMENT)[::-1]


def translate(bases: str) -> str:
    """The residues up to and with the first stop; an incomplete last codon is left out."""
    residues = ""
    for at in range(0, len(bases) - 2, 3):
        residues += CODE[bases[at : at + 3]]
        if residues.endswith("*"):
            break
    return residues


@dataclass(frozen=True)
class Gene:
    """A contig with one transcript of it."""

    contig: bytes
    model: Transcript

    @property
    def forward(self) -> "Gene":
        """The gene on a contig that runs in its own direction."""
        return self if self.model.strand == 1 else self.turned

    @property
    def turned(self) -> "Gene":
        """The same gene on the other strand of the same contig."""
        length = len(self.contig)
        model = self.model
        coding = model.coding and (length - model.coding[1], length - model.coding[0])
        return Gene(
            reverse_complement(self.contig),
            replace(
                model,
                strand=-model.strand,
                start=length - model.end,
                end=length - model.start,
                exons=tuple((length - end, length - start) for start, end in model.exons[::-1]),
                coding=coding,
            ),
        )

    def exonic(self) -> list[int]:
        """The positions of the spliced bases; for a forward gene."""
        return [at for start, end in self.model.exons for at in range(start, end)]

    def numbers(self) -> dict[str, int]:
        """HGVS's name of each position of the transcript -> that position; for a forward gene."""
        spliced = self.exonic()
        rank = {at: index for index, at in enumerate(spliced)}

        def name(at: int) -> str:
            index = rank[at]
            if self.model.coding is None:
                return str(index + 1)
            first = rank[self.model.coding[0]]
            last = rank[self.model.coding[1] - 1]
            if index < first:
                return f"-{first - index}"
            return str(index - first + 1) if index <= last else f"*{index - last}"

        names = {name(at): at for at in spliced}
        for (_, left), (right, _) in zip(self.model.exons, self.model.exons[1:], strict=False):
            for at in range(left, right):
                before, after = at - left + 1, right - at
                text = f"{name(left - 1)}+{before}" if before <= after else f"{name(right)}-{after}"
                names[text] = at
        return names


def make_gene(seed: int, coding: bool = True) -> Gene:
    """A gene of one to four exons on either strand; poor in letters, so that changes can slide."""
    draw = random.Random(seed)  # noqa: S311 - test data
    letters = draw.choice(["ACGT", "AACG", "ATG", "CAAG"])

    def bases(length: int) -> str:
        unit = "".join(draw.choices(letters, k=draw.randint(1, 3)))
        if draw.random() < 0.5:
            return (unit * length)[:length]
        return "".join(draw.choices(letters, k=length))

    codons = ["ATG"]
    while len(codons) < draw.randint(5, 14):
        codons += [draw.choice(_SENSE)] * draw.choice([1, 1, 1, 2, 4])
    sequence = "".join(codons) + draw.choice(_STOPS)
    five, three = bases(draw.randint(1, 12)), bases(draw.randint(1, 40))
    spliced = five + sequence + three
    cuts = sorted(draw.sample(range(3, len(spliced) - 3), draw.randint(0, 3)))
    before = bases(draw.randint(5, 30))
    contig, exons = before, []
    first = last = 0
    for index, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(spliced)], strict=True)):
        if index:
            contig += "GT" + bases(draw.randint(9, 50)) + "AG"
        here = len(contig)
        if start <= len(five) < end:
            first = here + len(five) - start
        if start < len(five) + len(sequence) <= end:
            last = here + len(five) + len(sequence) - start
        contig += spliced[start:end]
        exons.append((here, len(contig)))
    start, end = len(before), len(contig)
    contig += bases(draw.randint(5, 30))
    model = Transcript(
        id="T1.1",
        gene_id="G1",
        gene_name="GENE",
        biotype="protein_coding" if coding else "lincRNA",
        strand=1,
        start=start,
        end=end,
        exons=tuple(exons),
        coding=(first, last) if coding else None,
        protein_id="P1.1",
    )
    gene = Gene(contig.encode(), model)
    return gene if draw.random() < 0.5 else gene.turned
