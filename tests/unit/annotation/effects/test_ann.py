"""The ANN field, part by part, and the order of its entries."""

from dataclasses import replace

import pytest

from gas.annotation.genes.model import Mane, Transcript
from tests.unit.annotation.effects.annotated import Variant, annotate

_CONTIG = b"CCCCC" + b"ATGGCTAAACGTTAA" + b"CCCCC"
_MODEL = Transcript(
    id="T1.1",
    gene_id="G1",
    gene_name="GENE",
    biotype="protein_coding",
    strand=1,
    start=5,
    end=20,
    exons=((5, 20),),
    coding=(5, 20),
    protein_id="P1.1",
)
_MISSENSE: Variant = (10, b"C", b"A")


def _ann(variant: Variant, *models: Transcript) -> list[str]:
    (found,) = annotate(_CONTIG, models, [variant])
    return ["|".join(entry.values()) for entry in found.entries]


def test_an_entry_has_the_standards_parts() -> None:
    model = replace(_MODEL, canonical=True, mane=Mane.SELECT)
    (entry,) = _ann(_MISSENSE, model)
    assert entry == (
        "A|missense_variant|MODERATE|GENE|G1|transcript|T1.1|protein_coding|1/1|c.5C>A|p.Ala2Asp"
        "|5/15|5/15|2/4||INFO_MANE_SELECT&INFO_CANONICAL"
    )


def test_the_equals_sign_is_escaped_in_ann_alone() -> None:
    (found,) = annotate(_CONTIG, [_MODEL], [(11, b"T", b"C")])
    assert found.entries[0]["hgvs_p"] == "p.Ala2%3D"
    assert found.columns["HGVSP"] == "P1.1:p.Ala2="


def test_no_transcript_is_intergenic() -> None:
    assert _ann(_MISSENSE) == ["A|intergenic_variant|MODIFIER|||||||||||||"]


def test_a_change_that_was_moved_says_so() -> None:
    entry = _ann((11, b"TA", b"T"), _MODEL)[0].split("|")
    assert entry[9] == "c.9del"
    assert entry[15] == "INFO_REALIGN_3_PRIME"


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({"start_complete": False}, "WARNING_TRANSCRIPT_INCOMPLETE"),
        ({"coding": (8, 20)}, "WARNING_TRANSCRIPT_NO_START_CODON"),
        ({"coding": (5, 17)}, "WARNING_TRANSCRIPT_NO_STOP_CODON"),
    ],
)
def test_warnings_of_the_standard(change: dict[str, object], note: str) -> None:
    model = replace(_MODEL, **change)  # type: ignore[arg-type]  # fields named by the parameters
    assert _ann(_MISSENSE, model)[0].split("|")[15] == note


def test_most_severe_first_then_what_stands_for_the_gene() -> None:
    intronic = replace(_MODEL, exons=((5, 6), (19, 20)), coding=None, canonical=True)
    models = [
        replace(intronic, id="far", mane=Mane.SELECT),
        replace(_MODEL, id="z"),
        replace(_MODEL, id="a"),
        replace(_MODEL, id="longer", start=2, exons=((2, 20),), coding=(2, 20)),
        replace(_MODEL, id="decay", biotype="nonsense_mediated_decay"),
        replace(_MODEL, id="canonical", canonical=True),
        replace(_MODEL, id="plus", mane=Mane.PLUS_CLINICAL),
        replace(_MODEL, id="select", mane=Mane.SELECT),
    ]
    entries = _ann(_MISSENSE, *models)
    order = [entry.split("|")[6] for entry in entries]
    assert order == ["select", "plus", "canonical", "longer", "a", "z", "decay", "far"]


def test_more_effects_than_are_sorted_by_insertion() -> None:
    models = [replace(_MODEL, id=f"T{number:03}") for number in range(60, 0, -1)]
    order = [entry.split("|")[6] for entry in _ann(_MISSENSE, *models)]
    assert order == [f"T{number:03}" for number in range(1, 61)]


def test_alleles_that_are_not_annotated_have_no_values() -> None:
    skipped, one, two, last = annotate(
        _CONTIG, [_MODEL], [(9, b"G", b"*"), (10, b"C", b"A,T"), (12, b"A", b"<DEL>")]
    )
    assert (skipped.columns, skipped.entries, last.columns, last.entries) == ({}, [], {}, [])
    assert [found.entries[0]["allele"] for found in (one, two)] == ["A", "T"]


def test_a_run_that_is_not_there_is_refused() -> None:
    with pytest.raises(IndexError):
        annotate(_CONTIG, [_MODEL], [])


def test_the_mitochondrial_code_and_its_poly_a_stop() -> None:
    # ATA is a start there, AGA a stop, and the T at the end is made a stop by the poly(A) tail.
    contig = b"CCCCC" + b"ATATGAAGTACCT" + b"CCCCC"
    model = replace(_MODEL, end=18, exons=((5, 18),), coding=(5, 18))
    variants: list[Variant] = [
        (8, b"A", b"T"),  # ATA to ATT: another start
        (7, b"T", b"A"),  # to AAA: none
        (11, b"A", b"G"),  # TGA to TGG: both Trp
        (14, b"T", b"A"),  # AGT to AGA
        (18, b"T", b"C"),  # T-- to C--: Ter to Gln
    ]
    told = [
        (found.entries[0]["terms"], found.entries[0]["hgvs_p"])
        for found in annotate(contig, [model], variants, mitochondrial=True)
    ]
    assert told == [
        ("start_retained_variant", "p.Met1%3D"),
        ("start_lost", "p.Met1?"),
        ("synonymous_variant", "p.Trp2%3D"),
        ("stop_gained", "p.Ser3Ter"),
        ("stop_lost", "p.Ter5GlnextTer?"),
    ]


def test_a_tga_within_the_coding_region_is_selenocysteine() -> None:
    contig = b"CCCCC" + b"ATGTGAAAACGTTAA" + b"CCCCC"
    (found,) = annotate(contig, [_MODEL], [(9, b"T", b"C")])
    assert found.entries[0]["hgvs_p"] == "p.Sec2Arg"
