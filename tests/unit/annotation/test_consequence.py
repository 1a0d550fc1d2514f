"""From bcftools csq's words to Sequence Ontology terms, impacts and protein changes."""

from pathlib import Path

import pytest

from gas.annotation.bcsq.consequence import effect_of, protein_change, with_overrides
from gas.annotation.vcf.allele import is_transition, variant_type
from gas.annotation.vcf.sorting import sort_lines
from gas.annotation.vcf.text import open_text


def test_no_entry_is_intergenic() -> None:
    effect = effect_of([])
    assert (effect.consequence, effect.impact, effect.genes) == (
        "intergenic_variant",
        "MODIFIER",
        (),
    )


def test_the_most_severe_comes_first() -> None:
    effect = effect_of(
        [
            "non_coding|MT-TI|T1|Mt_tRNA",
            "synonymous|MT-ATP8|T2|protein_coding|+|55W|8529G>A",
            "*missense&splice_region|MT-ATP6|T3|protein_coding|+|1M>1I|8529G>A",
        ]
    )
    assert effect.consequence == "missense_variant"
    assert effect.impact == "MODERATE"
    assert effect.genes == ("MT-ATP6", "MT-ATP8", "MT-TI")
    assert effect.proteins == ("MT-ATP6:p.M1I", "MT-ATP8:p.W55=")


def test_an_unheard_of_term_is_passed_on() -> None:
    assert effect_of(["new_term|G|T|protein_coding"]).consequence == "new_term"


@pytest.mark.parametrize(
    ("consequence", "change", "expected"),
    [
        ("missense", "2P>2L", "p.P2L"),
        ("synonymous", "3M", "p.M3="),
        ("stop_gained", "26K>26*", "p.K26*"),
        ("synonymous&start_lost", "1M", "p.M1?"),
        ("frameshift", "118WSG..231>118C", "p.W118fs"),
        ("inframe_deletion", "2PMA>2P", "2PMA>2P"),
    ],
)
def test_protein_changes(consequence: str, change: str, expected: str) -> None:
    assert protein_change(consequence, change) == expected


def test_a_bundle_corrects_names() -> None:
    entries = ["intron|MT-CYB||protein_coding", "stop_lost&intron|G|T|protein_coding"]
    assert with_overrides(entries, {"intron": "x"}) == [
        "x|MT-CYB||protein_coding",
        "stop_lost&x|G|T|protein_coding",
    ]


@pytest.mark.parametrize(
    ("reference", "alternate", "expected"),
    [
        ("A", "g", "snv"),
        ("CA", "TA", "snv"),
        ("AC", "GT", "mnv"),
        ("A", "AC", "insertion"),
        ("ACC", "AC", "deletion"),
        ("ATG", "CC", "indel"),
    ],
)
def test_variant_types(reference: str, alternate: str, expected: str) -> None:
    assert variant_type(reference, alternate) == expected


@pytest.mark.parametrize(
    ("reference", "alternate", "expected"),
    [("A", "G", True), ("c", "t", True), ("A", "C", False), ("CA", "TA", True), ("G", "T", False)],
)
def test_transitions(reference: str, alternate: str, expected: bool) -> None:
    assert is_transition(reference, alternate) is expected


def test_sorting_in_pieces_is_stable(tmp_path: Path) -> None:
    path, target = tmp_path / "rows", tmp_path / "sorted"
    rows = [f"{n * 7 % 10}\t{n}\n" for n in range(500)]
    with open_text(path, "w") as out:
        out.writelines(rows)
    sort_lines(path, target, lambda row: (int(row.split("\t")[0]),), piece_characters=100)
    with open_text(target, "r") as done:
        assert list(done) == sorted(rows, key=lambda row: int(row.split("\t")[0]))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows", "sorted"]
