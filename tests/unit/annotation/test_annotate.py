"""What a good input becomes."""

import gzip
import hashlib
import json
from importlib.metadata import version
from pathlib import Path

import pysam
import pysam.bcftools
import pytest

from gas.annotation import (
    ANNOTATED_INDEX,
    ANNOTATED_VCF,
    LOG,
    MANIFEST,
    SUMMARY,
    VARIANTS_PARQUET,
    VARIANTS_TSV,
    Limits,
    Progress,
    ReferenceBundle,
    annotate,
    demo_vcf,
)

from .conftest import HEADER, MELAS, START_LOST, Annotate, opened, vcf_text


async def test_adds_consequence_gene_protein_identifier_frequency_and_disease(
    annotate_bytes: Annotate,
) -> None:
    annotated = await annotate_bytes(vcf_text(MELAS, START_LOST))
    melas, start_lost = annotated.info(0), annotated.info(1)
    assert melas["GENE"] == "MT-TL1"
    assert melas["CONSEQUENCE"] == "non_coding_transcript_exon_variant"
    assert melas["DBSNP"] == "rs199474657"
    assert "MELAS" in melas["MITOMAP_DISEASE"]
    assert melas["MITOMAP_CONFIRMED"] == "Cfrm_[P]"
    assert start_lost["CONSEQUENCE"] == "start_lost"
    assert start_lost["IMPACT"] == "HIGH"
    assert start_lost["HGVSP"] == "p.Met1?"
    first = start_lost["ANN"].split(",")[0].split("|")
    assert len(first) == 16
    assert first[:4] == ["C", "start_lost", "HIGH", "MT-ND1"]
    assert first[9:11] == ["c.2T>C", "p.Met1?"]
    assert float(start_lost["MITOMAP_AF"]) > 0


async def test_keeps_every_column_of_every_record(annotate_bytes: Annotate) -> None:
    records = (
        "MT\t60\tmine;other\tT\tA\t12.50\tq10;s50\tAC=1;FREE=a=b;FLAG\tGT:DP\t0/1:7\t1|1:.",
        "MT\t3308\t.\tt\tc,G\t.\t.\t.\tGT\t1/2\t./.",
        "MT\t3310\t.\tC\t<DEL>\t.\tPASS\tEND=3400\tGT\t0/1\t0",
    )
    annotated = await annotate_bytes(vcf_text(*records, samples=("one", "two")))
    for before, after in zip(records, annotated.records, strict=True):
        columns = before.split("\t")
        assert after[:7] + after[8:] == columns[:7] + columns[8:]
        kept = [] if columns[7] == "." else columns[7].split(";")
        assert after[7].split(";")[: len(kept)] == kept
    assert annotated.result.summary.samples == ["one", "two"]


async def test_a_multiallelic_record_is_annotated_allele_by_allele(
    annotate_bytes: Annotate,
) -> None:
    annotated = await annotate_bytes(vcf_text("MT\t3308\t.\tT\tC,*,G,A\t.\t.\tAC=1,1,1,1"))
    info = annotated.info()
    assert info["CONSEQUENCE"] == "start_lost,.,start_lost,start_lost"
    assert info["GENE"] == "MT-ND1,.,MT-ND1,MT-ND1"
    assert info["GAS_SKIPPED"] == ".,overlapping_deletion,.,."
    in_nd1 = [e.split("|") for e in info["ANN"].split(",") if "|MT-ND1|" in e]
    assert [(entry[0], entry[9]) for entry in in_nd1] == [
        ("C", "c.2T>C"),
        ("G", "c.2T>G"),
        ("A", "c.2T>A"),
    ]
    summary = annotated.result.summary
    assert (summary.records, summary.alleles, summary.annotated_alleles) == (1, 4, 3)
    assert summary.skipped == {"overlapping_deletion": 1}


