"""Descriptions of a change in a transcript lead back to the change, and are 3'-most."""

from hypothesis import given, settings

from tests.unit.annotation.effects.annotated import annotate
from tests.unit.annotation.effects.changes import Change, genes_and_changes
from tests.unit.annotation.effects.genome import Gene
from tests.unit.annotation.effects.hgvs import understand


def check_description(gene: Gene, change: Change) -> None:
    (found,) = annotate(gene.contig, [gene.model], [change.variant(gene.contig)])
    text = next((entry["hgvs_c"] for entry in found.entries), "")
    forward = gene.forward
    same = change if forward is gene else change.turned(gene.contig)
    start, end = forward.model.start, forward.model.end
    if not text:
        assert not start < same.start <= same.end < end
        return
    assert text[0] == ("n" if gene.model.coding is None else "c")
    kind, described = understand(forward, text)
    assert described.apply(forward.contig) == same.apply(forward.contig)
    if kind in {"del", "ins", "dup"}:
        assert not [
            other
            for other in described.same_elsewhere(forward.contig)
            if other.start > described.start and other.end < end
        ]
    if kind == "ins":
        copied = described.start - len(described.inserted)
        assert copied < start or forward.contig[copied : described.start] != described.inserted


@settings(deadline=None)
@given(genes_and_changes())
def test_a_coding_description_leads_back_to_the_change(drawn: tuple[Gene, Change]) -> None:
    check_description(*drawn)


@settings(deadline=None)
@given(genes_and_changes(coding=False))
def test_a_non_coding_description_leads_back_to_the_change(drawn: tuple[Gene, Change]) -> None:
    check_description(*drawn)
