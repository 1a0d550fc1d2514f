"""What a table of variants has: its columns, what each is for, and so which filters it serves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number"]

ROW = "row"
"""The name of a row's id in answers: its number in the file, from 0."""

FREQUENCY, SIGNIFICANCE, ID, REGION = "frequency", "significance", "id", "region"

_KINDS: dict[str, Kind] = {
    "VARCHAR": "text",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "FLOAT": "number",
    "DOUBLE": "number",
}
_FIXED = {
    "chromosome": "Chromosome, as the file names it",
    "position": "Position of the first base of the reference allele, from 1",
    "id": "Identifier that the file came with",
    "reference": "Reference allele",
    "alternate": "Alternate allele",
    "quality": "Quality of the call, on the Phred scale",
    "filter": "PASS, or the filters that the call did not pass",
    "samples_heterozygous": "Samples that carry the allele beside another one",
    "samples_homozygous": "Samples that carry nothing but the allele",
    "samples_missing": "Samples whose genotype is not wholly known",
}
_SHOWN_FIRST = (
    "chromosome",
    "position",
    "reference",
    "alternate",
    "gene",
    "consequence",
    "impact",
    "hgvsp",
)
_HGVS = ("hgvsc", "hgvsp")
CARRIERS = ("samples_heterozygous", "samples_homozygous")


@dataclass(frozen=True)
class Column:
    """``role`` is the reference bundle's word for what a known value is for, '' for the others."""

    name: str
    kind: Kind
    description: str
    role: str = ""
    type: str = "VARCHAR"


class Catalogue:
    """The columns of one file, in its order; ``rows`` are its alleles.

    ``chromosomes`` are in the order of the file; ``facts`` are what else its footer says: with
    which version of what it was made.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        rows: int,
        chromosomes: Iterable[str],
        facts: Mapping[str, str],
    ) -> None:
        self.columns = {column.name: column for column in columns}
        self.rows = rows
        self.chromosomes = tuple(chromosomes)
        self.facts = dict(facts)

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def of_role(self, role: str) -> tuple[str, ...]:
        return tuple(name for name, column in self.columns.items() if column.role == role)

    @property
    def frequencies(self) -> tuple[str, ...]:
        """Allele frequencies in populations, 0 to 1."""
        return self.of_role(FREQUENCY)

    @property
    def significances(self) -> tuple[str, ...]:
        """What is known of an allele's part in disease: ClinVar's terms, or MITOMAP's status."""
        return self.of_role(SIGNIFICANCE)

    @property
    def tracks(self) -> tuple[str, ...]:
        """Regions of the genome that the allele lies in."""
        return self.of_role(REGION)

    @property
    def known(self) -> tuple[str, ...]:
        """All values of known variants: an allele with any of them is a known one."""
        roles = {"", REGION}
        return tuple(name for name, column in self.columns.items() if column.role not in roles)

    @property
    def searchable(self) -> tuple[str, ...]:
        """Identifiers and HGVS names, which the text search looks into."""
        own = ("id",) if "id" in self else ()
        return (*own, *self.of_role(ID), *self.hgvs)

    @property
    def hgvs(self) -> tuple[str, ...]:
        return tuple(name for name in _HGVS if name in self)

    @property
    def has_genotypes(self) -> bool:
        return all(name in self for name in CARRIERS)

    @property
    def shown_first(self) -> tuple[str, ...]:
        """The columns of a view that names none."""
        first = [name for name in _SHOWN_FIRST if name in self]
        for role in (ID, FREQUENCY, SIGNIFICANCE):
            first += self.of_role(role)[:1]
        return tuple(first)

    @property
    def filters(self) -> frozenset[str]:
        """The fields of a ViewQuery that this file can serve."""
        served = {
            "gene": "gene" in self,
            "region": "chromosome" in self and "position" in self,
            "consequence": "consequence" in self,
            "impact": "impact" in self,
            "known": bool(self.known),
            "max_frequency": bool(self.frequencies),
            "significance": bool(self.significances),
            "genotype": self.has_genotypes,
            "min_quality": "quality" in self,
            "filter": "filter" in self,
            "text": bool(self.searchable),
        }
        return frozenset(name for name, is_served in served.items() if is_served)


def columns_of(
    schema: Iterable[tuple[str, str]], descriptions: dict[str, str], roles: dict[str, str]
) -> list[Column]:
    """From names and DuckDB's types, and what the file's footer says of each name."""
    return [
        Column(
            name,
            _KINDS.get(type_, "text"),
            descriptions.get(name) or _FIXED.get(name, ""),
            roles.get(name, ""),
            type_,
        )
        for name, type_ in schema
    ]


def quoted(name: str) -> str:
    """As an SQL identifier. Names come from the file's own schema, and may hold anything."""
    return '"' + name.replace('"', '""') + '"'
