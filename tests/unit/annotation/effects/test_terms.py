"""Each term where its definition says: a gene of three exons, a change for each kind of place."""

from dataclasses import replace

import pytest

from gas.annotation.genes.model import Transcript
from tests.unit.annotation.effects.annotated import Annotated, annotate
from tests.unit.annotation.effects.changes import Change
from tests.unit.annotation.effects.genome import Gene
from tests.unit.annotation.effects.hgvs import understand

_FLANK = "C" * 5100
_EXONS = ("GGCTAAGCATGGCTAAACGT", "GATTGGCTACTGTCT", "AACCATTAAGCGCATAGCC")
_INTRON = "GTAAGT" + "ACGA" * 10 + "TTTCTTTCTTTCTTTCTTTCAG"


def _gene() -> Gene:
    contig, exons = _FLANK, []
    for index, exon in enumerate(_EXONS):
        contig += _INTRON if index else ""
        exons.append((len(contig), len(contig) + len(exon)))
        contig += exon
    model = Transcript(
        id="T1.2",
        gene_id="G1",
        gene_name="GENE",
        biotype="protein_coding",
        strand=1,
        start=exons[0][0],
        end=exons[-1][1],
        exons=tuple(exons),
        coding=(exons[0][0] + 8, exons[-1][0] + 9),
        protein_id="P1.2",
    )
    return Gene((contig + _FLANK).encode(), model)


GENE = _gene()
CODING = GENE.model.exons[0][0] + 8, GENE.model.exons[-1][0] + 9
NON_CODING = replace(GENE, model=replace(GENE.model, coding=None, biotype="lincRNA"))
NMD = replace(GENE, model=replace(GENE.model, biotype="nonsense_mediated_decay"))


def told(gene: Gene, change: Change) -> Annotated:
    """The same on both strands."""
    (found,) = annotate(gene.contig, [gene.model], [change.variant(gene.contig)])
    turned, other = gene.turned, change.turned(gene.contig)
    (mirrored,) = annotate(turned.contig, [turned.model], [other.variant(turned.contig)])
    assert mirrored.columns == found.columns
    return found


