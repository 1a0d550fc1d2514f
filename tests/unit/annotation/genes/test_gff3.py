"""Gene models from GFF3: what Ensembl and GENCODE write, and what is refused."""

import gzip
from pathlib import Path

import pytest

from gas.annotation.genes.gff3 import read_gff3
from gas.annotation.genes.model import Mane, Transcript
from gas.domain.errors import ErrorCode, PermanentError

GENE = "ID=gene:ENSG1;Name=ABC;biotype=protein_coding;gene_id=ENSG1;version=3"
RNA = "ID=transcript:ENST1;Parent=gene:ENSG1;biotype=protein_coding;transcript_id=ENST1;version=7"
TAGS = "tag=basic,Ensembl_canonical,MANE_Select"
IN_RNA = "Parent=transcript:ENST1"
CDS = f"{IN_RNA};ID=CDS:ENSP1;protein_id=ENSP1;version=2"


def row(
    kind: str,
    start: int,
    end: int,
    attributes: str,
    *,
    strand: str = "+",
    phase: str = ".",
    contig: str = "21",
) -> str:
    return "\t".join((contig, "src", kind, str(start), str(end), ".", strand, phase, attributes))


CODING = (
    row("gene", 101, 500, GENE),
    row("mRNA", 101, 500, f"{RNA};{TAGS}"),
    row("exon", 101, 200, IN_RNA),
    row("exon", 301, 500, IN_RNA),
    row("CDS", 151, 200, CDS, phase="0"),
    row("CDS", 301, 310, CDS, phase="1"),
)
MODEL = Transcript(
    id="ENST1.7",
    gene_id="ENSG1",
    gene_name="ABC",
    biotype="protein_coding",
    strand=1,
    start=100,
    end=500,
    exons=((100, 200), (300, 500)),
    coding=(150, 310),
    protein_id="ENSP1.2",
    canonical=True,
    mane=Mane.SELECT,
)


def read(folder: Path, *rows: str) -> dict[str, list[Transcript]]:
    path = folder / "genes.gff3"
    path.write_text("\n".join(("##gff-version 3", *rows)) + "\n")
    return dict(read_gff3(path))


def only(models: dict[str, list[Transcript]]) -> Transcript:
    ((model,),) = models.values()
    return model


def test_a_coding_transcript(tmp_path: Path) -> None:
    assert read(tmp_path, *CODING) == {"21": [MODEL]}


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    assert read(tmp_path, *reversed(CODING)) == {"21": [MODEL]}


def test_a_gzipped_file_with_comments_and_sequences_at_its_end(tmp_path: Path) -> None:
    text = "\n".join(("##gff-version 3", *CODING, "###", "", "##FASTA", ">21", "ACGT"))
    path = tmp_path / "genes.gff3.gz"
    path.write_bytes(gzip.compress(text.encode()))
    assert dict(read_gff3(path)) == {"21": [MODEL]}


def test_a_reverse_transcript_has_its_phase_at_the_other_end(tmp_path: Path) -> None:
    model = only(
        read(
            tmp_path,
            row("gene", 101, 500, GENE, strand="-"),
            row("mRNA", 101, 500, RNA, strand="-"),
            row("exon", 101, 200, IN_RNA, strand="-"),
            row("exon", 301, 500, IN_RNA, strand="-"),
            row("CDS", 151, 200, CDS, strand="-", phase="1"),
            row("CDS", 301, 500, CDS, strand="-", phase="2"),
        )
    )
    assert (model.strand, model.phase, model.coding) == (-1, 2, (150, 500))
    assert (model.start_complete, model.end_complete) == (False, True)


@pytest.mark.parametrize("kind", ["lincRNA", "tRNA", "transcript", "pseudogenic_transcript"])
def test_a_transcript_may_have_any_type(tmp_path: Path, kind: str) -> None:
    model = only(
        read(
            tmp_path,
            row("ncRNA_gene", 1, 90, "ID=gene:G;biotype=x"),
            row(kind, 1, 90, "ID=transcript:T;Parent=gene:G"),
            row("exon", 1, 90, "Parent=transcript:T;Name=E"),
        )
    )
    assert (model.id, model.gene_id, model.gene_name, model.biotype) == ("T", "G", "G", kind)
    assert (model.coding, model.protein_id, model.start_complete) == (None, "", True)


def test_attributes_as_gencode_writes_them(tmp_path: Path) -> None:
    common = "gene_id=ENSG1.3;gene_name=A%2CB;transcript_id=ENST1.7;transcript_type=nonstop_decay"
    model = only(
        read(
            tmp_path,
            row("gene", 1, 90, f"ID=ENSG1.3;{common}", contig="chr1"),
            row("transcript", 1, 90, f"ID=ENST1.7;Parent=ENSG1.3;{common};"
                "tag=MANE_Plus_Clinical,cds_start_NF,cds_end_NF", contig="chr1"),
            row("exon", 1, 90, f"ID=exon:ENST1.7:1;Parent=ENST1.7;{common}", contig="chr1"),
            row("CDS", 4, 87, f"ID=CDS:ENST1.7;Parent=ENST1.7;{common};protein_id=ENSP1.2",
                phase="0", contig="chr1"),
            row("stop_codon", 88, 90, f"Parent=ENST1.7;{common}", phase="0", contig="chr1"),
            row("five_prime_UTR", 1, 3, f"ID=UTR5:ENST1.7;Parent=ENST1.7;{common}", contig="chr1"),
        )
    )  # fmt: skip
    assert (model.id, model.gene_id, model.gene_name) == ("ENST1.7", "ENSG1.3", "A,B")
    assert (model.biotype, model.protein_id, model.mane) == (
        "nonstop_decay", "ENSP1.2", Mane.PLUS_CLINICAL
    )  # fmt: skip
    assert model.coding == (3, 90)
    assert not model.start_complete
    assert not model.end_complete
    assert not model.canonical


