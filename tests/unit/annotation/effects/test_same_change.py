"""What is said of a change depends on the change alone.

Neither on how it is written, nor on which strand the gene lies.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.annotation.effects.annotated import Annotated, annotate
from tests.unit.annotation.effects.changes import Change, genes_and_changes
from tests.unit.annotation.effects.genome import Gene


def _told(found: Annotated) -> list[dict[str, str]]:
    """The entries without the allele as written and whether it was moved."""
    own = {"allele", "notes"}
    return [
        {part: text for part, text in entry.items() if part not in own} for entry in found.entries
    ]


@settings(deadline=None)
@given(genes_and_changes(), st.integers(0, 4), st.integers(0, 4))
def test_every_way_to_write_a_change_says_the_same(
    drawn: tuple[Gene, Change], before: int, after: int
) -> None:
    gene, change = drawn
    contig = gene.contig
    variants = [change.variant(contig)]
    for other in change.same_elsewhere(contig):
        room = (min(1 + before, other.start), min(after, len(contig) - other.end))
        variants.append(other.variant(contig, *room))
    first, *others = annotate(contig, [gene.model], variants)
    assert others
    for other_found in others:
        assert _told(other_found) == _told(first)
        assert other_found.columns == first.columns


@settings(deadline=None)
@given(genes_and_changes())
def test_a_gene_on_the_other_strand_says_the_same(drawn: tuple[Gene, Change]) -> None:
    gene, change = drawn
    (found,) = annotate(gene.contig, [gene.model], [change.variant(gene.contig)])
    turned = gene.turned
    other = change.turned(gene.contig)
    (mirrored,) = annotate(turned.contig, [turned.model], [other.variant(turned.contig)])
    assert _told(mirrored) == _told(found)
    assert mirrored.columns == found.columns
