"""A transcript as the gene set describes it."""

from dataclasses import dataclass
from enum import StrEnum


class Mane(StrEnum):
    """The transcript's place in MANE (Matched Annotation from NCBI and EMBL-EBI)."""

    NONE = ""
    SELECT = "MANE_Select"
    PLUS_CLINICAL = "MANE_Plus_Clinical"


@dataclass(frozen=True, slots=True)
class Transcript:
    """All positions are on the contig's forward strand, 0-based, half open.

    ``exons`` ascend by position. ``coding`` spans from the first to the last coding base, the
    stop codon included; what lies in it and in an exon is coding. ``phase`` (0 to 2) is the number
    of bases to skip at the 5' end of the coding region until the first whole codon (GFF3).
    ``start_complete`` and ``end_complete`` are False where the gene set does not know the coding
    region's own end (Ensembl's cds_start_NF and cds_end_NF). ``id`` and ``protein_id`` carry
    their version where the source gives one (``ENST00000307301.11``); ``strand`` is 1 or -1.
    """

    id: str
    gene_id: str
    gene_name: str
    biotype: str
    strand: int
    start: int
    end: int
    exons: tuple[tuple[int, int], ...]
    coding: tuple[int, int] | None = None
    phase: int = 0
    start_complete: bool = True
    end_complete: bool = True
    protein_id: str = ""
    canonical: bool = False
    mane: Mane = Mane.NONE
