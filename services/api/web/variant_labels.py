"""What columns of a result are called on pages."""

from collections.abc import Callable

_LABELS = {
    "id": "ID",
    "quality": "Quality",
    "filter": "FILTER",
    "gene": "Gene",
    "gene_id": "Gene id",
    "transcript": "Transcript",
    "biotype": "Biotype",
    "consequence": "Consequence",
    "impact": "Impact",
    "exon": "Exon",
    "intron": "Intron",
    "hgvsc": "HGVS transcript",
    "hgvsp": "HGVS protein",
    "cdna_position": "cDNA position",
    "cds_position": "CDS position",
    "protein_position": "Protein position",
    "codons": "Codons",
    "amino_acids": "Amino acids",
    "distance": "Distance",
    "canonical": "Canonical",
    "mane": "MANE",
    "gas_skipped": "Not annotated because",
    "samples_heterozygous": "Heterozygous samples",
    "samples_homozygous": "Homozygous samples",
    "samples_missing": "Unknown genotypes",
    "chromosome": "Chromosome",
    "position": "Position",
    "reference": "Reference",
    "alternate": "Alternate",
    "dbsnp": "dbSNP",
    "clinvar": "ClinVar",
}
_ABBREVIATIONS = frozenset({"ac", "af", "an", "id"})
_SOURCES = {"gnomad": "gnomAD", "clinvar": "ClinVar", "dbsnp": "dbSNP"}


def label(column: str) -> str:
    """Short, for heads of columns; a known column of a bundle goes by its own name."""
    if column in _LABELS:
        return _LABELS[column]
    first, *rest = column.split("_")
    return " ".join([_part(first, str.upper), *(_part(part, str.lower) for part in rest)])


def _part(part: str, otherwise: Callable[[str], str]) -> str:
    if part in _SOURCES:
        return _SOURCES[part]
    return part.upper() if part in _ABBREVIATIONS or part[:1].isdigit() else otherwise(part)


def words(term: str) -> str:
    """``splice_donor_variant`` as one reads it."""
    return term.replace("_", " ")
