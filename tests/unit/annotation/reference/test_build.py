"""A bundle built from the made-up genome has what the recipe asks for."""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from pathlib import Path

import pysam
import pytest

from gas.annotation.genes.store import read_models
from gas.annotation.reference.building.sequence import build_sequence
from gas.annotation.reference.bundle import BundleFile, ReferenceBundle
from gas.annotation.reference.recipe import Recipe, find_recipe
from gas.domain.errors import ErrorCode, PermanentError
from tests.support.bundles import build_from
from tests.support.tiny_genome import REPEAT_START, SEQUENCES, base, other, variants


def rows(bundle: ReferenceBundle, file: BundleFile) -> list[list[str]]:
    with gzip.open(bundle.path(file), "rt") as table:
        return [line.rstrip("\n").split("\t") for line in table]


def vcf(alleles: Iterable[tuple[str, int, str, str]]) -> str:
    header, _, _ = variants().partition("NC_1.1")
    lines = (f"{c}\t{pos}\t.\t{ref}\t{alt}\t.\t.\tAF=1\n" for c, pos, ref, alt in alleles)
    return header + "".join(lines)


def snvs(*places: tuple[str, int]) -> str:
    """A VCF of single-base changes; of a contig that the genome does not have, from A to C."""
    return vcf(
        (contig, position, *((bases, other(bases)) if contig in SEQUENCES else ("A", "C")))
        for contig, position in places
        for bases in [base(contig, position) if contig in SEQUENCES else ""]
    )


def test_the_sequence_and_its_digests(built: ReferenceBundle) -> None:
    assert [contig.name for contig in built.contigs] == list(SEQUENCES)
    with pysam.FastaFile(str(built.path(built.sequence.file))) as fasta:
        for contig in built.contigs:
            bases = SEQUENCES[contig.name]
            assert fasta.fetch(contig.name) == bases
            assert contig.length == len(bases)
            digest = hashlib.sha512(bases.encode()).digest()[:24]
            assert contig.refget == "SQ." + base64.urlsafe_b64encode(digest).decode()
            assert contig.md5 == hashlib.md5(bases.encode(), usedforsecurity=False).hexdigest()


def test_the_refget_digest_is_the_standards(tmp_path: Path) -> None:
    """The example of GA4GH refget v2: the sequence ACGT."""
    (tmp_path / "in.fa").write_text(">1\nAC\nGT\n", encoding="ascii")
    (contig,) = build_sequence(tmp_path / "in.fa", tmp_path / "out.fa.gz", (), lambda _: None)
    assert contig.refget == "SQ.aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2"


def test_contigs_go_by_their_aliases_and_genetic_codes(built: ReferenceBundle) -> None:
    assert built.contig("chrM") == built.contig("MT")
    assert built.contig("chr2") is None
    assert {c.name: c.genetic_code for c in built.contigs} == {"1": 1, "2": 1, "MT": 2}


def test_genes_are_apart_by_contig_under_approved_symbols(built: ReferenceBundle) -> None:
    names = {
        contig: [model.gene_name for model in read_models(built.path(file))]
        for contig, file in built.genes.items()
    }
    assert names == {"1": ["NEW1"], "MT": ["MT-X"]}


def test_known_alleles_are_one_a_row_left_aligned_and_merged(built: ReferenceBundle) -> None:
    first, second = base("1", 150), base("2", 7)
    assert rows(built, built.known[0].file) == [
        ["1", "150", first, *sorted([other(first), other(first, 2)])[:1], "rs1", "0.1", ".", "."],
        ["1", "150", first, *sorted([other(first), other(first, 2)])[1:], "rs1", "0.2", ".", "."],
        ["1", "160", base("1", 160), other(base("1", 160)), "rs2&rs3", ".", ".", "Benign&Not_good"],
        # The same deletion, written at both ends of the repeat; of two frequencies the larger.
        ["1", str(REPEAT_START), "TCAG", "T", "rs4&rs5", "0.5", "0.4", "."],
        ["1", "1600", base("1", 1600), other(base("1", 1600)), "rs6", ".", ".", "."],
        ["2", "7", second, other(second), "rs10", ".", "0.3", "."],
    ]
    assert built.known[0].rows == 6
    assert [column.name for column in built.known_columns][-1] == "BIG_AC"


def test_a_table_of_several_files_is_one(built: ReferenceBundle) -> None:
    assert [row[::4] for row in rows(built, built.known[1].file)] == [["1", "4"], ["2", "5"]]


def test_regions_are_sorted_and_placed(built: ReferenceBundle) -> None:
    bands, traits = built.regions
    assert rows(built, bands.file) == [["1", "0", "1500", "1p1"], ["1", "1500", "3000", "1q1"]]
    assert rows(built, traits.file) == [
        ["1", "149", "150", "Shortness of breath"],
        ["1", "1699", "1700", "Tallness"],
    ]


def test_the_indexes_find_what_is_there(built: ReferenceBundle) -> None:
    with pysam.TabixFile(str(built.path(built.known[0].file))) as table:
        assert [row.split("\t")[4] for row in table.fetch("1", 1599, 1600)] == ["rs6"]
    with pysam.TabixFile(str(built.path(built.regions[0].file))) as track:
        assert [row.split("\t")[3] for row in track.fetch("1", 1499, 1501)] == ["1p1", "1q1"]


