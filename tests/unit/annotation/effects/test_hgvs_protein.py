"""Descriptions of a change in a protein lead back to the protein that the altered gene makes."""

import re

from hypothesis import HealthCheck, assume, given, settings

from tests.unit.annotation.effects.annotated import Annotated, annotate
from tests.unit.annotation.effects.changes import Change, genes_and_changes
from tests.unit.annotation.effects.genome import CODE, ONE, Gene, translate

_RESIDUE = r"([A-Z][a-z]{2})(\d+)"
_FRAMESHIFT = re.compile(rf"p\.{_RESIDUE}([A-Z][a-z]{{2}})fsTer(\d+|\?)")
_EXTENSION = re.compile(rf"p\.{_RESIDUE}([A-Z][a-z]{{2}})extTer(\d+|\?)")
_SAME = re.compile(rf"p\.{_RESIDUE}(?:_{_RESIDUE})?=")
_IN_FRAME = re.compile(rf"p\.{_RESIDUE}(?:_{_RESIDUE})?(del|dup)?(ins)?((?:[A-Z][a-z]{{2}})*)")


def _one_letter(names: str) -> str:
    return "".join(ONE[names[at : at + 3]] for at in range(0, len(names), 3))


def _to_stop(protein: str) -> str:
    return protein[: protein.index("*") + 1] if "*" in protein else protein


def check_protein(text: str, before: str, after: str) -> None:
    """``text`` must describe how the protein ``before`` becomes ``after``.

    Both end in ``*``, ``after`` only if there is a stop.
    """
    if _SAME.fullmatch(text):
        assert after == before
        return
    assert after != before
    if match := _FRAMESHIFT.fullmatch(text) or _EXTENSION.fullmatch(text):
        name, number, changed, distance = match.groups()
        at = int(number) - 1
        assert before[at] == ONE[name]
        assert after[:at] == before[:at]
        assert after[at] == ONE[changed] != before[at]
        if distance == "?":
            assert "*" not in after
        else:
            behind = 0 if "ext" in text else 1
            assert after.index("*") == at + int(distance) - behind
            assert behind or before[at] == "*"
        return
    match = _IN_FRAME.fullmatch(text)
    assert match, text
    first, first_number, last, last_number, kind, inserting, residues = match.groups()
    start, end = int(first_number) - 1, int(last_number or first_number)
    assert before[start] == ONE[first]
    assert last is None or before[end - 1] == ONE[last]
    new = _one_letter(residues)
    if kind == "dup":
        assert not new
        start, new = end, before[start:end]
        assert before[end : end + len(new)] != new or end == len(before)
    elif inserting and not kind:
        assert end - start == 2
        assert new
        start, end = start + 1, start + 1
        assert before[start - len(new) : start] != new
    else:
        assert (kind == "del") == (not new or bool(inserting))
    assert _to_stop(before[:start] + new + before[end:]) == after


def _altered(gene: Gene, change: Change) -> tuple[str, str, str] | None:
    """The protein before and after, and the start codon's altered place; for a forward gene.

    None where the change is not within one exon wherever it is put, or not in the coding region.
    """
    coding = gene.model.coding
    assert coding
    for other in (change, *change.same_elsewhere(gene.contig)):
        if not any(start < other.start and other.end < end for start, end in gene.model.exons):
            return None
        if not (other.start < coding[1] and other.end > coding[0]):
            return None
    spliced = gene.exonic()
    first = spliced.index(coding[0])
    bases = "".join(chr(gene.contig[at]) for at in spliced)
    start, end = (spliced.index(at) for at in (change.start, change.end))
    changed = bases[:start] + change.inserted.decode() + bases[end:]
    return translate(bases[first:]), translate(changed[first:]), changed[first : first + 3]


def _check_terms(found: Annotated, change: Change, before: str, after: str) -> None:
    terms = found.terms("T1.1")
    grown = len(change.inserted) - (change.end - change.start)
    if terms & {"synonymous_variant", "stop_retained_variant"}:
        assert after == before
    if "missense_variant" in terms:
        assert after != before
        assert len(after) == len(before)
        assert after[-1] == "*"
    if "stop_gained" in terms:
        common = next(
            at for at in range(len(after)) if at >= len(before) or after[at] != before[at]
        )
        assert after.index("*") >= common
    assert ("frameshift_variant" in terms) <= (grown % 3 != 0)
    if terms & {"inframe_insertion", "inframe_deletion", "protein_altering_variant"}:
        assert grown
        assert grown % 3 == 0
    if grown % 3 and not terms & {"frameshift_variant"}:
        assert terms & {"start_lost", "start_retained_variant", "stop_retained_variant"}
    if after == before:
        assert found.columns["IMPACT"] == "LOW"


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(genes_and_changes(in_coding_region=True))
def test_a_description_leads_to_the_altered_protein(drawn: tuple[Gene, Change]) -> None:
    gene, change = drawn
    forward = gene.forward
    same = change if forward is gene else change.turned(gene.contig)
    altered = _altered(forward, same)
    coding = forward.model.coding
    assume(altered)
    assert altered
    assert coding
    before, after, start_codon = altered
    (found,) = annotate(gene.contig, [gene.model], [change.variant(gene.contig)])
    entry = found.entry("T1.1")
    text = entry["hgvs_p"].replace("%3D", "=")
    terms = found.terms("T1.1")
    if "start_lost" in terms:
        assert text == "p.Met1?"
        assert CODE.get(start_codon) != "M" or same.start < coding[0]
        return
    if "start_retained_variant" in terms:
        assert text.startswith("p.Met1")
        assert text.endswith("=")
        return
    if text == "p.?":
        assert "*" not in after
        return
    check_protein(text, before, after)
    _check_terms(found, change, before, after)
