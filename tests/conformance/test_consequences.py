"""Consequences against MITOMAP's amino-acid changes, bcftools csq, and what Ensembl VEP prints.

docs/consequences.md explains the differences that are counted here.
"""

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from gas.annotation.genes.gff3 import read_gff3
from gas.annotation.genes.model import Transcript
from tests.unit.annotation.effects.annotated import Annotated, Variant, annotate
from tests.unit.annotation.effects.genome import THREE

_BATCH = 10_000  # alleles at once, to spare memory
_CHANGE = re.compile(
    r"(?:(?P<gene>\w+)::?)?(?P<before>[A-Z*]|Term)(?:-|\d+)(?P<after>[A-Z*]|Term)", re.IGNORECASE
)
_HGVS = re.compile(r"p\.([A-Z][a-z]{2})(\d+)(?:(=)|([A-Z][a-z]{2})(?:extTer\?)?)")


def _models(path: Path, contig: str) -> list[Transcript]:
    return dict(read_gff3(path))[contig]


def _annotated(
    contig: bytes, models: list[Transcript], variants: list[Variant], mitochondrial: bool = False
) -> Iterator[Annotated]:
    for start in range(0, len(variants), _BATCH):
        yield from annotate(contig, models, variants[start : start + _BATCH], mitochondrial)


# ── MITOMAP ──────────────────────────────────────────────────────────────────────────────────────

# MITOMAP names the residue of the new codon where a start codon changes. We say what becomes of the
# start: lost, or kept where the new codon starts a protein too (NCBI's genetic code 2).
_START_CODONS = {
    "start_lost": "p.Met1?",
    "start_retained_variant": "p.Met1=",
}
# Where MITOMAP's own alleles bear us out: ACA to TCA is Thr to Ser, TCC to TGC is Ser to Cys.
_SLIPS = {
    (8563, "T", "MT-ATP6"): "p.Thr13Ser",
    (8568, "G", "MT-ATP8"): "p.Ser68Cys",
}
# The T that the poly(A) tail makes a stop (TAA): C makes it Gln. MITOMAP reads on in the genome.
_POLY_A = {(15887, "C"): "p.Ter381GlnextTer?"}


def _changes(text: str, locus: str) -> Iterator[tuple[str, str, str]]:
    """(gene, residue before, after) of MITOMAP's ``F-L``, ``W113*``, ``ATP8:S-Y, ATP6:I-M``."""
    for piece in re.split(r"[,\s]+", text):
        match = _CHANGE.fullmatch(piece)
        if match:
            before, after = (
                "*" if match[name].upper() == "TERM" else match[name].upper()
                for name in ("before", "after")
            )
            yield f"MT-{match['gene']}" if match["gene"] else locus, before, after


def _agrees(description: str, before: str, after: str) -> bool:
    match = _HGVS.fullmatch(description)
    return bool(match and match[1] == THREE[before] and (match[4] or match[1]) == THREE[after])


def test_every_amino_acid_change_of_mitomap(refdata: Path) -> None:
    lines = (refdata / "mt/MT.fa").read_text().splitlines()[1:]
    contig = "".join(lines).upper().encode()
    models = _models(refdata / "mt/MT.gff3", "MT")
    with gzip.open(refdata / "mt/mitomap_aa_expected.tsv.gz", "rt") as stream:
        rows = [line.rstrip("\n").split("\t") for line in stream][1:]
    alleles = sorted({(int(row[0]), row[1].encode(), row[2].encode()) for row in rows})
    found = dict(zip(alleles, _annotated(contig, models, alleles, True), strict=True))
    counts: Counter[str] = Counter()
    for position, reference, alternate, locus, _, _, text in rows:
        told = found[int(position), reference.encode(), alternate.encode()]
        changes = list(_changes(text, locus))
        if not changes:
            counts[text if text in {"rRNA", "tRNA", "non-coding"} else "other"] += 1
            continue
        for gene, before, after in changes:
            (entry,) = [part for part in told.entries if part["gene"] == gene and part["cdna"]]
            description = entry["hgvs_p"].replace("%3D", "=")
            if _agrees(description, before, after):
                counts["agrees"] += 1
            elif _START_CODONS.get(entry["terms"]) == description:
                assert before == "M"
                counts["start codon"] += 1
            elif _POLY_A.get((int(position), alternate)) == description:
                counts["poly(A) stop"] += 1
            else:
                assert _SLIPS[int(position), alternate, gene] == description, (entry, text)
                counts["slip"] += 1
    assert counts == {
        "agrees": 11496,
        "start codon": 17,
        "poly(A) stop": 1,
        "slip": 4,
        "rRNA": 2420,
        "tRNA": 1276,
        "non-coding": 132,
    }


