"""What bcftools csq is known to get wrong, put right where the gene models tell.

An entry is ``consequence|gene|transcript|biotype[|strand|protein|dna]``, the consequence being
one or more of csq's names joined by '&'.
"""

from collections import defaultdict

from gas.annotation.bcsq.reference import Allele, Reference
from gas.annotation.genes.model import Transcript

_MITOCHONDRIAL_CODE = 2
# NCBI's genetic code 2, the vertebrate mitochondrial one.
_MITOCHONDRIAL_STARTS = frozenset({"ATT", "ATC", "ATA", "ATG", "GTG"})
_COMPLEMENT = str.maketrans("ACGT", "TGCA")


class Corrections:
    """Corrections for the alleles of one contig.

    - The last codon of a coding region may be incomplete (in mitochondria the poly(A) tail
      completes it). csq cuts those bases off and says ``intron`` of them: here
      ``incomplete_terminal_codon``.
    - csq calls every change of a start codon ``start_lost``: here ``start_retained`` where the
      new codon starts mitochondrial proteins too.
    """

    def __init__(self, models: list[Transcript], genetic_code: int, reference: Reference) -> None:
        self._by_id = {model.id: model for model in models}
        self._by_gene: dict[str, list[Transcript]] = defaultdict(list)
        for model in models:
            self._by_gene[model.gene_name].append(model)
        self._mitochondrial = genetic_code == _MITOCHONDRIAL_CODE
        self._reference = reference

    def corrected(self, allele: Allele, entry: str) -> str:
        names, bar, rest = entry.partition("|")
        gene, transcript, *_ = [*rest.split("|"), "", ""]
        corrected = [self._name(allele, name, gene, transcript) for name in names.split("&")]
        return "&".join(corrected) + bar + rest

    def _name(self, allele: Allele, name: str, gene: str, transcript: str) -> str:
        # Of introns csq names the gene alone.
        if name == "intron" and self._is_coding(allele, gene):
            return "incomplete_terminal_codon"
        model = self._by_id.get(transcript)
        if name == "start_lost" and self._mitochondrial and self._still_starts(allele, model):
            return "start_retained"
        return name

    def _is_coding(self, allele: Allele, gene: str) -> bool:
        """Whether the allele's bases are coding in the gene, and an intron in no transcript of it."""
        first, end = allele.position - 1, allele.position - 1 + len(allele.reference)
        models = [
            model
            for model in self._by_gene.get(gene, ())
            if model.start <= first and end <= model.end
        ]
        exonic = [
            model
            for model in models
            if any(start <= first and end <= stop for start, stop in model.exons)
        ]
        return exonic == models and any(
            model.coding and model.coding[0] <= first and end <= model.coding[1] for model in exonic
        )

    def _still_starts(self, allele: Allele, model: Transcript | None) -> bool:
        """Whether a substitution of one base leaves a codon that starts proteins."""
        if model is None or model.coding is None or len(allele.reference + allele.alternate) != 2:
            return False
        first, end = model.coding
        start = first if model.strand > 0 else end - 3
        offset = allele.position - 1 - start
        if not 0 <= offset < 3:
            return False
        codon = self._reference.bases(allele.contig, start + 1, 3)
        codon = codon[:offset] + allele.alternate + codon[offset + 1 :]
        if model.strand < 0:
            codon = codon.translate(_COMPLEMENT)[::-1]
        return codon in _MITOCHONDRIAL_STARTS
