"""GFF3 -> one file of gene models a contig, under approved gene symbols where HGNC names them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from gas.annotation.genes.gff3 import read_gff3
from gas.annotation.genes.model import Transcript
from gas.annotation.genes.store import write_models
from gas.annotation.reference.building.alleles import Genome
from gas.annotation.reference.building.text import text_lines, unusable


def write_genes(
    source: Path, genome: Genome, symbols: Mapping[str, str], directory: Path
) -> dict[str, Path]:
    """Files of gene models by the contig's name; genes of other sequences are left out.

    Raises PermanentError REFERENCE_DAMAGED where a transcript lies beyond its contig's end or none
    lies on the genome; what `read_gff3` raises.
    """
    paths: dict[str, Path] = {}
    for name, transcripts in read_gff3(source):
        contig = genome.contig(name)
        if contig is None:
            continue
        if any(transcript.end > contig.length for transcript in transcripts):
            raise unusable(source, f"it has genes beyond the end of {contig.name}")
        named = [_renamed(transcript, symbols) for transcript in transcripts]
        paths |= write_models({contig.name: named}, directory)
    if not paths:
        raise unusable(source, "none of its genes lies on the genome")
    return paths


def approved_symbols(table: Path) -> dict[str, str]:
    """Ensembl gene id -> approved symbol, from HGNC's table of all genes."""
    lines = text_lines(table, lambda _: None)
    header = next(lines, "").split("\t")
    try:
        gene, symbol, status = (
            header.index(name) for name in ("ensembl_gene_id", "symbol", "status")
        )
    except ValueError as error:
        raise unusable(table, f"it is not HGNC's table: {error}") from error
    rows = (line.split("\t") for line in lines)
    return {row[gene]: row[symbol] for row in rows if row[gene] and row[status] == "Approved"}


def _renamed(transcript: Transcript, symbols: Mapping[str, str]) -> Transcript:
    symbol = symbols.get(transcript.gene_id.partition(".")[0])
    return replace(transcript, gene_name=symbol) if symbol else transcript