@pytest.mark.parametrize(
    ("change", "terms", "protein", "rank"),
    [
        ("c.-2G>A", "5_prime_UTR_variant", "", "1/3"),
        ("c.1A>G", "start_lost", "p.Met1?", "1/3"),
        ("c.-1_1insT", "5_prime_UTR_variant", "", "1/3"),
        ("c.-1_1del", "start_lost&5_prime_UTR_variant", "p.Met1?", "1/3"),
        ("c.-2_1del", "start_retained_variant&5_prime_UTR_variant", "p.Met1=", "1/3"),
        ("c.5C>A", "missense_variant", "p.Ala2Asp", "1/3"),
        ("c.4_5delinsTT", "missense_variant", "p.Ala2Phe", "1/3"),
        ("c.6T>C", "synonymous_variant", "p.Ala2=", "1/3"),
        ("c.7A>T", "stop_gained", "p.Lys3Ter", "1/3"),
        ("c.9del", "frameshift_variant", "p.Lys3AsnfsTer?", "1/3"),
        ("c.6_7insGTT", "inframe_insertion", "p.Ala2_Lys3insVal", "1/3"),
        ("c.4_6dup", "inframe_insertion", "p.Ala2dup", "1/3"),
        ("c.4_5insAAC", "protein_altering_variant", "p.Ala2delinsGluPro", "1/3"),
        ("c.6_7insTAA", "stop_gained&inframe_insertion", "p.Lys3Ter", "1/3"),
        ("c.4_6del", "inframe_deletion", "p.Ala2del", "1/3"),
        ("c.5_7del", "inframe_deletion", "p.Ala2_Lys3delinsGlu", "1/3"),
        ("c.9_10insT", "frameshift_variant", "p.Arg4SerfsTer2", "1/3"),
        ("c.10dup", "frameshift_variant&splice_region_variant", "p.Arg4ProfsTer2", "1/3"),
        ("c.12+1G>A", "splice_donor_variant", "", "1/2"),
        ("c.12+3A>C", "splice_donor_region_variant&intron_variant", "", "1/2"),
        ("c.12+5G>C", "splice_donor_5th_base_variant&intron_variant", "", "1/2"),
        ("c.12+7A>C", "splice_region_variant&intron_variant", "", "1/2"),
        ("c.12+9G>C", "intron_variant", "", "1/2"),
        ("c.12_12+3del", "splice_donor_variant&coding_sequence_variant&intron_variant", "", "1/3"),
        ("c.13-18T>A", "intron_variant", "", "1/2"),
        ("c.13-17T>A", "splice_polypyrimidine_tract_variant&intron_variant", "", "1/2"),
        (
            "c.13-8T>A",
            "splice_region_variant&splice_polypyrimidine_tract_variant&intron_variant",
            "",
            "1/2",
        ),
        ("c.13-2A>C", "splice_acceptor_variant", "", "1/2"),
        ("c.13G>A", "missense_variant&splice_region_variant", "p.Asp5Asn", "2/3"),
        ("c.18G>A", "stop_gained", "p.Trp6Ter", "2/3"),
        ("c.34T>C", "stop_lost", "p.Ter12GlnextTer?", "3/3"),
        ("c.36A>G", "stop_retained_variant", "p.Ter12=", "3/3"),
        ("c.31_36del", "stop_lost&inframe_deletion", "p.?", "3/3"),
        ("c.*3G>A", "3_prime_UTR_variant", "", "3/3"),
    ],
)
def test_terms_protein_and_rank(change: str, terms: str, protein: str, rank: str) -> None:
    found = told(GENE, understand(GENE, change)[1])
    entry = found.entry("T1.2")
    assert entry["hgvs_c"] == change
    assert entry["terms"] == terms
    assert entry["hgvs_p"].replace("%3D", "=") == protein
    assert entry["rank"] == rank
    assert found.columns["CONSEQUENCE"] == terms.partition("&")[0]
    assert found.columns["HGVSC"] == f"T1.2:{change}"
    assert found.columns.get("HGVSP") == (f"P1.2:{protein}" if protein else None)


@pytest.mark.parametrize(
    ("change", "terms"),
    [
        ("n.10T>A", "non_coding_transcript_exon_variant"),
        ("n.20+30A>T", "intron_variant&non_coding_transcript_variant"),
        ("n.20+2T>A", "splice_donor_variant&non_coding_transcript_variant"),
        ("n.22A>C", "splice_region_variant&non_coding_transcript_exon_variant"),
    ],
)
def test_terms_of_a_transcript_without_protein(change: str, terms: str) -> None:
    gene = NON_CODING
    entry = told(gene, understand(gene, change)[1]).entry("T1.2")
    assert (entry["hgvs_c"], entry["terms"]) == (change, terms)


def test_a_transcript_of_nonsense_mediated_decay_says_so() -> None:
    entry = told(NMD, understand(NMD, "c.6T>C")[1]).entry("T1.2")
    assert entry["terms"] == "synonymous_variant&NMD_transcript_variant"


def test_the_splice_site_is_spared_where_the_change_can_be_read_beside_it() -> None:
    # CGTgtaag: TG, taken from either end, leaves CGtaag: the exon loses GT, the donor stays.
    for way in ("c.11_12del", "c.12_12+1del", "c.12+1_12+2del"):
        found = told(GENE, understand(GENE, way)[1])
        entry = found.entry("T1.2")
        assert entry["hgvs_c"] == "c.12+1_12+2del"
        assert entry["terms"] == "frameshift_variant&splice_region_variant"


def test_a_deletion_of_all_is_an_ablation() -> None:
    model = GENE.model
    entry = told(GENE, Change(model.start - 3, model.end + 3, b"")).entry("T1.2")
    assert (entry["terms"], entry["impact"]) == ("transcript_ablation", "HIGH")
    assert entry["hgvs_c"] == ""


