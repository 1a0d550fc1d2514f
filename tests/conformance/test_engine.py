"""The engine on real and on odd input, against what others say of the same variants."""

import gzip
import re
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from gas.annotation import ANNOTATED_VCF, AnnotationResult, Limits, annotate, load_bundle
from gas.domain.errors import ErrorCode, PermanentError
from tests.support.bundles import build_chr21
from tests.unit.annotation.effects.genome import ONE

_LIMITS = Limits()
_CHANGE = re.compile(r"p\.([A-Z][a-z]{2})(\d+)([A-Z][a-z]{2}|%3D)")


async def annotated(source: Path, out_dir: Path) -> AnnotationResult:
    return await annotate(source, out_dir, load_bundle("rCRS"), limits=_LIMITS)


@pytest.mark.parametrize(
    ("name", "records", "alleles", "in_genes"),
    [("test", 350, 359, 268), ("free_1", 1141, 1172, 948)],
)
async def test_anntools_samples(
    refdata: Path, tmp_path: Path, name: str, records: int, alleles: int, in_genes: int
) -> None:
    """Samples that earlier versions of this system ran."""
    source = refdata / "anntools" / f"{name}.vcf"
    made = await annotated(source, tmp_path)
    summary = made.summary
    assert (summary.records, summary.alleles) == (records, alleles)
    # No place of this genome is further than 5,000 bases from a gene.
    assert summary.with_consequence == summary.annotated_alleles
    beside = ("upstream_gene_variant", "downstream_gene_variant")
    assert alleles - sum(summary.consequences.get(term, 0) for term in beside) == in_genes
    assert summary.known == _known(source, tmp_path)


def _known(source: Path, folder: Path) -> int:
    """The alleles of ``source`` that the bundle's table has, in the form bcftools norm gives them."""
    bundle = load_bundle("rCRS")
    with gzip.open(bundle.path(bundle.known[0].file), "rt", encoding="utf-8") as rows:
        table = {tuple(row.split("\t")[1:4]) for row in rows}
    declared = folder / "declared.vcf"
    text = source.read_text(encoding="ascii")
    declared.write_text(text.replace("#CHROM", "##contig=<ID=MT>\n#CHROM", 1), encoding="ascii")
    split = folder / "split.vcf"
    pysam.bcftools.norm(
        *("-m", "-any", "-f", str(bundle.path(bundle.sequence.file)), "-o", str(split)),
        str(declared),
        catch_stdout=False,
    )
    lines = split.read_text(encoding="utf-8").splitlines()
    columns = [line.split("\t") for line in lines if not line.startswith("#")]
    return sum((position, ref, alt) in table for _, position, _, ref, alt, *_ in columns)


@pytest.mark.parametrize(
    ("name", "code", "says"),
    [
        ("free_2", ErrorCode.UNKNOWN_CONTIG, "the file's are: Y."),
        ("premium_1", ErrorCode.UNKNOWN_CONTIG, "the file's are: 1, 2, 3, 4, 5, …."),
        ("premium_3", ErrorCode.MALFORMED_VCF, "Line 1: this is VCF version 3.3"),
    ],
)
async def test_samples_of_another_genome_are_refused(
    refdata: Path, tmp_path: Path, name: str, code: ErrorCode, says: str
) -> None:
    """They were called against NCBI36."""
    with pytest.raises(PermanentError) as caught:
        await annotated(refdata / "anntools" / f"{name}.vcf", tmp_path)
    assert caught.value.code is code
    assert says in caught.value.message