def test_the_manifest_names_every_file_and_its_sources(built: ReferenceBundle) -> None:
    names = {source.name for source in built.sources}
    files = {file.path for file in built.all_files()}
    there = {
        str(path.relative_to(built.directory))
        for path in built.directory.rglob("[!.]*")
        if path.is_file()
    }
    assert files == there - {"bundle.json"}
    assert all(set(file.sources) <= names for file in built.all_files())
    (fetched,) = next(source.fetched for source in built.sources if source.name == "Variants")
    assert fetched.url == "https://variants.invalid/3/variants.vcf.gz"


def test_regions_of_another_assembly_are_carried_over(
    recipe: Recipe, mirror: Path, tmp_path: Path
) -> None:
    (mirror / "old.chain").write_text("chain 1 chr1 3000 + 1500 3000 1 3000 + 500 2000 1\n1500\n\n")
    (track,) = recipe.regions
    lifted = track.model_copy(update={"lift": "https://genes.invalid/old.chain"})
    bundle = build_from(recipe.model_copy(update={"regions": (lifted,)}), mirror, tmp_path / "out")
    assert rows(bundle, bundle.regions[0].file) == [["1", "500", "2000", "1q1"]]
    (fetched, *_) = [f for s in bundle.sources for f in s.fetched if f.url == lifted.lift]
    assert fetched.size > 0


def test_the_same_sources_give_the_same_bytes(recipe: Recipe, mirror: Path, tmp_path: Path) -> None:
    first, second = (build_from(recipe, mirror, tmp_path / name) for name in "ab")
    assert [f.sha256 for f in first.all_files()] == [f.sha256 for f in second.all_files()]


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("genome.fa.gz", ">1\nACGT\n", "no sequence MT|length 4, not 3000"),
        ("genome.fa.gz", "ACGT\n", "not FASTA"),
        ("variants.vcf.gz", "1\t1\t.\tA\tC\t.\t.\t.\n", "not a VCF with a header"),
        (
            "variants.vcf.gz",
            variants().replace("##INFO=<ID=SIG", "##X=<ID=SIG"),
            "declare INFO SIG",
        ),
        ("variants.vcf.gz", snvs(("1", 170), ("1", 160)), "not sorted, at position 160"),
        ("variants.vcf.gz", snvs(("1", 9), ("2", 9), ("1", 10)), "rows of 1 do not stand together"),
        ("variants.vcf.gz", variants().replace("AF=0.1,0.2", "AF=0.1,high"), "'high' is no number"),
        ("variants.vcf.gz", variants().replace("AF=0.5", "AF=half"), "'half' is no number"),
        ("variants.vcf.gz", snvs(("3", 9)), "none of its alleles"),
        ("bands.txt", "0\tchr1\tzero\t10\tp1\n", "line 1 is no region"),
        ("bands.txt", "0\tchr9\t0\t10\tp1\n", "none of its regions"),
        ("symbols.tsv", "symbol\nX\n", "not HGNC's table"),
        ("genes.gff3", "##gff-version 3\n", "none of its genes"),
    ],
)
def test_a_source_that_is_not_what_it_should_be_is_named(
    recipe: Recipe, mirror: Path, tmp_path: Path, file: str, content: str, says: str
) -> None:
    (mirror / file).write_text(content, encoding="ascii")
    with pytest.raises(PermanentError, match=says) as caught:
        build_from(recipe, mirror, tmp_path / "out")
    assert caught.value.code is ErrorCode.REFERENCE_DAMAGED
    assert file in caught.value.message


def test_variants_of_another_genome_are_refused(
    recipe: Recipe, mirror: Path, tmp_path: Path
) -> None:
    swapped = [
        ("1", position, other(base("1", position)), base("1", position))
        for position in range(200, 400)
    ]
    (mirror / "variants.vcf.gz").write_text(vcf(swapped), encoding="ascii")
    with pytest.raises(PermanentError, match="not that of the genome"):
        build_from(recipe, mirror, tmp_path / "out")


def test_a_source_cut_off_is_refused(recipe: Recipe, mirror: Path, tmp_path: Path) -> None:
    whole = (mirror / "variants.vcf.gz").read_bytes()
    (mirror / "variants.vcf.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PermanentError, match=r"variants\.vcf\.gz cannot be used"):
        build_from(recipe, mirror, tmp_path / "out")


def test_sources_are_chosen(mirror: Path) -> None:
    recipe = find_recipe(str(mirror / "recipe.toml"))

    def sources(chosen: Recipe) -> set[str]:
        return {source.name for source in chosen.sources}

    default = recipe.selected()
    assert sources(default) == {"Genes", "Symbols", "Variants"}
    assert [known.name for known in default.known] == ["variants"]
    assert [track.field for track in default.regions] == ["BAND"]
    assert sources(recipe.selected(noncommercial=True)) == sources(default) | {"Academic"}
    assert sources(recipe.selected(extra=("Big",))) == sources(default) | {"Big"}
    without = recipe.selected(without=("Symbols",))
    assert (sources(without), without.gene_names) == ({"Genes", "Variants"}, None)
    chosen: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
        (("None",), ()),
        ((), ("None",)),
        ((), ("Genes",)),
    ]
    for extra, left_out in chosen:
        with pytest.raises(PermanentError) as caught:
            recipe.selected(extra=extra, without=left_out)
        assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