# ── bcftools csq ─────────────────────────────────────────────────────────────────────────────────

_CSQ_TERMS = {
    "missense": "missense_variant",
    "synonymous": "synonymous_variant",
    "frameshift": "frameshift_variant",
    "splice_acceptor": "splice_acceptor_variant",
    "splice_donor": "splice_donor_variant",
    "splice_region": "splice_region_variant",
    "5_prime_utr": "5_prime_UTR_variant",
    "3_prime_utr": "3_prime_UTR_variant",
    "intron": "intron_variant",
    "stop_retained": "stop_retained_variant",
    "start_retained": "start_retained_variant",
    "coding_sequence": "coding_sequence_variant",
    "NMD_transcript": "NMD_transcript_variant",
}
_CSQ_ONLY = {"feature_elongation", "feature_truncation"}
_FINER = {"splice_donor_region_variant", "splice_donor_5th_base_variant"}


def _in_csq_words(terms: set[str]) -> set[str]:
    """Our terms as csq would say it.

    It has one word for all that is near a splice site, and says intron only of what is not.
    """
    words = terms - _FINER - {"splice_polypyrimidine_tract_variant"}
    if terms & _FINER:
        words.add("splice_region_variant")
    near = {"splice_region_variant", "splice_donor_variant", "splice_acceptor_variant"}
    return words - {"intron_variant"} if words & near else words


def _difference(variant: Variant, ours: dict[str, str] | None, theirs: set[str]) -> str:
    """The reason for which our terms are not csq's; empty where they are the same."""
    if ours is None:
        return "no exons in the GFF3"
    terms = _in_csq_words(set(ours["terms"].split("&")))
    if terms == theirs:
        return ""
    differ = terms ^ theirs
    near = {"splice_region_variant", "intron_variant"}
    shifted = "frameshift_variant" in terms
    over_end = {"stop_retained_variant", "coding_sequence_variant"}
    at_acceptor = "splice_acceptor_variant" in theirs and ours["hgvs_c"].endswith("-1dup")
    reasons = {
        "delins within an intron": bool(theirs & _CSQ_ONLY) and "intron_variant" in terms,
        "splice region, judged left-aligned": differ <= near and len(variant[1]) != len(variant[2]),
        "the new frame's stop": shifted and differ == {"stop_gained"},
        "the frame is lost over the stop": shifted and differ == {"stop_lost"},
        "deletion over the end of the coding region": differ == over_end,
        "insertion between intron and exon": shifted and at_acceptor,
    }
    found = [reason for reason, holds in reasons.items() if holds]
    assert len(found) == 1, f"{variant}: {sorted(terms)} is not {sorted(theirs)}"
    return found[0]


def _csq(refdata: Path, folder: Path) -> Iterator[tuple[Variant, dict[str, set[str]]]]:
    """Each biallelic, left-aligned allele of dbSNP -> csq's terms by transcript."""
    data = refdata / "chr21"
    split, aligned, called = (folder / f"{name}.vcf" for name in ("split", "aligned", "called"))
    with gzip.open(data / "dbsnp149.vcf.gz", "rt") as source, split.open("w") as target:
        target.write("##fileformat=VCFv4.2\n##contig=<ID=21,length=46709983>\n")
        target.write("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n")
        for line in source:
            if not line.startswith("#"):
                chromosome, position, _, reference, alternates = line.split("\t")[:5]
                for one in alternates.split(","):
                    target.write(f"{chromosome}\t{position}\t.\t{reference}\t{one}\t.\t.\t.\n")
    genome, genes = str(data / "chr21.fa.gz"), str(data / "chr21.gff3.gz")
    pysam.bcftools.norm("-f", genome, "-o", str(aligned), str(split), catch_stdout=False)
    pysam.bcftools.csq(
        *("-l", "-p", "m", "--force", "-n", "64", "-f", genome, "-g", genes),
        *("-o", str(called), str(aligned)),
        catch_stdout=False,
    )
    for line in called.read_text().splitlines():
        if line.startswith("#"):
            continue
        _, position, _, reference, alternate, _, _, info = line.rstrip("\n").split("\t")
        terms: defaultdict[str, set[str]] = defaultdict(set, {"": set()})
        for call in info.removeprefix("BCSQ=").split(",") if info != "." else []:
            words, _, transcript = call.split("|")[:3]
            terms[transcript] |= {_CSQ_TERMS.get(word, word) for word in words.split("&")}
        del terms[""]  # transcripts without a protein have no name in BCSQ
        yield (int(position), reference.encode(), alternate.encode()), terms