@pytest.mark.parametrize(
    "written", ["8270\t.\tCACCCCCTCT\tC", "8279\t.\tTACCCCCTCT\tT", "8271\t.\tACCCCCTCTA\tA"]
)
async def test_a_deletion_is_known_however_it_is_written(
    annotate_bytes: Annotate, written: str
) -> None:
    """The nine bases that B4'5 lacks stand there twice."""
    annotated = await annotate_bytes(vcf_text(f"MT\t{written}\t.\t.\tAC=1"))
    assert int(annotated.info()["MITOMAP_AC"]) > 1000
    assert annotated.result.summary.variant_types == {"deletion": 1}


async def test_an_overlap_of_two_genes_names_both(annotate_bytes: Annotate) -> None:
    """MT-ATP6 begins within MT-ATP8."""
    info = (await annotate_bytes(vcf_text("MT\t8528\t.\tT\tC\t.\t.\tAC=1"))).info()
    entries = [entry.split("|") for entry in info["ANN"].split(",")]
    coding = {entry[3]: (entry[1], entry[10]) for entry in entries if entry[10]}
    assert coding == {
        "MT-ATP6": ("start_lost", "p.Met1?"),
        "MT-ATP8": ("missense_variant", "p.Trp55Arg"),
    }
    assert (info["GENE"], info["CONSEQUENCE"]) == ("MT-ATP6", "start_lost")


async def test_the_codon_that_polyadenylation_completes_is_no_intron(
    annotate_bytes: Annotate,
) -> None:
    """MT-CYB ends in T, which the poly(A) tail makes the stop codon TAA; CAA is glutamine."""
    info = (await annotate_bytes(vcf_text("MT\t15887\t.\tT\tC\t.\t.\tAC=1"))).info()
    assert info["CONSEQUENCE"] == "stop_lost"
    assert "intron" not in info["ANN"]


@pytest.mark.parametrize("name", ["chrM", "M", "NC_012920.1", "MT"])
async def test_the_chromosome_keeps_the_name_the_input_gives_it(
    annotate_bytes: Annotate, name: str
) -> None:
    record = MELAS.replace("MT", name, 1)
    annotated = await annotate_bytes(vcf_text(record, header=HEADER[:1]))
    assert annotated.records[0][0] == name
    assert annotated.info()["GENE"] == "MT-TL1"
    assert f"##contig=<ID={name},length=16569>" in annotated.header


async def test_what_cannot_be_annotated_passes_through_with_its_reason(
    annotate_bytes: Annotate,
) -> None:
    cases = {
        "MT\t0\t.\tA\tG": "outside_contig",
        "MT\t3243\t.\tA\t<DEL>": "symbolic_allele",
        "MT\t3244\t.\tG\tG[MT:400[": "breakend",
        "MT\t3245\t.\tC\t.": "no_alternate",
        "MT\t3246\t.\tC\tR": "ambiguous_base",
        "MT\t3247\t.\tA\tG": "reference_mismatch",
        "MT\t3308\t.\tT\tC": "",
        "MT\t3309\t.\tA\tA": "same_as_reference",
        "MT\t3310\t.\tC\tT": "",
        "MT\t20000\t.\tA\tG": "outside_contig",
        "GL000207.1\t5\t.\tA\tG": "unknown_contig",
    }
    annotated = await annotate_bytes(vcf_text(*(f"{site}\t.\t.\t." for site in cases)))
    reasons = [annotated.info(i).get("GAS_SKIPPED", "") for i in range(len(cases))]
    assert reasons == list(cases.values())
    assert annotated.result.summary.skipped["outside_contig"] == 2
    assert annotated.result.summary.records == len(cases)


async def test_nothing_annotated_is_said_aloud(annotate_bytes: Annotate) -> None:
    annotated = await annotate_bytes(vcf_text("MT\t3243\t.\tA\t<DEL>\t.\t.\t."))
    assert annotated.result.summary.annotated_alleles == 0
    assert any("No allele could be annotated" in w for w in annotated.result.summary.warnings)


