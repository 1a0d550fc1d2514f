"""Reference bundles: a genome with its genes, known variants and regions, as one folder."""

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from gas.annotation.reference.manifest import (
    MANIFEST_NAME,
    NAME,
    BundleFile,
    Contig,
    KnownColumn,
    KnownTable,
    Part,
    RegionTrack,
    SequenceFiles,
    Source,
)
from gas.annotation.reference.places import bundle_directories
from gas.annotation.reference.verification import ensure_intact
from gas.domain.errors import ErrorCode, PermanentError

__all__ = [
    "BundleFile",
    "Contig",
    "KnownColumn",
    "KnownTable",
    "ReferenceBundle",
    "RegionTrack",
    "Source",
    "bundle_names",
    "find_bundle",
    "load_bundle",
    "read_bundle",
]


class ReferenceBundle(Part):
    """A genome that variants can be annotated against. ``directory`` holds its files.

    ``genes`` has one file of gene models for each contig that has genes, by the contig's name;
    ``gene_set`` is the GFF3 they were made from, where the bundle keeps it.
    """

    directory: Path
    format: Literal[2]
    name: str = Field(pattern=NAME)
    version: str = Field(pattern=NAME)
    description: str
    species: str
    build: str
    aliases: tuple[str, ...]
    contigs: tuple[Contig, ...]
    sequence: SequenceFiles
    genes: dict[str, BundleFile]
    gene_set: BundleFile | None = None
    known: tuple[KnownTable, ...] = ()
    regions: tuple[RegionTrack, ...] = ()
    sources: tuple[Source, ...]

    @cached_property
    def _contig_by_name(self) -> dict[str, Contig]:
        names = {alias: contig for contig in self.contigs for alias in contig.aliases}
        return names | {contig.name: contig for contig in self.contigs}

    def contig(self, name: str) -> Contig | None:
        """The sequence that an input calls ``name``, by its own name or an alias."""
        return self._contig_by_name.get(name)

    def path(self, file: BundleFile) -> Path:
        return self.directory / file.path

    @property
    def known_columns(self) -> tuple[KnownColumn, ...]:
        """The columns of all tables of known variants, in the order in which they are written."""
        return tuple(column for table in self.known for column in table.columns)

    def all_files(self) -> Iterator[BundleFile]:
        yield self.sequence.file
        yield from self.sequence.indexes
        yield from self.genes.values()
        if self.gene_set:
            yield self.gene_set
        for table in self.known:
            yield from (table.file, table.index)
        for track in self.regions:
            yield from (track.file, track.index)

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.all_files())

    def provenance(self) -> dict[str, Any]:
        """What a result's manifest says of the bundle: versions, licences and checksums."""
        return {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "description": self.description,
            "contigs": [contig.model_dump(exclude={"aliases"}) for contig in self.contigs],
            "sources": [
                source.model_dump(mode="json") | {"files": self._files_from(source)}
                for source in self.sources
            ],
        }

    def _files_from(self, source: Source) -> list[dict[str, str]]:
        return [
            {"path": file.path, "sha256": file.sha256}
            for file in self.all_files()
            if source.name in file.sources
        ]


def read_bundle(directory: Path) -> ReferenceBundle:
    """Read the bundle in ``directory`` without looking at its files.

    Raises PermanentError REFERENCE_DAMAGED where it has no manifest that can be understood.
    """
    try:
        fields = json.loads((directory / MANIFEST_NAME).read_text(encoding="utf-8"))
        return ReferenceBundle.model_validate({**fields, "directory": directory})
    except (OSError, ValueError, TypeError) as error:
        said = (
            f"{error.error_count()} fields are wrong"
            if isinstance(error, ValidationError)
            else error
        )
        raise PermanentError(
            ErrorCode.REFERENCE_DAMAGED,
            f"The {MANIFEST_NAME} in {directory} cannot be read: {said}.",
        ) from error


def bundle_names() -> tuple[str, ...]:
    """The names of the bundles that are installed or come with GAS, sorted."""
    return tuple(sorted(bundle_directories()))


def find_bundle(name: str) -> ReferenceBundle:
    """The bundle of this name or alias (case does not matter), its files not looked at.

    Raises PermanentError: UNKNOWN_GENOME for a name that no bundle has, REFERENCE_DAMAGED for a
    manifest that cannot be read.
    """
    wanted = name.casefold()
    for directory in bundle_directories().values():
        bundle = read_bundle(directory)
        if wanted in {other.casefold() for other in (bundle.name, *bundle.aliases)}:
            return bundle
    known = ", ".join(bundle_names())
    raise PermanentError(
        ErrorCode.UNKNOWN_GENOME, f"There is no reference genome {name!r}; there is: {known}."
    )


def load_bundle(name: str) -> ReferenceBundle:
    """The bundle of this name or alias, its files known to be those of its manifest.

    What was verified before and has not changed since is not read again; see docs/bundles.md.
    Raises PermanentError: what `find_bundle` raises, and REFERENCE_DAMAGED for a file that is
    missing or altered.
    """
    bundle = find_bundle(name)
    ensure_intact(bundle.directory, bundle.name, bundle.all_files())
    return bundle
