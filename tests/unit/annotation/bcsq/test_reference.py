"""The normal form of an allele, against its definition."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation import load_bundle
from gas.annotation.bcsq import bcftools
from gas.annotation.bcsq.reference import Allele, Reference

BASES = st.text("AC", min_size=1, max_size=4)  # two letters: repeats are what makes it hard


class Short(Reference):
    """A reference of a few bases."""

    def __init__(self, bases: str) -> None:
        self._all = bases

    def bases(self, contig: str, position: int, length: int) -> str:
        del contig
        return self._all[position - 1 : position - 1 + length]


def changed(reference: str, allele: Allele) -> str:
    start = allele.position - 1
    assert reference[start : start + len(allele.reference)] == allele.reference
    return reference[:start] + allele.alternate + reference[start + len(allele.reference) :]


@st.composite
def alleles(draw: st.DrawFn) -> tuple[str, Allele]:
    reference = draw(st.text("AC", min_size=4, max_size=12))
    position = draw(st.integers(1, len(reference)))
    length = draw(st.integers(1, len(reference) - position + 1))
    replaced = reference[position - 1 : position - 1 + length]
    alternate = draw(BASES.filter(lambda bases: bases != replaced))
    return reference, Allele("c", position, replaced, alternate)


@given(alleles())
def test_the_same_change_parsimonious_and_as_far_left_as_it_goes(case: tuple[str, Allele]) -> None:
    reference, allele = case
    normal = Short(reference).normal(allele)
    assert changed(reference, normal) == changed(reference, allele)
    shorter = min(len(normal.reference), len(normal.alternate))
    if normal.position > 1:
        assert normal.reference[-1] != normal.alternate[-1]
    assert shorter == 1 or normal.reference[0] != normal.alternate[0]


@given(alleles(), st.integers(0, 3), st.integers(0, 3))
def test_padding_changes_nothing(case: tuple[str, Allele], before: int, behind: int) -> None:
    reference, allele = case
    start = max(1, allele.position - before)
    head = reference[start - 1 : allele.position - 1]
    end = allele.position - 1 + len(allele.reference)
    tail = reference[end : end + behind]
    padded = Allele("c", start, head + allele.reference + tail, head + allele.alternate + tail)
    short = Short(reference)
    assert short.normal(padded) == short.normal(allele)


@pytest.mark.parametrize(
    ("allele", "normal"),
    [
        (Allele("MT", 3571, "CT", "T"), Allele("MT", 3565, "AC", "A")),
        (Allele("MT", 3243, "A", "G"), Allele("MT", 3243, "A", "G")),
        (Allele("MT", 1, "GA", "A"), Allele("MT", 1, "GA", "A")),
    ],
)
def test_on_a_real_genome(allele: Allele, normal: Allele, tmp_path: Path) -> None:
    bundle = load_bundle("rCRS")
    with Reference(bundle) as reference:
        assert reference.normal(allele) == normal
    source, target = tmp_path / "in.vcf", tmp_path / "out.vcf"
    source.write_text(
        "##fileformat=VCFv4.2\n##contig=<ID=MT,length=16569>\n"
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
        + "\t".join([*map(str, allele[:2]), ".", *allele[2:], ".", ".", "."])
        + "\n"
    )
    fasta = str(bundle.path(bundle.sequence.file))
    bcftools.run("norm", "-f", fasta, "-o", str(target), str(source))
    *_, line = target.read_text().splitlines()
    contig, position, _, *bases = line.split("\t")[:5]
    assert (contig, int(position), *bases) == normal


def test_bases_far_apart_and_at_the_ends() -> None:
    bundle = load_bundle("rCRS")
    with Reference(bundle) as reference:
        assert reference.bases("MT", 16565, 5) == "CGATG"
        assert reference.bases("MT", 1, 6) == "GATCAC"
        assert reference.bases("MT", 16569, 2) == "G"
        assert reference.bases("MT", 20000, 2) == ""