async def test_an_unsorted_input_is_sorted(annotate_bytes: Annotate) -> None:
    other = "X\t5\t.\tA\tG\t.\t.\tAC=1"
    annotated = await annotate_bytes(vcf_text(START_LOST, other, MELAS))
    assert [record[:2] for record in annotated.records] == [
        ["MT", "3243"],
        ["MT", "3308"],
        ["X", "5"],
    ]
    assert annotated.info(0)["GENE"] == "MT-TL1"
    assert annotated.result.summary.sorted_by_gas


async def test_undeclared_names_are_declared(annotate_bytes: Annotate, tmp_path: Path) -> None:
    record = "MT\t3243\t.\tA\tG\t.\tq10\tFOO=3;BAR\tGT:XX\t0/1:7"
    annotated = await annotate_bytes(
        vcf_text(record, header=("##fileformat=VCFv4.2",), samples=("s",))
    )
    with pysam.VariantFile(str(tmp_path / "out" / ANNOTATED_VCF)) as vcf:
        assert set(vcf.header.info) >= {"FOO", "BAR"}
        assert "q10" in vcf.header.filters
        assert set(vcf.header.formats) == {"GT", "XX"}
        assert next(iter(vcf)).info["FOO"] == ("3",)
    assert annotated.records[0][8:] == ["GT:XX", "0/1:7"]


async def test_the_input_s_own_fields_are_not_overwritten(annotate_bytes: Annotate) -> None:
    header = (*HEADER, '##INFO=<ID=GENE,Number=1,Type=String,Description="Mine">')
    annotated = await annotate_bytes(vcf_text(f"{MELAS};GENE=mine", header=header))
    assert annotated.info()["GENE"] == "mine"
    assert annotated.info()["GAS_GENE"] == "MT-TL1"
    assert any("GENE as GAS_GENE" in w for w in annotated.result.summary.warnings)


async def test_annotating_a_result_again_changes_nothing(annotate_bytes: Annotate) -> None:
    once = await annotate_bytes(vcf_text(MELAS, START_LOST))
    first = once.result.files[ANNOTATED_VCF].path.read_bytes()
    twice = await annotate_bytes(first)
    assert twice.header == once.header
    assert twice.records == once.records


async def test_every_form_of_the_input_gives_the_same_result(
    annotate_bytes: Annotate, tmp_path: Path
) -> None:
    plain = vcf_text(MELAS, START_LOST)
    (tmp_path / "a.vcf").write_bytes(plain)
    pysam.tabix_compress(str(tmp_path / "a.vcf"), str(tmp_path / "a.vcf.gz"))
    forms = {
        "plain": plain,
        "gzip": gzip.compress(plain),
        "bgzip": (tmp_path / "a.vcf.gz").read_bytes(),
    }
    digests = set()
    for form, content in forms.items():
        annotated = await annotate_bytes(content)
        assert annotated.result.summary.input_format == form
        digests.add(annotated.result.files[ANNOTATED_VCF].sha256)
    for content in (plain.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + plain, plain[:-1]):
        digests.add((await annotate_bytes(content)).result.files[ANNOTATED_VCF].sha256)
    assert len(digests) == 1


