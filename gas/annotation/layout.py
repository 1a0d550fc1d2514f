"""Which field goes into which file of a result, in which order and under which name."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from gas.annotation.options import Bcsq, Content, Options
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.results.info import (
    ANN_FIELD,
    BCSQ_FIELD,
    EFFECT_FIELDS,
    EFFECTS_IN_VCF,
    SKIPPED_FIELD,
    Field,
    known_fields,
    region_fields,
    with_free_names,
)


@dataclass(frozen=True)
class Layout:
    """``in_vcf`` pairs a column's plain name with the INFO field it is written as.

    ``in_tables`` are the columns of the TSV and Parquet files behind the fixed ones, empty where
    these files are not asked for; ``added`` names the columns that do not come from gene models.
    """

    in_vcf: tuple[tuple[str, Field], ...]
    in_tables: tuple[Field, ...]
    added: tuple[str, ...]

    @property
    def vcf_fields(self) -> tuple[Field, ...]:
        return tuple(field for _, field in self.in_vcf)

    def clashes(self, names: Collection[str]) -> set[str]:
        """Those of ``names`` under which a field of ours would be written."""
        return {field.name for field in self.vcf_fields}.intersection(names)


def layout(bundle: ReferenceBundle, options: Options, taken: Collection[str]) -> Layout:
    """The layout of a result; the input uses the INFO names ``taken`` for data of its own."""
    added = []
    if options.content is Content.ALL:
        added += [*known_fields(bundle), *region_fields(bundle)]
    if options.bcsq is not Bcsq.NONE:
        added.append(BCSQ_FIELD)
    plain = [
        *(field for field in EFFECT_FIELDS if field.name in EFFECTS_IN_VCF),
        *added,
        SKIPPED_FIELD,
        ANN_FIELD,
    ]
    renamed = with_free_names(plain, taken)
    return Layout(
        tuple((field.name, new) for field, new in zip(plain, renamed, strict=True)),
        (*EFFECT_FIELDS, *added, SKIPPED_FIELD) if options.tables else (),
        tuple(field.name for field in added),
    )


def in_parquet(field: Field) -> Field:
    """Parquet's names are in lower case, as SQL is written."""
    return replace(field, name=field.name.lower())
