"""A small genome of random bases, and records placed on it."""

import random

import pytest
from hypothesis import strategies as st

from gas.annotation.kernel.intake.place import place
from gas.annotation.kernel.records import Records
from gas.annotation.kernel.sequence import Sequence
from gas.annotation.vcf.header import FIXED_COLUMNS, InputHeader
from gas.annotation.vcf.scanning import scanner_for

Variant = tuple[int, str, str]  # POS from 1, REF, ALT (several by commas)


def placed(reference: str, variants: list[Variant]) -> tuple[Records, Sequence]:
    """Records on the contig "1", in the order given, held against all of its sequence."""
    lines = [f"1\t{pos}\t.\t{ref}\t{alt}\t.\t.\t." for pos, ref, alt in variants]
    header = InputHeader(column_line="\t".join(FIXED_COLUMNS), contigs={"1": None})
    records = scanner_for(header).scan("".join(f"{line}\n" for line in lines).encode(), 1).records
    sequence = Sequence(len(reference), [(0, reference.encode())])
    place(records, 0, sequence)
    return records, sequence


def leftmost(reference: str, variant: Variant) -> Variant:
    """The change with nothing shared at either end, moved left; by brute force."""
    pos, ref, alt = variant
    start = pos - 1
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    while ref and alt and ref[0] == alt[0]:
        ref, alt, start = ref[1:], alt[1:], start + 1
    while start and not (ref and alt):
        before, moving = reference[start - 1], ref or alt
        if moving[-1] != before:
            break
        moving, start = before + moving[:-1], start - 1
        ref, alt = (moving, "") if ref else ("", moving)
    return start, ref, alt


@st.composite
def changes(draw: st.DrawFn, reference: str) -> Variant:
    """Any change of the reference, written with any number of shared bases around it."""
    start = draw(st.integers(1, len(reference) - 12))
    ref = reference[start : start + draw(st.integers(0, 4))]
    alt = draw(st.text("ACGT", max_size=4).filter(lambda alt: alt != ref))
    before = draw(st.integers(0 if ref and alt else 1, min(start, 3)))
    behind = draw(st.integers(0, 3))
    head = reference[start - before : start]
    tail = reference[start + len(ref) : start + len(ref) + behind]
    return start - before + 1, head + ref + tail, head + alt + tail


@pytest.fixture(scope="session")
def repeats() -> str:
    """400 bases, most of them in repeats, so that insertions and deletions move."""
    chance = random.Random(3)  # noqa: S311 - the same on every run
    units = ["".join(chance.choices("ACGT", k=chance.randint(1, 4))) for _ in range(80)]
    return "".join(unit * chance.randint(1, 4) for unit in units)[:400]
