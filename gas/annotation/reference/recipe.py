"""Recipes: how a bundle is made from what others publish. A TOML file each.

A recipe names every file by its URL. Its SHA-256 is there where it is known; where it is not, the
digest of the first download is recorded and a later download must agree (see `digests`).
"""

import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, model_validator

from gas.annotation.reference.manifest import NAME, KnownColumn, Part, Source
from gas.domain.errors import ErrorCode, PermanentError

CONTIG = "{contig}"


class Download(Part):
    """One or more files of a source: with ``contigs``, the URL's ``{contig}`` is each of these.

    ``dated`` is False for a URL whose content changes by design, so that another digest is no
    error. ``size`` is roughly that of all files, in bytes; ``sha256`` goes by file name.
    """

    source: str
    url: str
    contigs: tuple[str, ...] = ()
    dated: bool = True
    size: int = 0
    sha256: dict[str, str] = Field(default_factory=dict)

    def urls(self) -> tuple[str, ...]:
        """Of the data."""
        if not self.contigs:
            return (self.url,)
        return tuple(self.url.replace(CONTIG, contig) for contig in self.contigs)

    def all_urls(self) -> tuple[str, ...]:
        """Of the data, and of what is needed to make use of them."""
        return self.urls()


class Genes(Download):
    """GFF3; ``keep`` puts the file itself into the bundle too."""

    keep: bool = False


class Column(KnownColumn):
    """A known column, and where its value is in the source.

    ``origin`` is ``ID``, or ``INFO/NAME`` of a VCF, or the number of a column of a text table
    (from 1); ``studies`` picks the first that is there of dbSNP's frequencies, whose names differ
    between its builds (``study:ref,alt,…`` joined by ``|``).
    ``separator`` is what joins several values in the source; they are joined by ``&`` here.
    """

    source: str = ""
    origin: str
    studies: tuple[str, ...] = ()
    separator: str = ","


class Known(Download):
    """A table of known variants, from a VCF or a text table (CHROM POS REF ALT value…)."""

    name: str = Field(pattern=r"^[a-z0-9_-]+$")
    form: Literal["vcf", "table"] = "vcf"
    columns: tuple[Column, ...]


class Regions(Download):
    """A region track, from tab-separated text.

    ``columns`` are the numbers (from 1) of chromosome, start and end, or, by ``header``, their
    names in the first line. ``end`` may be left out for single bases. ``value`` is a template:
    ``{4}`` is the fourth column, ``{name}`` one by its header, ``{contig}`` our contig name.
    ``lift`` is the URL of a chain file, for regions of another assembly.
    """

    field: str
    description: str
    chromosome: str = "1"
    start: str = "2"
    end: str = "3"
    one_based: bool = False
    value: str = "{4}"
    header: bool = False
    lift: str = ""

    def all_urls(self) -> tuple[str, ...]:
        return (*self.urls(), self.lift) if self.lift else self.urls()


class GeneNames(Download):
    """HGNC's table: approved symbols by Ensembl gene."""


class RecipeContig(Part):
    """What the sequence must have, and the other names of it."""

    name: str
    length: int | None = None
    md5: str | None = None
    genetic_code: int = 1
    aliases: tuple[str, ...] = ()


class RecipeSource(Source):
    """``default`` is False for what is only taken when asked for, e.g. for its size."""

    default: bool = True


class Recipe(Part):
    name: str = Field(pattern=NAME)
    version: str = Field(pattern=NAME)
    description: str
    species: str
    build: str
    aliases: tuple[str, ...] = ()
    contigs: tuple[RecipeContig, ...] = ()
    sources: tuple[RecipeSource, ...]
    sequence: Download
    genes: Genes
    gene_names: GeneNames | None = None
    known: tuple[Known, ...] = ()
    regions: tuple[Regions, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        names = {source.name for source in self.sources}
        files = [file_name(url) for part in self.downloads() for url in part.all_urls()]
        if missing := {part.source for part in self.downloads()} - names:
            raise ValueError(f"sources that are not described: {', '.join(sorted(missing))}")
        if len(files) != len(set(files)):
            raise ValueError("two files of one name: a mirror folder could not hold both")
        return self

    def downloads(self) -> Iterator[Download]:
        yield self.sequence
        yield self.genes
        if self.gene_names:
            yield self.gene_names
        yield from self.known
        yield from self.regions

    def size(self) -> int:
        """Roughly, the bytes to fetch."""
        return sum(part.size for part in self.downloads())

    def selected(
        self,
        *,
        noncommercial: bool = False,
        extra: tuple[str, ...] = (),
        without: tuple[str, ...] = (),
    ) -> "Recipe":
        """The recipe with the sources that were asked for, and those that are on by default.

        Raises PermanentError REFERENCE_UNAVAILABLE for a source it does not have, and for leaving
        out the sequence or the genes.
        """
        names = {source.name for source in self.sources}
        needed = {self.sequence.source, self.genes.source}
        if unknown := (set(extra) | set(without)) - names:
            raise _impossible(self, f"it has no source {', '.join(sorted(unknown))}")
        if lost := needed & set(without):
            raise _impossible(self, f"it cannot do without {', '.join(sorted(lost))}")
        chosen = {
            source.name
            for source in self.sources
            if source.name in extra or (source.default and (source.commercial_use or noncommercial))
        } - set(without)
        names_wanted = self.gene_names is not None and self.gene_names.source in chosen
        return self.model_copy(
            update={
                "sources": tuple(s for s in self.sources if s.name in chosen),
                "gene_names": self.gene_names if names_wanted else None,
                "known": tuple(part for part in self.known if part.source in chosen),
                "regions": tuple(part for part in self.regions if part.source in chosen),
            }
        )


def file_name(url: str) -> str:
    """The name under which a mirror folder has the file of this URL."""
    return urlsplit(url).path.rpartition("/")[2]


def recipe_names() -> tuple[str, ...]:
    """The recipes that come with GAS, sorted."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def find_recipe(name: str) -> Recipe:
    """The recipe of this name (case does not matter), or in the TOML file of this path.

    Raises PermanentError REFERENCE_UNAVAILABLE.
    """
    paths = {path.stem.casefold(): path for path in _folder().glob("*.toml")}
    path = Path(name) if name.endswith(".toml") else paths.get(name.casefold())
    if path is None:
        known = ", ".join(recipe_names())
        raise PermanentError(
            ErrorCode.REFERENCE_UNAVAILABLE, f"There is no recipe {name!r}; there is: {known}."
        )
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PermanentError(
            ErrorCode.REFERENCE_UNAVAILABLE, f"The recipe {path} cannot be read: {error}."
        ) from error


def _folder() -> Path:
    return Path(str(resources.files("gas.annotation"))) / "reference" / "recipes"


def _impossible(recipe: Recipe, why: str) -> PermanentError:
    return PermanentError(
        ErrorCode.REFERENCE_UNAVAILABLE, f"The recipe {recipe.name} is not possible so: {why}."
    )