def test_an_exon_may_belong_to_several_transcripts(tmp_path: Path) -> None:
    models = read(
        tmp_path,
        row("gene", 1, 90, "ID=g"),
        row("mRNA", 1, 90, "ID=b;Parent=g"),
        row("mRNA", 1, 90, "ID=a;Parent=g"),
        row("mRNA", 1, 40, "ID=z;Parent=g"),
        row("exon", 1, 40, "Parent=a,b,z"),
        row("exon", 61, 90, "Parent=a,b"),
    )
    assert [(model.id, len(model.exons)) for model in models["21"]] == [
        ("z", 1), ("a", 2), ("b", 2)
    ]  # fmt: skip


def test_a_coding_region_without_exons_is_one(tmp_path: Path) -> None:
    rows = (row("gene", 1, 9, "ID=g"), row("CDS", 1, 9, "ID=c;Parent=g", phase="0"))
    model = only(read(tmp_path, *rows))
    assert (model.id, model.exons, model.coding) == ("g", ((0, 9),), (0, 9))


@pytest.mark.parametrize(
    ("contig", "last_exon", "complete"),
    [("21", 309, False), ("21", 500, True), ("MT", 309, True)],
)
def test_an_incomplete_last_codon(
    tmp_path: Path, contig: str, last_exon: int, complete: bool
) -> None:
    """At the end of a transcript its true end is not known, but in mitochondria."""
    model = only(
        read(
            tmp_path,
            row("gene", 101, 500, GENE, contig=contig),
            row("mRNA", 101, 500, RNA, contig=contig),
            row("exon", 101, last_exon, IN_RNA, contig=contig),
            row("CDS", 201, 309, CDS, phase="0", contig=contig),
        )
    )
    assert model.end_complete is complete


def test_contigs_come_one_by_one_and_those_without_transcripts_not_at_all(tmp_path: Path) -> None:
    models = read(
        tmp_path,
        row("chromosome", 1, 900, "ID=chromosome:1", contig="1"),
        row("biological_region", 1, 900, "logic_name=cpg", contig="1"),
        *CODING,
        *(line.replace("21\t", "22\t", 1) for line in CODING),
    )
    assert list(models) == ["21", "22"]


@pytest.mark.parametrize(
    ("rows", "line", "what"),
    [
        pytest.param(("21\tsrc\tgene",), 2, "9 columns", id="columns"),
        pytest.param((row("gene", 9, 8, "ID=g"),), 2, "9 to 8 is no range", id="backwards"),
        pytest.param((row("gene", 0, 8, "ID=g"),), 2, "0 to 8 is no range", id="position 0"),
        pytest.param((row("CDS", 1, 8, "Parent=g"),), 2, "'.' is no phase", id="no phase"),
        pytest.param((row("exon", 1, 8, "Name=e"),), 2, "has no Parent", id="exon of nothing"),
        pytest.param((row("exon", 1, 8, "Parent=t"),), 2, "no row of 21 has the ID t", id="no RNA"),
        pytest.param(CODING[1:], 2, "no row of 21 has the ID gene:ENSG1", id="no gene"),
        pytest.param((*CODING, CODING[1]), 8, "there a second time", id="the same ID twice"),
        pytest.param((*CODING, row("exon", 190, 210, IN_RNA)), 8, "overlaps", id="overlap"),
        pytest.param((*CODING, row("exon", 501, 510, IN_RNA)), 8, "within its", id="outside"),
        pytest.param((*CODING, row("exon", 250, 260, IN_RNA, strand="-")), 8, "strand", id="mixed"),
        pytest.param((*CODING, row("CDS", 250, 260, CDS, phase="0")), None, None, id="inner CDS"),
        pytest.param((*CODING[:-1], row("CDS", 205, 210, CDS, phase="0")), 7, "not within an exon",
                     id="CDS outside exons"),
        pytest.param((row("mRNA", 1, 9, "ID=t", strand="."), row("exon", 1, 9, "Parent=t")), 2,
                     "needs a strand", id="no strand"),
        pytest.param((row("mRNA", 1, 9, "ID=a;Parent=b"), row("mRNA", 1, 9, "ID=b;Parent=a"),
                      row("exon", 1, 9, "Parent=a")), 2, "its own ancestor", id="circle"),
        pytest.param((*CODING, row("gene", 1, 9, "ID=g", contig="1"), CODING[0]), 9,
                     "do not stand together", id="contig comes back"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, rows: tuple[str, ...], line: int | None, what: str | None
) -> None:
    if what is None:  # exotic, but harmless: it lies between coding parts
        assert only(read(tmp_path, *rows)) == MODEL
        return
    with pytest.raises(PermanentError, match=what) as refused:
        read(tmp_path, *rows)
    assert f"line {line}:" in refused.value.message
    assert refused.value.code == ErrorCode.REFERENCE_DAMAGED


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (gzip.compress(b"21\t" * 100)[:-9], "compressed data is damaged"),
        (b"##gff-version 3\n21\t\xff\n", "not UTF-8"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "genes.gff3"
    path.write_bytes(content)
    with pytest.raises(PermanentError, match=what):
        list(read_gff3(path))
