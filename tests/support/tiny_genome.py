"""A made-up genome of a few thousand bases with all that a recipe can name, as a mirror folder.

Two chromosomes of random bases (from a fixed seed), a tandem repeat in the first, a mitochondrial
one; a gene, known variants as VCF and as a table, regions in two layouts, gene symbols.
"""

import gzip
import random
from pathlib import Path

_random = random.Random(20130611)  # noqa: S311 - not for secrets

REPEAT_START, REPEAT = 1200, "CAG" * 20
_BACKGROUND = "".join(_random.choices("ACGT", k=3000))
# Around the repeat stand bases that do not continue it.
CHROMOSOME_1 = f"{_BACKGROUND[:1199]}T{REPEAT}T{_BACKGROUND[1261:]}"
CHROMOSOME_2 = "".join(_random.choices("ACGT", k=2000))
MITOCHONDRION = "".join(_random.choices("ACGT", k=900))
SEQUENCES = {"1": CHROMOSOME_1, "2": CHROMOSOME_2, "MT": MITOCHONDRION}

RECIPE = """\
name = "tiny"
version = "1"
description = "A made-up genome"
species = "Homo fictus"
build = "tiny1"
aliases = ["small"]
contigs = [
    { name = "1", length = 3000, aliases = ["chr1", "NC_1.1"] },
    { name = "MT", length = 900, genetic_code = 2, aliases = ["chrM"] },
]

[[sources]]
name = "Genes"
version = "1"
licence = "CC0 1.0"
commercial_use = true
attribution = "Nobody"
url = "https://genes.invalid"

[[sources]]
name = "Symbols"
version = "2"
licence = "CC0 1.0"
commercial_use = true
attribution = "Nobody"
url = "https://symbols.invalid"

[[sources]]
name = "Variants"
version = "3"
licence = "CC BY 4.0"
commercial_use = true
attribution = "Somebody"
url = "https://variants.invalid"

[[sources]]
name = "Academic"
version = "4"
licence = "not for commercial use"
commercial_use = false
attribution = "Somebody else"
url = "https://academic.invalid"

[[sources]]
name = "Big"
version = "5"
licence = "CC0 1.0"
commercial_use = true
attribution = "Nobody"
url = "https://big.invalid"
default = false

[sequence]
source = "Genes"
url = "https://genes.invalid/pub/1/genome.fa.gz"

[genes]
source = "Genes"
url = "https://genes.invalid/pub/1/genes.gff3"
keep = true

[gene_names]
source = "Symbols"
url = "https://symbols.invalid/2/symbols.tsv"

[[known]]
name = "variants"
source = "Variants"
url = "https://variants.invalid/3/variants.vcf.gz"
columns = [
    { name = "RS", type = "String", role = "id", origin = "ID", description = "Identifier" },
    { name = "KNOWN_AF", type = "Float", role = "frequency", origin = "INFO/AF", description = "Frequency" },
    { name = "STUDY_AF", type = "Float", role = "frequency", origin = "INFO/FREQ", studies = ["New", "Old"], description = "Frequency in a study" },
    { name = "SIG", type = "String", role = "significance", origin = "INFO/SIG", separator = "|", description = "Significance" },
]

[[known]]
name = "big"
source = "Big"
url = "https://big.invalid/5/{contig}.tsv"
contigs = ["1", "2"]
form = "table"
columns = [
    { name = "BIG_AC", type = "Integer", role = "count", origin = "5", description = "Count" },
]

[[regions]]
field = "BAND"
description = "Band"
source = "Genes"
url = "https://genes.invalid/pub/1/bands.txt"
dated = false
chromosome = "2"
start = "3"
end = "4"
value = "{contig}{5}"

[[regions]]
field = "TRAIT"
description = "Trait"
source = "Academic"
url = "https://academic.invalid/4/traits.tsv"
header = true
chromosome = "CHR"
start = "POS"
end = "POS"
one_based = true
value = "{DISEASE/TRAIT}"
"""

