"""From a recipe and the files it names to a finished bundle in a folder of its own."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gas.annotation.reference.building.alleles import Genome
from gas.annotation.reference.building.genes import approved_symbols, write_genes
from gas.annotation.reference.building.known import write_known
from gas.annotation.reference.building.lift import Chains
from gas.annotation.reference.building.regions import Places, write_regions
from gas.annotation.reference.building.sequence import build_sequence
from gas.annotation.reference.building.sources import known_alleles
from gas.annotation.reference.building.text import OnBytes, index_bed, index_table
from gas.annotation.reference.bundle import ReferenceBundle, read_bundle
from gas.annotation.reference.manifest import (
    FORMAT,
    MANIFEST_NAME,
    BundleFile,
    Contig,
    Fetched,
    KnownColumn,
    KnownTable,
    RegionTrack,
    SequenceFiles,
    Source,
)
from gas.annotation.reference.recipe import Download, Known, Recipe, Regions
from gas.annotation.reference.verification import sha256_of, stamp


@dataclass(frozen=True)
class Obtained:
    """A file of a source on this machine, and what it was when it came (None: not published)."""

    path: Path
    fetched: Fetched | None


OnStep = Callable[[str, int, int], None]
"""Told what is being built, and how many bytes of its source (of how many) have been read."""


def build_bundle(
    recipe: Recipe, obtained: Mapping[str, Obtained], target: Path, on_step: OnStep
) -> ReferenceBundle:
    """Build the bundle into the empty or missing folder ``target``, from files by their URLs.

    The manifest is written last. Raises PermanentError REFERENCE_DAMAGED for a source that is not
    what the recipe takes it for.
    """
    target.mkdir(parents=True, exist_ok=True)
    builder = _Builder(recipe, obtained, target, on_step)
    manifest = builder.manifest()
    part = target / f"{MANIFEST_NAME}.part"
    part.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(target / MANIFEST_NAME)
    bundle = read_bundle(target)
    stamp(target, bundle.all_files())
    return bundle


class _Builder:
    def __init__(
        self, recipe: Recipe, obtained: Mapping[str, Obtained], target: Path, on_step: OnStep
    ) -> None:
        self._recipe, self._obtained = recipe, obtained
        self._target, self._on_step = target, on_step

    def manifest(self) -> dict[str, object]:
        recipe = self._recipe
        fasta = self._target / "sequence.fa.gz"
        (source,) = self._paths(recipe.sequence)
        contigs = build_sequence(
            source, fasta, recipe.contigs, self._reading("sequence", recipe.sequence)
        )
        sources = (recipe.sequence.source,)
        indexes = [
            self._file(fasta.with_name(fasta.name + end), sources) for end in (".fai", ".gzi")
        ]
        with Genome(fasta, contigs) as genome:
            genes = self._genes(genome)
            gene_set = self._gene_set()
            known = [self._known(known, genome) for known in recipe.known]
            regions = [self._regions(track, genome, contigs) for track in recipe.regions]
        described = ReferenceBundle(
            directory=self._target,
            format=FORMAT,
            **recipe.model_dump(
                include={"name", "version", "description", "species", "build", "aliases"}
            ),
            contigs=tuple(contigs),
            sequence=SequenceFiles(file=self._file(fasta, sources), indexes=tuple(indexes)),
            genes=genes,
            gene_set=gene_set,
            known=tuple(known),
            regions=tuple(regions),
            sources=tuple(self._source(source.name) for source in recipe.sources),
        )
        return described.model_dump(mode="json", exclude={"directory"})

    def _genes(self, genome: Genome) -> dict[str, BundleFile]:
        recipe, symbols = self._recipe, {}
        sources: tuple[str, ...] = (recipe.genes.source,)
        read = self._reading("genes", recipe.genes)
        if recipe.gene_names:
            (table,) = self._paths(recipe.gene_names)
            symbols = approved_symbols(table)
            sources = (*sources, recipe.gene_names.source)
        (gff3,) = self._paths(recipe.genes)
        paths = write_genes(gff3, genome, symbols, self._target / "genes")
        read(gff3.stat().st_size)
        return {contig: self._file(path, sources) for contig, path in paths.items()}

    def _gene_set(self) -> BundleFile | None:
        if not self._recipe.genes.keep:
            return None
        (gff3,) = self._paths(self._recipe.genes)
        kept = self._target / ("genes.gff3.gz" if gff3.suffix == ".gz" else "genes.gff3")
        shutil.copyfile(gff3, kept)
        return self._file(kept, (self._recipe.genes.source,))

    def _known(self, known: Known, genome: Genome) -> KnownTable:
        paths = self._paths(known)
        target = self._target / f"{known.name}.tsv.gz"
        types = tuple(column.type for column in known.columns)
        alleles = known_alleles(known, paths, self._reading(known.name, known))
        counts = write_known(paths[0], alleles, types, genome, target)
        sources = tuple(dict.fromkeys(c.source or known.source for c in known.columns))
        return KnownTable(
            name=known.name,
            index=self._file(index_table(target), sources),
            file=self._file(target, sources),
            columns=tuple(
                KnownColumn(
                    name=column.name,
                    type=column.type,
                    description=column.description,
                    source=column.source or known.source,
                    role=column.role,
                )
                for column in known.columns
            ),
            rows=counts.rows,
        )

    def _regions(self, track: Regions, genome: Genome, contigs: list[Contig]) -> RegionTrack:
        target = self._target / f"{track.field.lower()}.bed.gz"
        reading = self._reading(track.field, track)
        chains = Chains(self._obtained[track.lift].path) if track.lift else None
        rows = write_regions(
            track, self._paths(track), Places(genome, chains), contigs, target, reading
        )
        return RegionTrack(
            field=track.field,
            description=track.description,
            source=track.source,
            index=self._file(index_bed(target), (track.source,)),
            file=self._file(target, (track.source,)),
            rows=rows,
        )

    def _reading(self, step: str, part: Download) -> OnBytes:
        """Counts the bytes that are read of a part's files."""
        total, done = sum(path.stat().st_size for path in self._paths(part)), 0
        self._on_step(step, 0, total)

        def on_bytes(more: int) -> None:
            nonlocal done
            done += more
            self._on_step(step, done, total)

        return on_bytes

    def _source(self, name: str) -> Source:
        (described,) = (source for source in self._recipe.sources if source.name == name)
        urls = [
            url
            for part in self._recipe.downloads()
            if part.source == name
            for url in part.all_urls()
        ]
        return Source(
            **described.model_dump(exclude={"default", "fetched"}),
            fetched=tuple(f for url in urls if (f := self._obtained[url].fetched)),
        )

    def _paths(self, part: Download) -> list[Path]:
        return [self._obtained[url].path for url in part.urls()]

    def _file(self, path: Path, sources: tuple[str, ...]) -> BundleFile:
        return BundleFile(
            path=str(path.relative_to(self._target)),
            size=path.stat().st_size,
            sha256=sha256_of(path),
            sources=sources,
        )
