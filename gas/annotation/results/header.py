"""The header of the annotated VCF: the input's, and how the file was made."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.results.info import Field
from gas.annotation.vcf.header import InputHeader
from gas.annotation.vcf.record import Undeclared

_KEY = re.compile(r"([A-Za-z_][0-9A-Za-z_.]*|1000G)\Z")
_UNDECLARED = 'Description="Used, but not declared, by the input"'


@dataclass(frozen=True)
class Provenance:
    """What the header says of how the file was made; nothing that differs from run to run.

    ``engine`` names what computed it, ``commands`` how to do it again.
    """

    gas_version: str
    engine: str
    commands: tuple[str, ...]


def output_header(
    header: InputHeader,
    undeclared: Undeclared,
    bundle: ReferenceBundle,
    fields: Iterable[Field],
    provenance: Provenance,
) -> bytes:
    """The input's header lines, then what they left out, then ours, then the columns.

    ``header`` is without the lines of an earlier run, so that annotating a result again gives the
    same header.
    """
    lines = [
        *header.meta,
        *_missing_declarations(undeclared, bundle),
        *(_declaration(field, provenance.gas_version) for field in fields),
        f"##GAS_version={provenance.gas_version}",
        f"##GAS_engine={provenance.engine}",
        *(f"##GAS_command={command}" for command in provenance.commands),
        _bundle_line(bundle),
        *(_source_line(source) for source in bundle.provenance()["sources"]),
        header.column_line,
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")


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


def _declaration(field: Field, gas_version: str) -> str:
    return (
        f"##INFO=<ID={field.name},Number={field.number},Type={field.type},"
        f'Description="{_quoted(field.description)}",Source="GAS",Version="{gas_version}">'
    )


def _bundle_line(bundle: ReferenceBundle) -> str:
    return (
        f'##GAS_bundle=<ID={bundle.name},Version="{_quoted(bundle.version)}",'
        f'Build="{_quoted(bundle.build)}",Description="{_quoted(bundle.description)}">'
    )


def _source_line(source: dict[str, Any]) -> str:
    return (
        f'##GAS_source=<ID={source["name"]},Version="{_quoted(source["version"])}",'
        f'Licence="{_quoted(source["licence"])}",URL="{_quoted(source["url"])}",'
        f'Attribution="{_quoted(source["attribution"])}",Digest="{_digest(source["files"])}">'
    )


def _digest(files: list[dict[str, str]]) -> str:
    """Of what the bundle has from a source: the SHA-256 of what ``sha256sum`` prints of its files.

    The manifest of the result has the SHA-256 of each.
    """
    listing = "".join(
        f"{file['sha256']}  {file['path']}\n" for file in sorted(files, key=lambda f: f["path"])
    )
    return f"sha256:{hashlib.sha256(listing.encode()).hexdigest()}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
