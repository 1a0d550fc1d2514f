"""The INFO fields that GAS adds, and the header of the annotated file."""

import re
from dataclasses import dataclass

from gas.annotation.reference.bundle import ReferenceBundle, Source
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.record import Undeclared

BCSQ, GENE, CONSEQUENCE, IMPACT, PROTEIN, SKIPPED = (
    "BCSQ",
    "GENE",
    "CONSEQUENCE",
    "IMPACT",
    "PROTEIN",
    "GAS_SKIPPED",
)
_BCSQ_FORMAT = (
    "Consequences called by bcftools csq, allele after allele. Format: "
    "Consequence|gene|transcript|biotype|strand|amino_acid_change|dna_change"
)
_KEY = re.compile(r"([A-Za-z_][0-9A-Za-z_.]*|1000G)\Z")
_UNDECLARED = 'Description="Used, but not declared, by the input"'


@dataclass(frozen=True)
class Field:
    """An INFO field; ``number`` is VCF's Number: A for one value an alternate allele."""

    name: str
    number: str
    type: str
    description: str


def fields_of(bundle: ReferenceBundle) -> list[Field]:
    """Our fields under their plain names, in the order in which they are written."""
    return [
        Field(CONSEQUENCE, "A", "String", "Most severe consequence, a Sequence Ontology term"),
        Field(IMPACT, "A", "String", "Impact of it: HIGH, MODERATE, LOW or MODIFIER"),
        Field(GENE, "A", "String", "Genes affected, joined by &, the most severely affected first"),
        Field(
            PROTEIN,
            "A",
            "String",
            "Amino-acid changes as GENE:change, joined by &; HGVS one-letter form where it can "
            "be said exactly, else as in BCSQ",
        ),
        *(
            Field(column.name, "A", column.type, f"{column.description} ({column.source})")
            for column in bundle.known_columns
        ),
        Field(SKIPPED, "A", "String", "Why the allele was not annotated"),
        Field(BCSQ, ".", "String", _BCSQ_FORMAT),
    ]


def free_names(fields: list[Field], taken: set[str]) -> dict[str, str]:
    """Plain name -> the name to write: another one where the input uses it for its own data."""
    names = {}
    for field in fields:
        name, attempt = field.name, 1
        while name in taken:
            name = f"GAS_{field.name}" if attempt == 1 else f"GAS{attempt}_{field.name}"
            attempt += 1
        names[field.name] = name
    return names


@dataclass(frozen=True)
class Provenance:
    """What the header says of how the file was made."""

    gas_version: str
    engine: str
    commands: tuple[str, ...]


def output_header(
    header: InputHeader,
    undeclared: Undeclared,
    bundle: ReferenceBundle,
    names: dict[str, str],
    provenance: Provenance,
) -> list[str]:
    """The input's header lines, then what they left out, then ours, then the columns."""
    return [
        *header.meta,
        *_missing_declarations(undeclared, bundle),
        *(
            f"##INFO=<ID={names[field.name]},Number={field.number},Type={field.type},"
            f'Description="{_quoted(field.description)}",Source="GAS",'
            f'Version="{provenance.gas_version}">'
            for field in fields_of(bundle)
        ),
        f"##GAS_version={provenance.gas_version}",
        f"##GAS_engine={provenance.engine}",
        *(f"##GAS_command={command}" for command in provenance.commands),
        _bundle_line(bundle),
        *(_source_line(source) for source in bundle.sources),
        header.column_line,
    ]


def _missing_declarations(undeclared: Undeclared, bundle: ReferenceBundle) -> list[str]:
    lines = []
    for name in undeclared.contigs:
        contig = bundle.contig(name)
        length = f",length={contig.length}" if contig else ""
        lines.append(f"##contig=<ID={name}{length}>")
    lines.extend(f"##FILTER=<ID={name},{_UNDECLARED}>" for name in undeclared.filters)
    for name, has_value in undeclared.info.items():
        if _KEY.match(name):
            kind = "Number=.,Type=String" if has_value else "Number=0,Type=Flag"
            lines.append(f"##INFO=<ID={name},{kind},{_UNDECLARED}>")
    for name in undeclared.formats:
        if _KEY.match(name):
            number = 1 if name == "GT" else "."
            lines.append(f"##FORMAT=<ID={name},Number={number},Type=String,{_UNDECLARED}>")
    return lines


def _bundle_line(bundle: ReferenceBundle) -> str:
    return (
        f'##GAS_bundle=<ID={bundle.name},Version="{bundle.version}",Build="{bundle.build}",'
        f'Description="{_quoted(bundle.description)}">'
    )


def _source_line(source: Source) -> str:
    return (
        f'##GAS_source=<ID={source.name},Version="{_quoted(source.version)}",'
        f'Licence="{_quoted(source.licence)}",URL="{_quoted(source.url)}",'
        f'Attribution="{_quoted(source.attribution)}">'
    )


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