async def test_the_same_chromosome_of_another_build_is_refused(
    refdata: Path, tmp_path: Path
) -> None:
    """Between builds places move, here by a thousand bases; three of four REF differ then."""
    bundle = build_chr21(refdata, tmp_path / "chr21")
    with gzip.open(refdata / "chr21" / "dbsnp149.vcf.gz", "rt", encoding="ascii") as lines:
        rows = [line.split("\t") for line in lines if not line.startswith("#")][:2000]
    moved = [
        "\t".join([contig, str(int(position) + 1000), *rest]) for contig, position, *rest in rows
    ]
    source = tmp_path / "moved.vcf"
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    source.write_text(header + "".join(moved), encoding="ascii")
    with pytest.raises(PermanentError, match=r"^The REF of 1,\d+ of 2,000 records") as caught:
        await annotate(source, tmp_path / "out", bundle, limits=_LIMITS)
    assert caught.value.code is ErrorCode.REFERENCE_MISMATCH
    # Where most of it fits, what does not is kept and counted.
    right = ["\t".join(row) for row in rows]
    source.write_text(header + "".join(right[:1500] + moved[:400]), encoding="ascii")
    made = await annotate(source, tmp_path / "out", bundle, limits=_LIMITS)
    assert made.summary.records == 1900
    assert 200 < made.summary.skipped["reference_mismatch"] < 400


async def test_amino_acid_changes_are_those_of_mitomap(refdata: Path, tmp_path: Path) -> None:
    """All of them, but for start codons: of those HGVS says ``p.M1?``, MITOMAP a residue."""
    expected = _mitomap(refdata)
    source = tmp_path / "mitomap.vcf"
    rows = "".join(f"MT\t{pos}\t.\t{ref}\t{alt}\t.\t.\t.\n" for pos, ref, alt in sorted(expected))
    header = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    source.write_text(header + rows, encoding="ascii")
    made = await annotated(source, tmp_path / "result")
    called = _called(made.files[ANNOTATED_VCF].path)
    beyond_start = {allele: change for allele, change in expected.items() if change[1] > 1}
    differing = {a: c for a, c in beyond_start.items() if c not in called.get(a, set())}
    assert len(beyond_start) > 11_000
    assert differing == {}


async def test_odd_input_gives_a_result_or_a_reason(refdata: Path, tmp_path: Path) -> None:
    """Never a crash, a hang, or an engine error; and a result has every record of the input."""
    inputs = sorted((refdata / "bad").iterdir())
    assert len(inputs) >= 45
    for source in inputs:
        out_dir = tmp_path / source.name
        refusal, records = await _outcome(source, out_dir)
        if refusal is None:
            assert records == _records(out_dir / ANNOTATED_VCF) > 0, source.name
        else:
            assert refusal.message.endswith("."), source.name
            assert list(out_dir.iterdir()) == [], source.name


async def _outcome(source: Path, out_dir: Path) -> tuple[PermanentError | None, int]:
    """A refusal, or the number of records in the result."""
    try:
        made = await annotated(source, out_dir)
    except PermanentError as refusal:
        return refusal, 0
    return None, made.summary.records


def _mitomap(refdata: Path) -> dict[tuple[int, str, str], tuple[str, int, str, str]]:
    """Gene, codon and residues of every substitution that MITOMAP gives just one of."""
    expected = {}
    with gzip.open(refdata / "mt" / "mitomap_aa_expected.tsv.gz", "rt") as table:
        next(table)
        for line in table:
            pos, ref, alt, gene, codon, _, change = line.rstrip("\n").split("\t")
            if re.fullmatch(r"[A-Z]-[A-Z]", change) and codon.isdecimal():
                before, after = change.split("-")
                expected[int(pos), ref, alt] = (gene, int(codon), before, after)
    return expected


def _called(path: Path) -> dict[tuple[int, str, str], set[tuple[str, int, str, str]]]:
    called: dict[tuple[int, str, str], set[tuple[str, int, str, str]]] = {}
    with pysam.VariantFile(str(path)) as vcf:
        for record in vcf:
            assert record.ref
            for entry in record.info["ANN"]:
                alternate, _, _, gene, *_, change = entry.split("|")[:11]
                if found := _CHANGE.fullmatch(change):
                    before, codon, after = found.groups()
                    after = before if after == "%3D" else after
                    called.setdefault((record.pos, record.ref, alternate), set()).add(
                        (gene, int(codon), ONE[before], ONE[after])
                    )
    return called


def _records(path: Path) -> int:
    with gzip.open(path, "rt", errors="replace") as vcf:
        return sum(not line.startswith("#") for line in vcf)