async def test_a_bcf_is_read(annotate_bytes: Annotate, tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_bytes(vcf_text(MELAS, START_LOST))
    pysam.bcftools.view(
        "-O", "b", "-o", str(tmp_path / "a.bcf"), str(tmp_path / "a.vcf"), catch_stdout=False
    )
    annotated = await annotate_bytes((tmp_path / "a.bcf").read_bytes())
    assert annotated.result.summary.input_format == "BCF"
    assert annotated.info()["GENE"] == "MT-TL1"


async def test_bytes_that_are_not_utf8_survive(annotate_bytes: Annotate) -> None:
    content = vcf_text(MELAS).replace(b"AC=1", b"NOTE=\xfc\xe9")
    annotated = await annotate_bytes(content)
    with gzip.open(annotated.result.files[ANNOTATED_VCF].path) as stream:
        assert b"NOTE=\xfc\xe9;" in stream.read()


async def test_a_sample_name_that_is_not_utf8_is_shown_as_best_it_can(
    annotate_bytes: Annotate,
) -> None:
    content = vcf_text(f"{MELAS}\tGT\t0/1", samples=("Zo\xe9",)).decode().encode("latin-1")
    annotated = await annotate_bytes(content)
    assert annotated.result.summary.samples == ["Zo\ufffd"]
    assert annotated.header[-1].endswith("\tZo\udce9")


async def test_the_result_is_indexed(annotate_bytes: Annotate, tmp_path: Path) -> None:
    await annotate_bytes(vcf_text(MELAS, START_LOST))
    with pysam.TabixFile(str(tmp_path / "out" / ANNOTATED_VCF)) as indexed:
        found = list(indexed.fetch("MT", 3300, 3310))
    assert [line.split("\t")[1] for line in found] == ["3308"]


async def test_the_header_names_version_commands_bundle_and_every_source(
    annotate_bytes: Annotate, bundle: ReferenceBundle
) -> None:
    header = (await annotate_bytes(vcf_text(MELAS))).header
    assert f"##GAS_version={version('gas')}" in header
    assert "##GAS_command=gas annotate --genome rCRS" in header
    assert any(line.startswith("##GAS_bundle=<ID=rCRS,") for line in header)
    for source in bundle.sources:
        (line,) = [n for n in header if n.startswith(f"##GAS_source=<ID={source.name},")]
        assert f'Version="{source.version}"' in line
        assert f'Licence="{source.licence}"' in line


async def test_manifest_tells_versions_sources_and_checksums(
    annotate_bytes: Annotate, tmp_path: Path
) -> None:
    result = (await annotate_bytes(vcf_text(MELAS))).result
    manifest = json.loads((tmp_path / "out" / MANIFEST).read_text())
    assert manifest["input"]["sha256"] == hashlib.sha256(vcf_text(MELAS)).hexdigest()
    assert manifest["engine"] == {"pysam": "0.24.1", "bcftools": "1.24"}
    assert {s["name"] for s in manifest["reference"]["sources"]} >= {"MITOMAP", "dbSNP"}
    assert set(manifest["outputs"]) == {
        ANNOTATED_VCF,
        ANNOTATED_INDEX,
        VARIANTS_PARQUET,
        VARIANTS_TSV,
        SUMMARY,
        LOG,
    }
    for name, output in manifest["outputs"].items():
        content = (tmp_path / "out" / name).read_bytes()
        assert output == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        assert result.files[name].sha256 == output["sha256"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(result.files)


async def test_the_same_input_gives_the_same_bytes(
    tmp_path: Path, bundle: ReferenceBundle, limits: Limits
) -> None:
    one = await annotate(demo_vcf(), tmp_path / "one", bundle, limits=limits)
    two = await annotate(demo_vcf(), tmp_path / "two", bundle, limits=limits)
    assert {n: f.sha256 for n, f in one.files.items()} == {
        n: f.sha256 for n, f in two.files.items()
    }


async def test_the_demo_is_annotated_whole(
    tmp_path: Path, bundle: ReferenceBundle, limits: Limits
) -> None:
    seen: list[Progress] = []

    async def note(progress: Progress) -> None:
        seen.append(progress)

    result = await annotate(demo_vcf(), tmp_path, bundle, limits=limits, on_progress=note)
    summary = result.summary
    lines = demo_vcf().read_text().splitlines()
    assert summary.records == len([line for line in lines if not line.startswith("#")])
    assert summary.known == summary.annotated_alleles == summary.alleles > summary.records
    assert summary.with_consequence > summary.alleles / 2
    assert sum(summary.consequences.values()) == summary.annotated_alleles
    assert sum(summary.impacts.values()) == summary.annotated_alleles
    assert summary.ti_tv
    assert len(opened(result).records) == summary.records
    assert {progress.stage for progress in seen} == {"annotate", "write"}
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
