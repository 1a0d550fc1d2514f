"""Reference bundles: a genome with its genes and known variants, and where each fact came from.

A bundle is a folder with a ``bundle.json``. Every file it names is checked against its SHA-256
when the bundle is loaded, so a result can only ever be made from the data its manifest names.
"""

import hashlib
import json
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gas.domain.errors import ErrorCode, PermanentError

MANIFEST_NAME = "bundle.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Contig(_Frozen):
    """One sequence of the genome: ``length`` in bases, ``md5`` of its upper-case bases."""

    name: str
    length: int = Field(gt=0)
    md5: str
    aliases: tuple[str, ...] = ()


class Source(_Frozen):
    """Where a part of the bundle came from, and under which licence it may be used."""

    name: str
    version: str
    licence: str
    attribution: str
    url: str


class BundleFile(_Frozen):
    """A file of the bundle: ``path`` relative to its folder, ``sources`` names of Sources."""

    path: str
    sources: tuple[str, ...]
    sha256: str


class BundleFiles(_Frozen):
    sequence: BundleFile
    sequence_index: BundleFile
    genes: BundleFile
    known: BundleFile
    known_index: BundleFile

    def all(self) -> tuple[BundleFile, ...]:
        return (self.sequence, self.sequence_index, self.genes, self.known, self.known_index)


class KnownColumn(_Frozen):
    """A column of the table of known variants, in order after CHROM, POS, REF and ALT."""

    name: str
    type: Literal["Integer", "Float", "String"]
    description: str
    source: str


class ReferenceBundle(_Frozen):
    """A genome that variants can be annotated against. ``directory`` holds its files."""

    directory: Path
    name: str
    version: str
    description: str
    species: str
    build: str
    aliases: tuple[str, ...]
    genetic_code: int
    contigs: tuple[Contig, ...]
    # What the consequence caller says -> what it means in this genome, for names it gets wrong.
    consequence_overrides: dict[str, str]
    files: BundleFiles
    known_columns: tuple[KnownColumn, ...]
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

    def provenance(self) -> dict[str, Any]:
        """What a result's manifest says of the bundle: versions, licences and checksums."""
        return {
            "name": self.name,
            "version": self.version,
            "build": self.build,
            "description": self.description,
            "contigs": [contig.model_dump(exclude={"aliases"}) for contig in self.contigs],
            "sources": [
                source.model_dump() | {"files": self._files_from(source)} for source in self.sources
            ],
        }

    def _files_from(self, source: Source) -> list[dict[str, str]]:
        return [
            {"path": file.path, "sha256": file.sha256}
            for file in self.files.all()
            if source.name in file.sources
        ]


def read_bundle(directory: Path) -> ReferenceBundle:
    """Read the bundle in ``directory`` without checking its files."""
    fields = json.loads((directory / MANIFEST_NAME).read_text(encoding="utf-8"))
    return ReferenceBundle(directory=directory, **fields)


def bundle_names() -> tuple[str, ...]:
    """The names of the bundles that are installed, sorted."""
    return tuple(sorted(directory.name for directory in _bundle_directories()))


def load_bundle(name: str) -> ReferenceBundle:
    """The installed bundle of this name or alias (case does not matter), its files verified.

    Raises PermanentError: UNKNOWN_GENOME for a name that no bundle has, INTERNAL_ERROR for a
    bundle whose files are missing or altered.
    """
    wanted = name.casefold()
    for directory in _bundle_directories():
        bundle = read_bundle(directory)
        if wanted in {other.casefold() for other in (bundle.name, *bundle.aliases)}:
            _verify(bundle)
            return bundle
    known = ", ".join(bundle_names())
    raise PermanentError(
        ErrorCode.UNKNOWN_GENOME, f"There is no reference genome {name!r}; there is: {known}."
    )


def _bundle_directories() -> list[Path]:
    root = Path(str(resources.files("gas.annotation"))) / "data"
    return sorted(manifest.parent for manifest in root.glob(f"*/{MANIFEST_NAME}"))


def _verify(bundle: ReferenceBundle) -> None:
    for file in bundle.files.all():
        path = bundle.path(file)
        if not path.is_file():
            raise _damaged(bundle, f"{file.path} is missing")
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
                raise _damaged(bundle, f"{file.path} does not have the recorded SHA-256")


def _damaged(bundle: ReferenceBundle, what: str) -> PermanentError:
    return PermanentError(
        ErrorCode.INTERNAL_ERROR, f"The reference bundle {bundle.name} is damaged: {what}."
    )