def test_a_deletion_over_two_exons() -> None:
    exons = GENE.model.exons
    entry = told(GENE, Change(exons[0][1] - 4, exons[1][0] + 5, b"")).entry("T1.2")
    assert entry["terms"].split("&")[:2] == ["splice_acceptor_variant", "splice_donor_variant"]
    assert (entry["rank"], entry["cdna"]) == ("1-2/3", "17-25/54")


@pytest.mark.parametrize(
    ("distance", "term"), [(1, True), (5000, True), (5001, False)], ids=["next", "far", "too far"]
)
def test_beside_a_transcript(distance: int, term: bool) -> None:
    model = GENE.model
    before, behind = model.start - distance, model.end - 1 + distance
    for at, name in ((before, "upstream_gene_variant"), (behind, "downstream_gene_variant")):
        found = told(GENE, Change(at, at + 1, b"G"))
        if term:
            assert found.columns["CONSEQUENCE"] == name
            assert found.columns["DISTANCE"] == str(distance)
        else:
            assert found.columns == {
                "CONSEQUENCE": "intergenic_variant",
                "IMPACT": "MODIFIER",
            }


@pytest.mark.parametrize(
    ("change", "codons", "residues", "protein", "cds"),
    [
        ("c.5C>A", "gCt/gAt", "A/D", "2", "5"),
        ("c.6T>C", "gcT/gcC", "A", "2", "6"),
        ("c.4_6del", "GCT/-", "A/-", "2", "4-6"),
        ("c.5_7del", "gCTAaa/gaa", "AK/E", "2-3", "5-7"),
        ("c.6_7insGTT", "-/GTT", "-/V", "2-3", "6-7"),
        ("c.9del", "aaA/aa", "K/X", "3", "9"),
    ],
)
def test_codons_as_vep_shows_them(
    change: str, codons: str, residues: str, protein: str, cds: str
) -> None:
    columns = told(GENE, understand(GENE, change)[1]).columns
    assert columns["CODONS"] == codons
    assert columns["AMINO_ACIDS"] == residues
    assert columns["PROTEIN_POSITION"] == protein
    assert columns["CDS_POSITION"] == cds


def test_what_cannot_be_told_of_an_incomplete_coding_region() -> None:
    model = replace(GENE.model, end_complete=False, coding=(CODING[0], CODING[1] - 1))
    change = Change(CODING[1] - 2, CODING[1] - 1, b"C")
    (found,) = annotate(GENE.contig, [model], [change.variant(GENE.contig)])
    entry = found.entry("T1.2")
    assert entry["terms"] == "incomplete_terminal_codon_variant&coding_sequence_variant"
    assert entry["hgvs_p"] == ""
    assert entry["notes"] == "WARNING_TRANSCRIPT_INCOMPLETE"


def test_the_first_codon_of_an_incomplete_coding_region_may_be_broken() -> None:
    first, end = CODING
    model = replace(GENE.model, start_complete=False, phase=2, coding=(first + 1, end))
    broken, whole = Change(first + 1, first + 2, b"C"), Change(first + 4, first + 5, b"A")
    variants = [change.variant(GENE.contig) for change in (broken, whole)]
    unknown, known = annotate(GENE.contig, [model], variants)
    assert unknown.entry("T1.2")["terms"] == "coding_sequence_variant"
    assert known.entry("T1.2")["hgvs_p"] == "p.Ala2Asp"


def test_bases_that_are_not_known_make_the_protein_unknown() -> None:
    at = CODING[0] + 4
    contig = GENE.contig[: at + 1] + b"N" + GENE.contig[at + 2 :]
    (found,) = annotate(contig, [GENE.model], [(at + 1, b"C", b"A")])
    entry = found.entry("T1.2")
    assert (entry["terms"], entry["hgvs_p"]) == ("coding_sequence_variant", "")
    assert found.columns["CODONS"] == "gCn/gAn"
