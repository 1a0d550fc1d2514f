"""All that is known of one allele, in the groups in which its page shows it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.api.explorer.answers import ColumnView

_WHERE = (
    "gene", "gene_id", "transcript", "biotype", "canonical", "mane", "exon", "intron", "distance",
)  # fmt: skip
_EFFECT = (
    "consequence", "impact", "hgvsc", "hgvsp", "cdna_position", "cds_position",
    "protein_position", "codons", "amino_acids", "bcsq", "gas_skipped",
)  # fmt: skip
_CALL = ("id", "quality", "filter")
_SAMPLES = ("samples_heterozygous", "samples_homozygous", "samples_missing")
_PLACE = ("chromosome", "position", "reference", "alternate")
_NAMED = frozenset((*_WHERE, *_EFFECT, *_CALL, *_SAMPLES, *_PLACE))


@dataclass(frozen=True)
class Fact:
    column: ColumnView
    value: Any


@dataclass(frozen=True)
class Group:
    """``unknown`` are the known-variant columns of it that say nothing of this allele."""

    title: str
    facts: Sequence[Fact]
    unknown: Sequence[ColumnView]


def groups_of(columns: Sequence[ColumnView], row: Mapping[str, Any]) -> Sequence[Group]:
    """Those that this result has columns for."""
    made = (_group(title, _ordered(columns, belongs), row) for title, belongs in _GROUPS)
    return [group for group in made if group.facts or group.unknown]


def _group(title: str, columns: Sequence[ColumnView], row: Mapping[str, Any]) -> Group:
    return Group(
        title,
        [Fact(column, row[column.name]) for column in columns if row[column.name] is not None],
        [column for column in columns if row[column.name] is None and column.role],
    )


Belongs = Sequence[str] | Callable[[ColumnView], bool]


def _ordered(columns: Sequence[ColumnView], belongs: Belongs) -> Sequence[ColumnView]:
    if callable(belongs):
        return [column for column in columns if belongs(column)]
    by_name = {column.name: column for column in columns}
    return [by_name[name] for name in belongs if name in by_name]


def _has_role(*roles: str) -> Callable[[ColumnView], bool]:
    return lambda column: column.name not in _NAMED and column.role in roles


_GROUPS: Sequence[tuple[str, Belongs]] = (
    ("Consequence", _EFFECT),
    ("Gene and transcript", _WHERE),
    ("Known as", _has_role("id")),
    ("Clinical", _has_role("significance", "disease")),
    ("Frequencies", _has_role("frequency", "count")),
    ("Regions", _has_role("region")),
    ("Samples", _SAMPLES),
    ("The call", _CALL),
    ("More", _has_role("", "other")),
)