@pytest.fixture(scope="module")
def chr21(refdata: Path) -> tuple[bytes, list[Transcript]]:
    with pysam.FastaFile(str(refdata / "chr21/chr21.fa.gz")) as genome:
        contig = genome.fetch("21").upper().encode()
    return contig, _models(refdata / "chr21/chr21.gff3.gz", "21")


def test_bcftools_csq_says_the_same_but_for_listed_reasons(
    refdata: Path, tmp_path: Path, chr21: tuple[bytes, list[Transcript]]
) -> None:
    contig, models = chr21
    called = list(_csq(refdata, tmp_path))
    variants = [variant for variant, _ in called]
    counts: Counter[str] = Counter()
    for (variant, theirs), told in zip(called, _annotated(contig, models, variants), strict=True):
        ours = {entry["transcript"].partition(".")[0]: entry for entry in told.entries}
        for transcript, terms in theirs.items():
            counts[_difference(variant, ours.get(transcript), terms)] += 1
    assert counts == {
        "": 8695,
        "delins within an intron": 116,
        "the new frame's stop": 5,
        "no exons in the GFF3": 4,
        "insertion between intron and exon": 4,
        "the frame is lost over the stop": 2,
        "splice region, judged left-aligned": 2,
        "deletion over the end of the coding region": 1,
    }


# ── Ensembl VEP ──────────────────────────────────────────────────────────────────────────────────

# What VEP's own test suite expects for the genes of the same slice (Ensembl/ensembl-vep, t/).
_VEP: list[tuple[Variant, str, dict[str, str]]] = [
    (
        (25585733, b"C", b"T"),
        "ENST00000307301.11",
        {"terms": "3_prime_UTR_variant", "cdna": "1122/1199", "hgvs_c": "c.*18G>A"},
    ),
    (
        (25585733, b"C", b"T"),
        "ENST00000352957.8",
        {
            "terms": "missense_variant",
            "impact": "MODERATE",
            "cdna": "1033/1110",
            "cds": "991/1017",
            "protein": "331/338",
            "hgvs_c": "c.991G>A",
            "hgvs_p": "p.Ala331Thr",
        },
    ),
    (
        (25585733, b"C", b"T"),
        "ENST00000567517.1",
        {"terms": "upstream_gene_variant", "impact": "MODIFIER", "distance": "2407"},
    ),
    (
        (25587758, b"G", b"A"),
        "ENST00000307301.11",
        {
            "terms": "missense_variant",
            "cdna": "1043/1199",
            "cds": "1001/1062",
            "protein": "334/353",
        },
    ),
    ((25587758, b"G", b"A"), "ENST00000352957.8", {"terms": "intron_variant"}),
    (
        (25587758, b"G", b"A"),
        "ENST00000567517.1",
        {"terms": "upstream_gene_variant", "distance": "4432"},
    ),
]


@pytest.mark.parametrize(("variant", "transcript", "expected"), _VEP)
def test_vep_says_the_same(
    chr21: tuple[bytes, list[Transcript]],
    variant: Variant,
    transcript: str,
    expected: dict[str, str],
) -> None:
    (told,) = annotate(*chr21, [variant])
    entry = told.entry(transcript)
    assert {part: entry[part] for part in expected} == expected


def test_every_record_of_veps_example_input_changes_or_keeps_a_residue(
    refdata: Path, chr21: tuple[bytes, list[Transcript]]
) -> None:
    variants: list[Variant] = []
    for line in (refdata / "chr21/vep_input_132.vcf").read_text().splitlines():
        if line.startswith("21\t"):
            _, position, _, reference, alternate = line.split("\t")[:5]
            variants.append((int(position), reference.encode(), alternate.encode()))
    told = _annotated(*chr21, variants)
    assert Counter(found.columns["CONSEQUENCE"] for found in told) == {
        "missense_variant": 83,
        "synonymous_variant": 48,
        "start_lost": 1,
    }
