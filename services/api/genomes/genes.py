"""The genes of a bundle, for a genome view: one transcript a gene, the one that stands for it."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from gas.annotation import ReferenceBundle
from gas.annotation.genes.model import Mane, Transcript
from gas.annotation.genes.store import read_models
from services.api.genomes.locus import Locus

_CONTIGS = 6
"""How many contigs' genes to remember: a large human one takes some megabytes."""
_BUNDLES = 4


def genes_within(
    bundle: ReferenceBundle, contig: str, start: int, end: int
) -> Iterator[Transcript]:
    """By position; ``start`` and ``end`` are 0-based, half open. May read a file: not for a loop."""
    file = bundle.genes.get(contig)
    if file:
        for gene in _genes(bundle.path(file)):
            if gene.start < end and start < gene.end:
                yield gene


def find_gene(bundle: ReferenceBundle, name: str) -> Locus | None:
    """Where the gene of this symbol or id lies; case does not matter. The first call reads all."""
    return _places(bundle.directory, tuple(_paths(bundle))).get(name.casefold())


def _paths(bundle: ReferenceBundle) -> Iterator[tuple[str, Path]]:
    return ((contig, bundle.path(file)) for contig, file in bundle.genes.items())


# A bundle's folder is of one generation and never changes, so paths are names of contents.


@lru_cache(_CONTIGS)
def _genes(path: Path) -> tuple[Transcript, ...]:
    return _representatives(read_models(path))


@lru_cache(_BUNDLES)
def _places(_directory: Path, paths: tuple[tuple[str, Path], ...]) -> dict[str, Locus]:
    places: dict[str, Locus] = {}
    for contig, path in paths:
        for gene in _representatives(read_models(path)):
            locus = Locus(contig, gene.start + 1, gene.end)
            for name in (gene.gene_name, gene.gene_id):
                places.setdefault(name.casefold(), locus)
    return places


def _representatives(models: Iterable[Transcript]) -> tuple[Transcript, ...]:
    best: dict[str, Transcript] = {}
    for model in models:
        known = best.get(model.gene_id)
        if known is None or _rank(model) > _rank(known):
            best[model.gene_id] = model
    return tuple(sorted(best.values(), key=lambda gene: (gene.start, gene.end)))


def _rank(model: Transcript) -> tuple[bool, bool, bool, int]:
    return (
        model.mane is Mane.SELECT,
        model.canonical,
        model.coding is not None,
        model.end - model.start,
    )
