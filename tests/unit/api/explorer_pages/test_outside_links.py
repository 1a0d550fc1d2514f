"""Links to what others know of a variant: right ones, or none."""

from typing import Any

import pytest

from gas.annotation import ReferenceBundle, load_bundle
from gas.annotation.reference.bundle import Contig
from services.api.web.outside_links import links_of, trimmed

MD5, REFGET = "0" * 32, f"SQ.{'A' * 32}"


def bundle(build: str) -> ReferenceBundle:
    def contig(name: str, *aliases: str) -> Contig:
        return Contig(name=name, length=10**9, md5=MD5, refget=REFGET, aliases=aliases)

    contigs = (contig("1", "chr1"), contig("X", "chrX"), contig("MT", "chrM"), contig("KI270728.1"))
    return load_bundle("rCRS").model_copy(update={"build": build, "contigs": contigs})


def urls(build: str, **row: Any) -> dict[str, str]:
    """By site and what is found there."""
    row = {"chromosome": "chr1", "position": 1000, "reference": "A", "alternate": "G", **row}
    found = links_of(bundle(build), row, frozenset({"dbsnp"}))
    return {f"{link.site} {link.what}": link.url for link in found}


def test_every_rs_number_leads_to_dbsnp_once() -> None:
    found = urls("GRCh38", dbsnp="rs12&rs7", id="rs12;mine")

    assert [name for name in found if name.startswith("dbSNP")] == ["dbSNP rs12", "dbSNP rs7"]
    assert found["dbSNP rs7"] == "https://www.ncbi.nlm.nih.gov/snp/rs7"


@pytest.mark.parametrize(
    "text", ["rs1'><b>", "RS12", "rs", "rs0", "javascript:alert(1)", "rs12/../x"]
)
def test_what_is_no_rs_number_leads_nowhere(text: str) -> None:
    assert not [name for name in urls("GRCh38", dbsnp=text) if name.startswith("dbSNP")]


@pytest.mark.parametrize(
    ("build", "row", "url"),
    [
        ("GRCh38", {}, "1-1000-A-G?dataset=gnomad_r4"),
        ("GRCh37", {}, "1-1000-A-G?dataset=gnomad_r2_1"),
        ("GRCh38", {"chromosome": "chrX"}, "X-1000-A-G?dataset=gnomad_r4"),
        ("GRCh38", {"chromosome": "chrM"}, "M-1000-A-G?dataset=gnomad_r3"),
        ("NC_012920.1", {"chromosome": "chrM"}, "M-1000-A-G?dataset=gnomad_r3"),
        ("GRCh38", {"reference": "CAT", "alternate": "CGT"}, "1-1001-A-G?dataset=gnomad_r4"),
        ("GRCh38", {"reference": "ca", "alternate": "c"}, "1-1000-CA-C?dataset=gnomad_r4"),
    ],
)
def test_gnomad_has_a_data_set_for_each_build(build: str, row: dict[str, Any], url: str) -> None:
    found = [link for name, link in urls(build, **row).items() if name.startswith("gnomAD")]

    assert found == [f"https://gnomad.broadinstitute.org/variant/{url}"]


@pytest.mark.parametrize(
    ("build", "row"),
    [
        ("GRCh38", {"alternate": "<DEL>"}),
        ("GRCh38", {"alternate": None}),
        ("GRCh38", {"alternate": "*"}),
        ("GRCh38", {"alternate": "N"}),
        ("GRCh38", {"reference": "A" * 60}),
        ("GRCh38", {"chromosome": "KI270728.1"}),
        ("GRCh38", {"chromosome": "unknown"}),
        ("NC_012920.1", {"chromosome": "chr1"}),
    ],
)
def test_what_gnomad_has_not_is_not_linked(build: str, row: dict[str, Any]) -> None:
    assert not [name for name in urls(build, **row) if name.startswith("gnomAD")]


def test_ensembl_is_the_site_of_the_build() -> None:
    ids = {"gene_id": "ENSG00000012048", "transcript": "ENST00000357654.9"}

    for build, site in {"GRCh38": "www", "GRCh37": "grch37"}.items():
        found = urls(build, **ids)
        home = f"https://{site}.ensembl.org/Homo_sapiens"
        assert found["Ensembl gene ENSG00000012048"] == f"{home}/Gene/Summary?g=ENSG00000012048"
        assert found["Ensembl transcript ENST00000357654.9"].startswith(f"{home}/Transcript/")
        assert found["Ensembl region"] == f"{home}/Location/View?r=1:950-1050"


def test_clinvar_by_its_own_number_else_by_place() -> None:
    known = urls("GRCh38", clinvar="12345&678")
    assert known["ClinVar variation 678"] == "https://www.ncbi.nlm.nih.gov/clinvar/variation/678/"
    assert "ClinVar what is known at this place" not in known

    def place(build: str, **row: Any) -> str | None:
        return urls(build, **row).get("ClinVar what is known at this place")

    assert "term=1%5Bchr%5D+AND+1000%5Bchrpos38%5D" in (place("GRCh38") or "")
    assert "chrpos37" in (place("GRCh37") or "")
    assert "NC_012920.1%3Am.1000A%3EG" in (place("NC_012920.1", chromosome="MT") or "")
    assert place("NC_012920.1", chromosome="MT", alternate="AG") is None
    assert place("GRCh38", chromosome="KI270728.1") is None


@pytest.mark.parametrize("build", ["R64-1-1", "GRCm39", "T2T-CHM13"])
def test_of_another_genome_nobody_there_knows(build: str) -> None:
    assert urls(build, dbsnp="rs12", clinvar="12", gene_id="ENSG00000012048") == {}


@pytest.mark.parametrize(
    ("allele", "result"),
    [
        ((5, "A", "G"), (5, "A", "G")),
        ((5, "AT", "GT"), (5, "A", "G")),
        ((5, "TA", "TG"), (6, "A", "G")),
        ((5, "AAA", "A"), (5, "AAA", "A")),
        ((5, "CAAA", "CAA"), (5, "CA", "C")),
    ],
)
def test_alleles_are_trimmed_to_one_shared_base(
    allele: tuple[int, str, str], result: tuple[int, str, str]
) -> None:
    assert trimmed(*allele) == result
