"""Puts the rows of a GFF3 file together to transcripts."""

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote

from gas.annotation.genes.model import Mane, Transcript

# GFF3 counts the stop codon to the CDS; its own row is added to it for files that do not.
_CODING = frozenset({"CDS", "stop_codon"})
PARTS = _CODING | {"exon"}
# All that is used of a row's last column; a chromosome has half a million rows.
ATTRIBUTES = frozenset({
    "ID", "Parent", "Name", "gene_id", "gene_name", "transcript_id", "protein_id", "version",
    "biotype", "transcript_type", "transcript_biotype", "tag",
})  # fmt: skip
_MITOCHONDRIAL = frozenset({"MT", "M", "chrMT", "chrM", "NC_012920.1"})


class ModelError(Exception):
    """What is wrong, and in which line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


class Row(NamedTuple):
    """A row of GFF3: 0-based, half open; ``strand`` 0 is none; ``fields`` are not decoded."""

    line: int
    kind: str
    start: int
    end: int
    strand: int
    phase: int
    fields: dict[str, str]

    def field(self, *names: str) -> str:
        """The first of the attributes that is there, decoded; else empty."""
        return next((unquote(self.fields[name]) for name in names if name in self.fields), "")

    def values(self, name: str) -> list[str]:
        """The values of an attribute that may have several."""
        raw = self.fields.get(name, "")
        return [unquote(value) for value in raw.split(",")] if raw else []

    def identifier(self, name: str) -> str:
        """The attribute, else the ID without Ensembl's prefix; with ``version`` where there is one."""
        base = self.field(name) or self.field("ID").partition(":")[2] or self.field("ID")
        version = self.field("version")
        return f"{base}.{version}" if version and not base.endswith(f".{version}") else base


class ContigRows:
    """The rows of one contig: a parent may stand behind what belongs to it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._parents: dict[str, Row] = {}
        self._repeated: dict[str, Row] = {}
        self._exons: defaultdict[str, list[Row]] = defaultdict(list)
        self._coding: defaultdict[str, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        if row.kind not in PARTS:
            key = row.field("ID")
            rows = self._repeated if key in self._parents else self._parents
            rows[key] = row
            return
        if not row.values("Parent"):
            raise ModelError(row.line, f"the {row.kind} has no Parent")
        parts = self._exons if row.kind == "exon" else self._coding
        for parent in row.values("Parent"):
            parts[parent].append(row)

    def transcripts(self) -> list[Transcript]:
        """By start, end and id. Raises ModelError."""
        keys = self._exons.keys() | self._coding.keys()
        models = [self._transcript(key) for key in keys]
        return sorted(models, key=lambda model: (model.start, model.end, model.id))

    def _transcript(self, key: str) -> Transcript:
        coding = sorted(self._coding.get(key, ()), key=lambda row: row.start)
        exons = sorted(self._exons.get(key, ()), key=lambda row: row.start) or coding
        row = self._parent(key, exons[0].line)
        gene = self._gene(row)
        _check(row, exons, coding)
        gene_id = gene.field("gene_id") or gene.field("ID").removeprefix("gene:")
        tags = row.values("tag")
        phase = (coding[0] if row.strand == 1 else coding[-1]).phase if coding else 0
        return Transcript(
            id=row.identifier("transcript_id"),
            gene_id=gene_id,
            gene_name=gene.field("gene_name", "Name") or gene_id,
            biotype=row.field("biotype", "transcript_type", "transcript_biotype") or row.kind,
            strand=row.strand,
            start=row.start,
            end=row.end,
            exons=tuple((exon.start, exon.end) for exon in exons),
            coding=(coding[0].start, coding[-1].end) if coding else None,
            phase=phase,
            # Ensembl's GFF3 has the tags only of late; a phase says the same of the start.
            start_complete=phase == 0 and "cds_start_NF" not in tags,
            end_complete="cds_end_NF" not in tags and self._ends_in_whole_codon(row, exons, coding),
            protein_id=next((part.identifier("protein_id") for part in coding), ""),
            canonical="Ensembl_canonical" in tags,
            mane=next((mane for mane in Mane if mane and mane in tags), Mane.NONE),
        )

    def _parent(self, key: str, line: int) -> Row:
        if key in self._repeated:
            raise ModelError(self._repeated[key].line, f"the ID {key} is there a second time")
        if key not in self._parents:
            raise ModelError(line, f"no row of {self.name} has the ID {key}")
        return self._parents[key]

    def _gene(self, row: Row) -> Row:
        """The row above all others; a transcript without a parent is its own gene."""
        passed = {row.line}
        while parents := row.values("Parent"):
            row = self._parent(parents[0], row.line)
            if row.line in passed:
                raise ModelError(row.line, "the row is its own ancestor")
            passed.add(row.line)
        return row

    def _ends_in_whole_codon(self, row: Row, exons: list[Row], coding: list[Row]) -> bool:
        """Whether the coding region may be complete at its 3' end, by its length.

        An incomplete last codon is fine in mitochondria, where the poly(A) tail completes it, and
        before a 3' UTR, where the gene set must know why (a frameshift, selenocysteine).
        """
        if not coding or self.name in _MITOCHONDRIAL:
            return True
        at_end = (
            coding[-1].end == exons[-1].end
            if row.strand == 1
            else coding[0].start == exons[0].start
        )
        first = coding[0] if row.strand == 1 else coding[-1]
        bases = sum(
            max(0, min(exon.end, coding[-1].end) - max(exon.start, coding[0].start))
            for exon in exons
        )
        return not at_end or (bases - first.phase) % 3 == 0


def _check(row: Row, exons: list[Row], coding: list[Row]) -> None:
    """Raise ModelError unless the parts make sense together."""
    if row.strand == 0:
        raise ModelError(row.line, "a transcript needs a strand, + or -")
    for part in (*exons, *coding):
        if part.strand != row.strand:
            raise ModelError(part.line, f"the {part.kind} is not on its transcript's strand")
        if not row.start <= part.start < part.end <= row.end:
            raise ModelError(part.line, f"the {part.kind} is not within its transcript")
    for before, behind in pairwise(exons):
        if behind.start < before.end:
            raise ModelError(behind.line, "the exon overlaps another of the same transcript")
    if coding:
        for part, base in ((coding[0], coding[0].start), (coding[-1], coding[-1].end - 1)):
            if not any(exon.start <= base < exon.end for exon in exons):
                raise ModelError(part.line, f"the {part.kind} is not within an exon")
