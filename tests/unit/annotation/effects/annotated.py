"""Alleles annotated with consequences, from plain Python values."""

from collections.abc import Sequence as Items
from dataclasses import dataclass

from gas.annotation.genes.model import Transcript
from gas.annotation.kernel.consequence.effects import EffectColumns, annotate_effects
from gas.annotation.kernel.consequence.transcripts import Transcripts
from gas.annotation.kernel.intake.place import place
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.vcf.header import read_header
from gas.annotation.vcf.scanning import scanner_for

Variant = tuple[int, bytes, bytes]  # POS (from 1), REF, ALT

_HEADER = (
    "##fileformat=VCFv4.3",
    "##contig=<ID=1>",
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
)

PARTS = (
    "allele",
    "terms",
    "impact",
    "gene",
    "gene_id",
    "feature_type",
    "transcript",
    "biotype",
    "rank",
    "hgvs_c",
    "hgvs_p",
    "cdna",
    "cds",
    "protein",
    "distance",
    "notes",
)


@dataclass(frozen=True)
class Annotated:
    """What one allele got: the plain columns that have a value, and ANN's entries by part."""

    columns: dict[str, str]
    entries: list[dict[str, str]]

    def entry(self, transcript: str) -> dict[str, str]:
        (found,) = [entry for entry in self.entries if entry["transcript"] == transcript]
        return found

    def terms(self, transcript: str) -> set[str]:
        return set(self.entry(transcript)["terms"].split("&"))


def annotate(
    contig: bytes,
    models: Items[Transcript],
    variants: Items[Variant],
    mitochondrial: bool = False,
) -> list[Annotated]:
    """Annotate variants of one contig, in their order."""
    lines = (b"1\t%d\t.\t%b\t%b\t.\t.\t.\n" % variant for variant in variants)
    header = read_header(iter(enumerate(_HEADER, 1)))
    records = scanner_for(header).scan(b"".join(lines), 1).records
    sequence = Sequence(len(contig), [(0, contig)])
    _, mismatched, _ = place(records, 0, sequence)
    assert mismatched == 0
    transcripts = Transcripts(list(models), mitochondrial)
    transcripts.load(records, 0, lambda start, end: contig[start:end])
    effects = EffectColumns()
    annotate_effects(records, 0, sequence, transcripts, effects)
    assert {len(column) for column in effects.columns} == {records.count_of_alleles}
    found = []
    for index in range(records.count_of_alleles):
        values = {column.name: column[index].decode() for column in effects.columns}
        ann = values.pop("ANN")
        entries = []
        for entry in ann.split(",") if ann else []:
            parts = entry.split("|")
            assert len(parts) == len(PARTS), entry
            entries.append(dict(zip(PARTS, parts, strict=True)))
        found.append(Annotated({name: text for name, text in values.items() if text}, entries))
    return found
