"""Links from a variant to what others know of it, and only where they mean the same genome.

Addresses are those that the sites themselves document or show: dbSNP and ClinVar (NCBI), gnomAD's
browser (variant ids are chrom-pos-ref-alt), Ensembl (www is GRCh38, grch37 is GRCh37).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from gas.annotation import ReferenceBundle

_RS = re.compile(r"rs[1-9][0-9]{0,14}")
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_GENE = re.compile(r"ENSG[0-9]{11}(?:\.[0-9]+)?")
_TRANSCRIPT = re.compile(r"ENST[0-9]{11}(?:\.[0-9]+)?")
_BASES = re.compile(r"[ACGT]+")
_NUCLEAR = frozenset({*map(str, range(1, 23)), "X", "Y"})
_MITOCHONDRIAL = "MT"
_RCRS = "NC_012920.1"
_LONGEST_ALLELE = 50  # longer ones are structural variants to gnomAD, under other addresses

_ENSEMBL = {
    "GRCh38": "https://www.ensembl.org",
    "GRCh37": "https://grch37.ensembl.org",
    _RCRS: "https://www.ensembl.org",
}
_GNOMAD = {"GRCh38": "gnomad_r4", "GRCh37": "gnomad_r2_1"}
_GNOMAD_MITOCHONDRIAL = "gnomad_r3"  # v3.1 has chrM, on the rCRS


@dataclass(frozen=True)
class Link:
    """``site`` is where it leads, ``what`` that which is found there."""

    site: str
    what: str
    url: str


def links_of(
    bundle: ReferenceBundle, row: Mapping[str, Any], id_columns: frozenset[str]
) -> tuple[Link, ...]:
    """``id_columns`` are those of ``row`` with identifiers of known variants."""
    if bundle.build not in _ENSEMBL:
        return ()
    contig = bundle.contig(str(row.get("chromosome", "")))
    chromosome = contig.name.removeprefix("chr") if contig else ""
    chromosome = _MITOCHONDRIAL if chromosome in {"M", _MITOCHONDRIAL} else chromosome
    return (
        *_dbsnp(row, id_columns),
        *_clinvar(bundle, row, chromosome),
        *_gnomad(bundle, row, chromosome),
        *_ensembl(bundle, row, chromosome),
    )


def trimmed(position: int, reference: str, alternate: str) -> tuple[int, str, str]:
    """Without the bases that both alleles share, but one."""
    while len(reference) > 1 and len(alternate) > 1 and reference[-1] == alternate[-1]:
        reference, alternate = reference[:-1], alternate[:-1]
    while len(reference) > 1 and len(alternate) > 1 and reference[0] == alternate[0]:
        position, reference, alternate = position + 1, reference[1:], alternate[1:]
    return position, reference, alternate


def _dbsnp(row: Mapping[str, Any], id_columns: frozenset[str]) -> Iterator[Link]:
    texts = [str(row.get(column) or "") for column in ("id", *sorted(id_columns))]
    names = [name for text in texts for name in re.split(r"[;,&|]", text) if _RS.fullmatch(name)]
    for name in dict.fromkeys(names):
        yield Link("dbSNP", name, f"https://www.ncbi.nlm.nih.gov/snp/{name}")


def _clinvar(bundle: ReferenceBundle, row: Mapping[str, Any], chromosome: str) -> Iterator[Link]:
    known = [part for part in str(row.get("clinvar") or "").split("&") if _NUMBER.fullmatch(part)]
    for number in known:
        url = f"https://www.ncbi.nlm.nih.gov/clinvar/variation/{number}/"
        yield Link("ClinVar", f"variation {number}", url)
    change = _change(row)
    if known or change is None:
        return
    position, reference, alternate = change
    term = (
        f"{_RCRS}:m.{position}{reference}>{alternate}"
        if chromosome == _MITOCHONDRIAL and len(reference) == len(alternate) == 1
        else None
        if chromosome not in _NUCLEAR or bundle.build == _RCRS
        else f"{chromosome}[chr] AND {position}[{_CLINVAR_POSITION[bundle.build]}]"
    )
    if term:
        url = f"https://www.ncbi.nlm.nih.gov/clinvar/?{urlencode({'term': term})}"
        yield Link("ClinVar", "what is known at this place", url)


_CLINVAR_POSITION = {"GRCh38": "chrpos38", "GRCh37": "chrpos37"}


def _gnomad(bundle: ReferenceBundle, row: Mapping[str, Any], chromosome: str) -> Iterator[Link]:
    change = _change(row)
    if change is None or max(len(allele) for allele in change[1:]) > _LONGEST_ALLELE:
        return
    if chromosome == _MITOCHONDRIAL:
        chromosome, dataset = "M", _GNOMAD_MITOCHONDRIAL
    elif chromosome in _NUCLEAR and bundle.build in _GNOMAD:
        dataset = _GNOMAD[bundle.build]
    else:
        return
    name = "-".join(map(str, (chromosome, *change)))
    url = f"https://gnomad.broadinstitute.org/variant/{name}?dataset={dataset}"
    yield Link("gnomAD", name, url)


def _ensembl(bundle: ReferenceBundle, row: Mapping[str, Any], chromosome: str) -> Iterator[Link]:
    site = f"{_ENSEMBL[bundle.build]}/Homo_sapiens"
    gene, transcript = str(row.get("gene_id") or ""), str(row.get("transcript") or "")
    if _GENE.fullmatch(gene):
        yield Link("Ensembl", f"gene {gene}", f"{site}/Gene/Summary?g={gene}")
    if _TRANSCRIPT.fullmatch(transcript):
        url = f"{site}/Transcript/Summary?t={transcript}"
        yield Link("Ensembl", f"transcript {transcript}", url)
    position = row.get("position")
    if chromosome in _NUCLEAR | {_MITOCHONDRIAL} and isinstance(position, int):
        region = f"{chromosome}:{max(1, position - 50)}-{position + 50}"
        yield Link("Ensembl", "region", f"{site}/Location/View?r={quote(region, safe=':-')}")


def _change(row: Mapping[str, Any]) -> tuple[int, str, str] | None:
    """The allele as databases write it; None for a symbolic one, or one with other letters."""
    position, reference, alternate = row.get("position"), row.get("reference"), row.get("alternate")
    if not isinstance(position, int):
        return None
    reference, alternate = str(reference).upper(), str(alternate).upper()
    if not (_BASES.fullmatch(reference) and _BASES.fullmatch(alternate)):
        return None
    return trimmed(position, reference, alternate)
