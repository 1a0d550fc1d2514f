"""Reads what bcftools csq says of an allele, in the terms of the Sequence Ontology."""

import re
from dataclasses import dataclass

HIGH, MODERATE, LOW, MODIFIER = "HIGH", "MODERATE", "LOW", "MODIFIER"
INTERGENIC = "intergenic_variant"

# csq's name -> (Sequence Ontology term, impact), most severe first, in Ensembl's order.
_TERMS = {
    "splice_acceptor": ("splice_acceptor_variant", HIGH),
    "splice_donor": ("splice_donor_variant", HIGH),
    "stop_gained": ("stop_gained", HIGH),
    "frameshift": ("frameshift_variant", HIGH),
    "stop_lost": ("stop_lost", HIGH),
    "start_lost": ("start_lost", HIGH),
    "feature_elongation": ("feature_elongation", HIGH),
    "feature_truncation": ("feature_truncation", HIGH),
    "inframe_insertion": ("inframe_insertion", MODERATE),
    "inframe_deletion": ("inframe_deletion", MODERATE),
    "missense": ("missense_variant", MODERATE),
    "inframe_altering": ("protein_altering_variant", MODERATE),
    "splice_region": ("splice_region_variant", LOW),
    "incomplete_terminal_codon": ("incomplete_terminal_codon_variant", LOW),
    "start_retained": ("start_retained_variant", LOW),
    "stop_retained": ("stop_retained_variant", LOW),
    "synonymous": ("synonymous_variant", LOW),
    "coding_sequence": ("coding_sequence_variant", MODIFIER),
    "5_prime_utr": ("5_prime_UTR_variant", MODIFIER),
    "3_prime_utr": ("3_prime_UTR_variant", MODIFIER),
    "non_coding": ("non_coding_transcript_variant", MODIFIER),
    "intron": ("intron_variant", MODIFIER),
    "intergenic": (INTERGENIC, MODIFIER),
}
_SEVERITY = {name: rank for rank, name in enumerate(_TERMS)}
_ONE_RESIDUE = re.compile(r"(\d+)([A-Z*])(?:>\1([A-Z*]))?\Z")
_FIRST_RESIDUE = re.compile(r"(\d+)([A-Z*])")


@dataclass(frozen=True)
class Effect:
    """What one allele does: ``consequence`` is the most severe Sequence Ontology term.

    ``genes`` and ``proteins`` (``GENE:change``) are ordered by severity, without repeats.
    """

    consequence: str
    impact: str
    genes: tuple[str, ...]
    proteins: tuple[str, ...]


NO_GENE = Effect(INTERGENIC, MODIFIER, (), ())


def with_overrides(entries: list[str], overrides: dict[str, str]) -> list[str]:
    """The BCSQ entries with the bundle's corrections of consequence names made."""
    if not overrides:
        return entries
    corrected = []
    for entry in entries:
        names, bar, rest = entry.partition("|")
        corrected.append("&".join(overrides.get(n, n) for n in names.split("&")) + bar + rest)
    return corrected


def effect_of(entries: list[str]) -> Effect:
    """Read BCSQ entries (``consequence|gene|transcript|biotype[|strand|protein|dna]``)."""
    if not entries:
        return NO_GENE
    fields = sorted((entry.split("|") for entry in entries), key=lambda entry: _rank(entry[0]))
    worst = min(_names(fields[0][0]), key=_severity)
    term, impact = _TERMS.get(worst, (worst, MODIFIER))
    genes = dict.fromkeys(entry[1] for entry in fields if len(entry) > 1 and entry[1])
    proteins = dict.fromkeys(
        f"{entry[1]}:{protein_change(entry[0], entry[5])}"
        for entry in fields
        if len(entry) > 5 and entry[5]
    )
    return Effect(term, impact, tuple(genes), tuple(proteins))


def protein_change(consequence: str, change: str) -> str:
    """A change as csq writes it (``1M>1T``), in HGVS one-letter form where that can be said exactly.

    A single residue gives ``p.M1T``, ``p.P3=`` or, for a lost start, ``p.M1?``; a frameshift
    ``p.W118fs``. Anything else stays in csq's notation.
    """
    names = _names(consequence)
    one = _ONE_RESIDUE.match(change)
    if one:
        position, before, after = one.groups()
        if "start_lost" in names:
            return f"p.{before}{position}?"
        return f"p.{before}{position}{'=' if after in (None, before) else after}"
    first = _FIRST_RESIDUE.match(change)
    if "frameshift" in names and first:
        return f"p.{first[2]}{first[1]}fs"
    return change


def _names(consequence: str) -> list[str]:
    # A leading '*' marks a site behind a stop that another variant gained.
    return consequence.removeprefix("*").split("&")


def _severity(name: str) -> int:
    return _SEVERITY.get(name, len(_SEVERITY))


def _rank(consequence: str) -> int:
    return min(_severity(name) for name in _names(consequence))
