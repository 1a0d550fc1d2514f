"""The fields that GAS adds: as INFO of the annotated VCF, and as columns of the tables."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from gas.annotation.kernel.output.emit import LIST, PER_ALLELE, VERBATIM_LIST
from gas.annotation.reference.bundle import ReferenceBundle

ANN, CONSEQUENCE, IMPACT, GENE = "ANN", "CONSEQUENCE", "IMPACT", "GENE"
BCSQ, SKIPPED = "BCSQ", "GAS_SKIPPED"
REGION = "region"
# The words of the standard (Cingolani et al., "Variant annotations in VCF format", 1.0): other
# tools know the field by them.
_ANN_FORMAT = (
    "Functional annotations: 'Allele | Annotation | Annotation_Impact | Gene_Name | Gene_ID | "
    "Feature_Type | Feature_ID | Transcript_BioType | Rank | HGVS.c | HGVS.p | "
    "cDNA.pos / cDNA.length | CDS.pos / CDS.length | AA.pos / AA.length | Distance | "
    "ERRORS / WARNINGS / INFO' "
)
_BCSQ_FORMAT = (
    "Consequences called by bcftools csq, allele after allele. Format: "
    "Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change"
)


@dataclass(frozen=True)
class Field:
    """``number`` is VCF's Number: A for one value an alternate allele, '.' for a list.

    ``name`` is what it is written under. A ``verbatim`` list holds nothing that INFO forbids.
    ``role`` says what a value that comes from the bundle is for: as the manifest calls it, or
    ``region``.
    """

    name: str
    number: str
    type: str
    description: str
    verbatim: bool = False
    role: str = ""

    @property
    def mode(self) -> int:
        """How `kernel.emit` writes it."""
        if self.number == "A":
            return PER_ALLELE
        return VERBATIM_LIST if self.verbatim else LIST


def _text(name: str, description: str) -> Field:
    return Field(name, "A", "String", description)


ANN_FIELD = Field(ANN, ".", "String", _ANN_FORMAT, verbatim=True)
BCSQ_FIELD = Field(BCSQ, ".", "String", _BCSQ_FORMAT, verbatim=True)
SKIPPED_FIELD = _text(SKIPPED, "Why the allele was not annotated")
# Of the allele's most severe effect, on the transcript that comes first in ANN.
EFFECT_FIELDS = (
    _text(CONSEQUENCE, "Most severe consequence, a Sequence Ontology term"),
    _text(IMPACT, "Impact of it: HIGH, MODERATE, LOW or MODIFIER"),
    _text(GENE, "Gene symbol"),
    _text("GENE_ID", "Gene identifier"),
    _text("TRANSCRIPT", "Transcript identifier with its version"),
    _text("BIOTYPE", "Biotype of the transcript"),
    _text("EXON", "Exon number / number of exons"),
    _text("INTRON", "Intron number / number of introns"),
    _text("HGVSC", "Change of the transcript, in HGVS nomenclature"),
    _text("HGVSP", "Change of the protein, in HGVS nomenclature"),
    _text("CDNA_POSITION", "Position in the transcript, from 1"),
    _text("CDS_POSITION", "Position in the coding sequence, from 1"),
    _text("PROTEIN_POSITION", "Position in the protein, from 1"),
    _text("CODONS", "Codons before/after, the changed bases in capitals"),
    _text("AMINO_ACIDS", "Amino acids before/after"),
    Field("DISTANCE", "A", "Integer", "Bases to the transcript, for alleles up- or downstream"),
    _text("CANONICAL", "YES for the gene's canonical transcript"),
    _text("MANE", "The transcript's place in MANE: MANE_Select or MANE_Plus_Clinical"),
)
# The rest of them stands in ANN too; the tables, which have no ANN, get them all.
EFFECTS_IN_VCF = frozenset({CONSEQUENCE, IMPACT, GENE, "HGVSP"})


def known_fields(bundle: ReferenceBundle) -> list[Field]:
    """The columns of the bundle's tables of known variants."""
    return [
        Field(
            column.name,
            "A",
            column.type,
            f"{column.description} ({column.source})",
            role=column.role,
        )
        for column in bundle.known_columns
    ]


def region_fields(bundle: ReferenceBundle) -> list[Field]:
    return [
        replace(_text(track.field, f"{track.description} ({track.source})"), role=REGION)
        for track in bundle.regions
    ]


def with_free_names(fields: Iterable[Field], taken: Collection[str]) -> list[Field]:
    """The fields, renamed where ``taken`` has the name: GAS_<name>, then GAS2_<name>, …."""
    used, renamed = set(taken), []
    for field in fields:
        name, attempt = field.name, 1
        while name in used:
            name = f"GAS_{field.name}" if attempt == 1 else f"GAS{attempt}_{field.name}"
            attempt += 1
        used.add(name)
        renamed.append(replace(field, name=name))
    return renamed
