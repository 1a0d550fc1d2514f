"""A bundle's genes as bcftools csq wants them: GFF3 in Ensembl's style."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

from gas.annotation.genes.model import Transcript
from gas.annotation.genes.store import read_models
from gas.annotation.reference.bundle import ReferenceBundle

# An indel beside a gene may reach into it, or its normal form may.
_MARGIN_BASES = 1000
_CODING = "protein_coding"


class Stretches:
    """The stretches of a contig that transcripts cover, from 0 on.

    They are further apart than any margin: what csq says of an allele depends on no allele of
    another one.
    """

    def __init__(self, models: list[Transcript]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for model in sorted(models, key=lambda model: model.start):
            start, end = model.start - _MARGIN_BASES, model.end + _MARGIN_BASES
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def at(self, position: int, length: int) -> int | None:
        """Which one ``length`` bases from ``position`` (from 1) on touch, None for none."""
        index = bisect_right(self._starts, position - 1 + length) - 1
        return index if index >= 0 and position - 1 < self._ends[index] else None


def models_of(bundle: ReferenceBundle, contig: str) -> list[Transcript]:
    file = bundle.genes.get(contig)
    return read_models(bundle.path(file)) if file else []


def write_gff3(target: Path, contig: str, models: list[Transcript]) -> None:
    with target.open("w", encoding="ascii") as out:
        out.write("##gff-version 3\n")
        out.writelines(f"{contig}\tGAS\t{row}\n" for row in _rows(models))


def _rows(models: list[Transcript]) -> Iterator[str]:
    by_gene: dict[str, list[Transcript]] = {}
    for model in models:
        by_gene.setdefault(model.gene_id, []).append(model)
    for gene_id, transcripts in by_gene.items():
        first = transcripts[0]
        start = min(model.start for model in transcripts)
        end = max(model.end for model in transcripts)
        # csq leaves out a whole gene whose biotype it does not know.
        biotypes = [model.biotype for model in transcripts]
        biotype = _CODING if _CODING in biotypes else biotypes[0]
        yield _row(
            "gene", first, start, end, f"ID=gene:{gene_id};Name={first.gene_name};biotype={biotype}"
        )
        for model in transcripts:
            yield from _transcript_rows(model)


def _transcript_rows(model: Transcript) -> Iterator[str]:
    named = f"ID=transcript:{model.id};Parent=gene:{model.gene_id};biotype={model.biotype}"
    yield _row("transcript", model, model.start, model.end, named)
    parent = f"Parent=transcript:{model.id}"
    for start, end in model.exons:
        yield _row("exon", model, start, end, parent)
    if model.coding is None:
        return
    coding_start, coding_end = model.coding
    five, three = "five_prime_UTR", "three_prime_UTR"
    before, behind = (five, three) if model.strand > 0 else (three, five)
    for start, end in _clipped(model.exons, model.start, coding_start):
        yield _row(before, model, start, end, parent)
    for start, end in _clipped(model.exons, coding_end, model.end):
        yield _row(behind, model, start, end, parent)
    for start, end, phase in _with_phase(model):
        yield _row("CDS", model, start, end, parent, str(phase))


def _with_phase(model: Transcript) -> Iterator[tuple[int, int, int]]:
    """The coding parts in the transcript's direction, each with GFF3's phase."""
    if model.coding is None:
        return
    parts = _clipped(model.exons, *model.coding)
    phase = model.phase
    for start, end in parts if model.strand > 0 else reversed(parts):
        yield start, end, phase
        phase = (phase - (end - start)) % 3


def _clipped(
    spans: Iterable[tuple[int, int]], first: int, end_of_all: int
) -> list[tuple[int, int]]:
    clipped = ((max(start, first), min(end, end_of_all)) for start, end in spans)
    return [(start, end) for start, end in clipped if start < end]


def _row(
    kind: str, model: Transcript, start: int, end: int, attributes: str, phase: str = "."
) -> str:
    strand = "+" if model.strand > 0 else "-"
    return f"{kind}\t{start + 1}\t{end}\t.\t{strand}\t{phase}\t{attributes}"