_GENES = """\
##gff-version 3
1\tx\tgene\t101\t400\t.\t+\t.\tID=gene:ENSG01;Name=OLD1;biotype=protein_coding
1\tx\tmRNA\t101\t400\t.\t+\t.\tID=transcript:ENST01;Parent=gene:ENSG01;biotype=protein_coding;version=2
1\tx\texon\t101\t200\t.\t+\t.\tParent=transcript:ENST01
1\tx\texon\t301\t400\t.\t+\t.\tParent=transcript:ENST01
1\tx\tCDS\t131\t200\t.\t+\t0\tParent=transcript:ENST01;protein_id=ENSP01
1\tx\tCDS\t301\t350\t.\t+\t2\tParent=transcript:ENST01;protein_id=ENSP01
MT\tx\tgene\t11\t90\t.\t-\t.\tID=gene:ENSG02;Name=MT-X;biotype=Mt_tRNA
MT\tx\ttranscript\t11\t90\t.\t-\t.\tID=transcript:ENST02;Parent=gene:ENSG02;biotype=Mt_tRNA
MT\tx\texon\t11\t90\t.\t-\t.\tParent=transcript:ENST02
scaffold9\tx\tgene\t1\t90\t.\t-\t.\tID=gene:ENSG03;Name=LOST;biotype=lncRNA
scaffold9\tx\ttranscript\t1\t90\t.\t-\t.\tID=transcript:ENST03;Parent=gene:ENSG03;biotype=lncRNA
scaffold9\tx\texon\t1\t90\t.\t-\t.\tParent=transcript:ENST03
"""
_SYMBOLS = """\
hgnc_id\tsymbol\tstatus\tensembl_gene_id
HGNC:1\tNEW1\tApproved\tENSG01
HGNC:2\tGONE\tEntry Withdrawn\tENSG02
"""
_VARIANTS_HEADER = """\
##fileformat=VCFv4.2
##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">
##INFO=<ID=FREQ,Number=.,Type=String,Description="Frequencies">
##INFO=<ID=SIG,Number=.,Type=String,Description="Significance">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""
_BANDS = """\
0\tchr1\t0\t1500\tp1\tgneg
0\tchr1\t1500\t3000\tq1\tgpos
0\tchrUn\t0\t10\tz\tgneg
"""
_TRAITS = """\
DISEASE/TRAIT\tCHR\tPOS
Tallness\t1\t1700
Shortness of breath\t1\t150
Nowhere\t\t
Epistasis\t1 x 2\t12 x 13
Tallness\t1\t1700
"""


def base(chromosome: str, position: int, length: int = 1) -> str:
    """Bases from a position that counts from 1."""
    return SEQUENCES[chromosome][position - 1 : position - 1 + length]


def other(reference: str, turn: int = 1) -> str:
    """Another base than the given one."""
    return "ACGT"[("ACGT".index(reference) + turn) % 4]


def variants() -> str:
    """The known variants: written as badly as a publisher may."""
    snv, last_unit = base("1", 150), REPEAT_START + len(REPEAT) - 2
    rows = [
        ("NC_1.1", 150, "rs1", snv, f"{other(snv)},{other(snv, 2)}", "AF=0.1,0.2"),
        ("NC_1.1", 160, "rs2;rs3", base("1", 160), other(base("1", 160)), "SIG=Benign|Not_good"),
        # A unit of the repeat deleted at its far end, and the same at its start.
        ("NC_1.1", REPEAT_START, "rs4", "TCAG", "T", "AF=0.25;FREQ=Old:0.6,0.4"),
        ("NC_1.1", last_unit - 1, "rs5", base("1", last_unit - 1, 4), base("1", last_unit - 1), "AF=0.5"),
        ("NC_1.1", 1600, "rs6", base("1", 1600, 3), other(base("1", 1600)) + base("1", 1601, 2), "."),
        ("NC_1.1", 1650, "rs7", base("1", 1650), "<DEL>", "."),
        ("NC_1.1", 1660, "rs8", other(base("1", 1660)), base("1", 1660), "."),
        ("unknown", 5, "rs9", "A", "C", "."),
        ("2", 7, "rs10", base("2", 7), other(base("2", 7)), "FREQ=New:.,0.3|Old:0.6,0.4"),
    ]  # fmt: skip
    lines = ("\t".join((c, str(p), i, r, a, ".", ".", info)) for c, p, i, r, a, info in rows)
    return _VARIANTS_HEADER + "".join(f"{line}\n" for line in lines)


def make_mirror(folder: Path) -> Path:
    """Write the files of the recipe, and the recipe itself (``recipe.toml``)."""
    folder.mkdir(parents=True, exist_ok=True)
    fasta = "".join(
        f">{name} made up\n{_wrapped(bases.lower())}" for name, bases in SEQUENCES.items()
    )
    (folder / "genome.fa.gz").write_bytes(gzip.compress(fasta.encode(), mtime=0))
    (folder / "variants.vcf.gz").write_bytes(gzip.compress(variants().encode(), mtime=0))
    for name, text in (
        ("genes.gff3", _GENES),
        ("symbols.tsv", _SYMBOLS),
        ("bands.txt", _BANDS),
        ("traits.tsv", _TRAITS),
        ("1.tsv", f"1\t10\t{base('1', 10)}\t{other(base('1', 10))}\t4\n"),
        ("2.tsv", f"2\t10\t{base('2', 10)}\t{other(base('2', 10))}\t5\n"),
        ("recipe.toml", RECIPE),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def _wrapped(bases: str, width: int = 70) -> str:
    return "".join(f"{bases[start : start + width]}\n" for start in range(0, len(bases), width))
