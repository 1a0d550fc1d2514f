"""What a user may choose, and how odd but right inputs fare with it."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from gas.annotation import Options, ReferenceBundle, annotate_file
from gas.annotation.options import Bcsq, Content
from gas.annotation.results.info import EFFECT_FIELDS, EFFECTS_IN_VCF
from tests.support.tiny_genome import other
from tests.unit.annotation.conftest import HEADER, MELAS, START_LOST, names_in, vcf_text
from tests.unit.annotation.running import Made, run
from tests.unit.annotation.variants import Genome, tiny

LOCAL = Options(bcsq=Bcsq.LOCAL)
TOGETHER = Options(bcsq=Bcsq.HAPLOTYPE)
# MT-ND1's second codon, CCC for proline: TCC is serine, CTC leucine, TTC phenylalanine.
SERINE, LEUCINE = "MT\t3310\t.\tC\tT\t.\t.\t.\tGT", "MT\t3311\t.\tC\tT\t.\t.\t.\tGT"


@pytest.fixture(scope="session")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Genome:
    return tiny(tmp_path_factory.mktemp("tiny"))


def added(made: Made) -> list[str]:
    """The INFO fields that GAS declares."""
    return [
        line.removeprefix("##INFO=<ID=").partition(",")[0]
        for line in made.header
        if line.startswith("##INFO=<") and 'Source="GAS"' in line
    ]


class TestContent:
    def test_all_is_consequences_known_variants_and_regions(self, genome: Genome) -> None:
        snv = genome.sequences["1"][149]
        record = f"chr1\t150\t.\t{snv}\t{other(snv)}\t.\t.\t."
        made = run(vcf_text(record, header=HEADER[:1]), genome.bundle)
        info = made.info()
        assert info["RS"] == "rs1"
        assert info["KNOWN_AF"] == "0.1"
        assert info["TRAIT"] == "Shortness%20of%20breath"
        assert info["BAND"] == "1p1"
        assert info["GENE"] == "NEW1"
        assert set(info) <= set(added(made))
        (row,) = made.rows
        assert row["TRAIT"] == "Shortness of breath"
        assert made.summary.known == 1
        assert made.summary.frequencies["KNOWN_AF"]["<0.5"] == 1
        assert "##GAS_command=gas annotate --genome tiny" in made.header

    def test_consequences_alone(self, genome: Genome) -> None:
        record = f"1\t150\t.\t{genome.sequences['1'][149]}\tA,C,G,T\t.\t.\t."
        content = vcf_text(record, header=HEADER[:1])
        every = run(content, genome.bundle)
        made = run(content, genome.bundle, Options(content=Content.CONSEQUENCES))
        assert {*added(made)} == {*EFFECTS_IN_VCF, "ANN", "GAS_SKIPPED"}
        assert made.info() == {k: v for k, v in every.info().items() if k in added(made)}
        assert list(made.rows[0])[7:] == [*(f.name for f in EFFECT_FIELDS), "GAS_SKIPPED"]
        assert (made.summary.known, made.summary.frequencies) == (0, {})
        assert made.summary.consequences == every.summary.consequences
        assert "##GAS_command=gas annotate --genome tiny --only consequences" in made.header

    def test_no_tables(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(MELAS, START_LOST)
        with_tables, without = run(content, bundle), run(content, bundle, Options(tables=False))
        assert without.vcf == with_tables.vcf
        assert without.summary == with_tables.summary


async def test_a_file_of_one_s_own_with_all_files_beside_it(
    bundle: ReferenceBundle, tmp_path: Path
) -> None:
    (tmp_path / "in.vcf").write_bytes(vcf_text(MELAS, START_LOST))
    options = Options(content=Content.CONSEQUENCES, bcsq=Bcsq.LOCAL, threads=2)
    result = await annotate_file(
        tmp_path / "in.vcf", tmp_path / "my.vcf.gz", bundle, options=options
    )
    beside = ("annotation.log", "manifest.json", "summary.json", "variants.parquet")
    names = {"in.vcf", "my.vcf.gz", "my.vcf.gz.tbi", "my.variants.tsv.gz"}
    assert names_in(tmp_path) == names | {f"my.{name}" for name in beside}
    assert {path.name for path in result.written} == names_in(tmp_path) - {"in.vcf"}
    manifest = json.loads((tmp_path / "my.manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) > {"variants.parquet", "variants.tsv.gz"}
    rows = pq.read_table(tmp_path / "my.variants.parquet").to_pylist()
    assert [row["bcsq"].split("|")[0] for row in rows] == ["non_coding", "start_lost"]
    assert "dbsnp" not in rows[0]
    assert result.timings["bcftools csq"]["wall"] > 0


@pytest.mark.parametrize(
    "options", [Options(), Options(Content.CONSEQUENCES, Bcsq.HAPLOTYPE, tables=False, threads=3)]
)
def test_options_reach_the_child_as_they_are(options: Options) -> None:
    assert Options.from_json(json.loads(json.dumps(options.to_json()))) == options


class TestBcsq:
    def test_none_unless_asked_for(self, bundle: ReferenceBundle) -> None:
        assert "BCSQ" not in run(vcf_text(START_LOST), bundle).vcf

    def test_local(self, bundle: ReferenceBundle) -> None:
        content = vcf_text(
            MELAS, "MT\t3310\t.\tC\tT,A\t.\t.\tAC=1,1", "MT\t16400\t.\tC\tT\t.\t.\t."
        )
        made = run(content, bundle, LOCAL)
        entries = [entry.split("|") for entry in made.info(1)["BCSQ"].split(",")]
        assert [(e[0], e[1], e[5]) for e in entries] == [
            ("missense", "MT-ND1", "2P>2S"),
            ("missense", "MT-ND1", "2P>2T"),
        ]
        assert "BCSQ" not in made.info(2)  # outside of genes
        assert [row["BCSQ"] for row in made.rows][1:3] == ["|".join(e) for e in entries]
        assert "##GAS_command=gas annotate --genome rCRS --bcsq local" in made.header
        without = run(content, bundle)
        assert [record[:7] for record in made.records] == [r[:7] for r in without.records]
        assert made.summary == without.summary

    def test_haplotype(self, bundle: ReferenceBundle) -> None:
        """Phased, both bases of a codon are of one haplotype, and make another residue."""
        together = vcf_text(f"{SERINE}\t1|0", f"{LEUCINE}\t1|0", samples=("s",))
        apart = vcf_text(f"{SERINE}\t1|0", f"{LEUCINE}\t0|1", samples=("s",))
        unphased = vcf_text(f"{SERINE}\t0/1", f"{LEUCINE}\t0/1", samples=("s",))
        residues = {"together": ["2P>2F", "2P>2F"], "apart": ["2P>2S", "2P>2L"]}
        assert changes(run(together, bundle, TOGETHER)) == residues["together"]
        assert changes(run(together, bundle, LOCAL)) == residues["apart"]
        assert changes(run(apart, bundle, TOGETHER)) == residues["apart"]
        assert changes(run(unphased, bundle, TOGETHER)) == residues["apart"]
        # Our own consequences are of each allele alone, whatever is asked of csq.
        said = [row["HGVSP"] for row in run(together, bundle, TOGETHER).rows]
        assert said == ["p.Pro2Ser", "p.Pro2Leu"]

    @pytest.mark.parametrize("options", [LOCAL, TOGETHER])
    def test_without_any_allele_to_ask_about(
        self, bundle: ReferenceBundle, options: Options
    ) -> None:
        record = "MT\t3310\t.\tC\t<DEL>\t.\t.\t.\tGT\t0/1"
        made = run(vcf_text(record, samples=("s",)), bundle, options)
        assert made.info() == {"GAS_SKIPPED": "symbolic_allele"}

    @pytest.mark.parametrize("options", [LOCAL, TOGETHER])
    def test_unsorted_input_under_another_name(
        self, bundle: ReferenceBundle, options: Options
    ) -> None:
        records = [line.replace("MT", "chrM") for line in (LEUCINE, SERINE)]
        content = vcf_text(*(f"{line}\t0/1" for line in records), header=HEADER[:1], samples=("s",))
        made = run(content, bundle, options, chunk_bytes=1)
        assert changes(made) == ["2P>2S", "2P>2L"]


def changes(made: Made) -> list[str]:
    return [made.info(at)["BCSQ"].split("|")[5] for at in range(len(made.records))]


class TestNames:
    """Names of ours that the input has for data of its own."""

    def test_declared(self, bundle: ReferenceBundle) -> None:
        own = ("ANN", "GENE", "GAS_GENE", "BCSQ", "MITOMAP_AC")
        header = (
            *HEADER,
            *(f'##INFO=<ID={n},Number=1,Type=String,Description="Mine">' for n in own),
        )
        record = START_LOST + "".join(f";{name}=mine" for name in own)
        info = run(vcf_text(record, header=header), bundle, LOCAL).info()
        assert {info[name] for name in own} == {"mine"}
        assert info["GAS2_GENE"] == "MT-ND1"
        assert info["GAS_ANN"].startswith("C|start_lost|")
        assert info["GAS_BCSQ"].startswith("start_lost|MT-ND1|")
        assert int(info["GAS_MITOMAP_AC"]) > 0
        assert info["CONSEQUENCE"] == "start_lost"

    @pytest.mark.parametrize("chunk_bytes", [1, 10**6])
    def test_undeclared_in_the_last_record(self, bundle: ReferenceBundle, chunk_bytes: int) -> None:
        """It shows when what stands before is written already: all is begun anew."""
        records = [MELAS] * 30 + [f"{START_LOST};GENE=mine", f"{START_LOST};GAS_GENE=too"]
        made = run(vcf_text(*records), bundle, chunk_bytes=chunk_bytes)
        assert {made.info(at)["GAS2_GENE"] for at in range(30)} == {"MT-TL1"}
        assert (made.info(30)["GENE"], made.info(30)["GAS2_GENE"]) == ("mine", "MT-ND1")
        assert (made.info(31)["GAS_GENE"], made.info(31)["GAS2_GENE"]) == ("too", "MT-ND1")
        assert {len(made.rows), made.summary.records, made.summary.alleles} == {32}
        assert made.rows[0]["GENE"] == "MT-TL1"  # the tables have no fields of the input
        (warning,) = made.summary.warnings
        assert "GENE as GAS2_GENE" in warning

    def test_undeclared_and_unsorted(self, bundle: ReferenceBundle) -> None:
        records = [f"{START_LOST};CONSEQUENCE=mine", *[MELAS] * 9]
        made = run(vcf_text(*records), bundle, chunk_bytes=1)
        assert [record[1] for record in made.records] == ["3243"] * 9 + ["3308"]
        assert made.info(9)["CONSEQUENCE"] == "mine"
        assert made.info(9)["GAS_CONSEQUENCE"] == "start_lost"
        assert len(made.summary.warnings) == 2

    def test_columns_of_the_tables_keep_their_names(self, bundle: ReferenceBundle) -> None:
        made = run(vcf_text(MELAS), bundle)
        names = list(made.rows[0])
        assert len(set(names)) == len(names)
        assert len(set(made.table.column_names)) == len(made.table.column_names) >= len(names)


class TestSamples:
    RECORDS = (
        "MT\t3243\t.\tA\tG\t.\t.\t.\tGT:DP\t0/1:3\t1|1:4\t./.:.",
        "MT\t3308\t.\tT\tC,G\t.\t.\t.\tGT\t1/2\t0\t2/2",
        "MT\t3310\t.\tC\t<DEL>\t.\t.\t.\tDP\t5\t6\t7",
    )

    def test_counts(self, bundle: ReferenceBundle) -> None:
        made = run(vcf_text(*self.RECORDS, samples=("a", "b", "c")), bundle)
        counted = [tuple(sample.model_dump().values()) for sample in made.summary.genotypes]
        # Homozygous for the reference, heterozygous, homozygous for an alternate, not known; the
        # record without genotypes does not count.
        assert counted == [("a", 0, 2, 0, 0), ("b", 1, 0, 1, 0), ("c", 0, 0, 1, 1)]

    def test_carriers_of_each_allele(self, bundle: ReferenceBundle) -> None:
        made = run(vcf_text(*self.RECORDS, samples=("a", "b", "c")), bundle)
        columns = ["position", "alternate", "samples_heterozygous", "samples_homozygous"]
        rows = [tuple(row.values()) for row in made.table.select(columns).to_pylist()]
        assert rows == [
            (3243, "G", 1, 1),
            (3308, "C", 1, 0),
            (3308, "G", 1, 1),
            (3310, "<DEL>", 0, 0),
        ]
        assert made.table["samples_missing"].to_pylist() == [1, 0, 0, 3]

    def test_no_samples(self, bundle: ReferenceBundle) -> None:
        made = run(vcf_text(MELAS), bundle)
        assert (made.summary.samples, made.summary.genotypes) == ([], [])
        assert not any(name.startswith("samples_") for name in made.table.column_names)


def test_what_a_parquet_file_says_of_itself(bundle: ReferenceBundle) -> None:
    made = run(vcf_text(MELAS), bundle)
    metadata = pq.read_metadata(io.BytesIO(made.parquet)).metadata
    assert metadata[b"GAS_version"] == b"1.0"
    assert metadata[b"GAS_bundle"] == f"rCRS {bundle.version}".encode()
    roles = json.loads(metadata[b"GAS_roles"])
    assert (roles["dbsnp"], roles["mitomap_af"]) == ("id", "frequency")
    assert set(metadata) == {
        *(b"GAS_version", b"GAS_engine", b"GAS_bundle", b"GAS_columns", b"GAS_roles")
    }
