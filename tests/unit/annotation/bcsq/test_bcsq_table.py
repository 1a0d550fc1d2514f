"""BCSQ on request: what csq says of each allele, however the input wrote it."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pysam
import pytest

from gas.annotation import ReferenceBundle, load_bundle
from gas.annotation.bcsq.clean_copy import Site
from gas.annotation.bcsq.table import make_bcsq_table
from gas.annotation.options import Bcsq

Rows = dict[tuple[int, str, str], list[str]]
# Makes the rows of two alleles from the genotypes, and phase sets, of each.
Both = Callable[..., tuple[list[str], list[str]]]


@pytest.fixture(scope="module")
def bundle() -> ReferenceBundle:
    return load_bundle("rCRS")


def table(
    bundle: ReferenceBundle, work: Path, *sites: Site, samples: int = 0, mode: Bcsq = Bcsq.LOCAL
) -> Rows:
    """The rows: consequences as ``name change``, where there is a change of amino acids."""
    path = make_bcsq_table(sites, ["Ada", "Eve"][:samples], bundle, mode, work)
    rows: Rows = {}
    with gzip.open(path, "rt") as lines:
        for line in lines:
            contig, position, reference, alternate, value = line.rstrip("\n").split("\t")
            assert contig == "MT"
            assert (int(position), reference, alternate) not in rows
            rows[int(position), reference, alternate] = [brief(e) for e in value.split(",")]
    return rows


def brief(entry: str) -> str:
    fields = entry.split("|")
    return " ".join([fields[0], fields[1], *fields[5:6]])


def site(position: int, reference: str, *alternates: str, gt: str = "", ps: str = "") -> Site:
    return Site("MT", position, reference, alternates, gt.split(), ps.split())


class TestLocal:
    def test_each_allele_has_a_row_of_its_own(
        self, bundle: ReferenceBundle, tmp_path: Path
    ) -> None:
        assert table(bundle, tmp_path, site(3308, "T", "C", "G"), site(3243, "a", "g")) == {
            (3243, "A", "G"): ["non_coding MT-TL1"],
            (3308, "T", "C"): ["start_lost MT-ND1 1M>1T"],
            (3308, "T", "G"): ["stop_gained&start_lost MT-ND1 1M>1*"],
        }

    def test_the_table_is_indexed_and_all_that_is_left(
        self, bundle: ReferenceBundle, tmp_path: Path
    ) -> None:
        path = make_bcsq_table(
            [site(3243, "A", "G"), site(3308, "T", "C")], [], bundle, Bcsq.LOCAL, tmp_path
        )
        assert {file.name for file in tmp_path.iterdir()} == {path.name, f"{path.name}.tbi"}
        with pysam.TabixFile(str(path)) as rows:
            assert [row.split("\t")[1] for row in rows.fetch("MT", 3300, 3400)] == ["3308"]

    def test_all_spellings_of_an_allele_are_one(
        self, bundle: ReferenceBundle, tmp_path: Path
    ) -> None:
        """m.3566 to m.3571 are six cytosines; the loss of any is that of the first."""
        spellings = (
            site(3565, "AC", "A"),
            site(3571, "CT", "T"),
            site(3567, "CCC", "CC"),
            site(3565, "ACCCCCCT", "ACCCCCT", "ACCCCCCT"),
        )
        (row,) = table(bundle, tmp_path, *spellings).items()
        assert row[0] == (3565, "AC", "A")
        assert row[1][0].startswith("stop_gained&frameshift MT-ND1 87TPLPMPNPLV")

    @pytest.mark.parametrize(
        "odd",
        [
            site(3308, "A", "C"),  # not the reference
            site(3308, "T", "<DEL>", "*", "N", ".", "T", "T[MT:5["),
            site(16569, "GA", "G"),  # reaches beyond the end
            site(0, "T", "C"),
            Site("chrUn", 1, "A", "C"),
        ],
    )
    def test_what_cannot_be_annotated_is_left_out(
        self, bundle: ReferenceBundle, tmp_path: Path, odd: Site
    ) -> None:
        assert table(bundle, tmp_path, odd) == {}

    def test_no_records(self, bundle: ReferenceBundle, tmp_path: Path) -> None:
        assert table(bundle, tmp_path) == {}

    def test_a_deletion_of_the_first_base(self, bundle: ReferenceBundle, tmp_path: Path) -> None:
        """There is no base before to begin the allele with, and nothing to hang for."""
        assert table(bundle, tmp_path, site(1, "GA", "A"), site(2, "A", "AGA")) == {}


class TestCorrections:
    def test_an_incomplete_last_codon_is_no_intron(
        self, bundle: ReferenceBundle, tmp_path: Path
    ) -> None:
        """MT-ND1 ends at m.4262 in TA, which the poly(A) tail completes."""
        assert table(bundle, tmp_path, site(4262, "A", "G"), site(4261, "T", "C")) == {
            (4261, "T", "C"): ["incomplete_terminal_codon MT-ND1"],
            (4262, "A", "G"): ["incomplete_terminal_codon MT-ND1"],
        }

    def test_a_start_codon_that_still_starts_is_retained(
        self, bundle: ReferenceBundle, tmp_path: Path
    ) -> None:
        """MT-ND1 starts with ATA: ATT and GTA are told apart, for GTA starts nothing."""
        rows = table(bundle, tmp_path, site(3309, "A", "T", "G"), site(3307, "A", "G"))
        assert {key: entries[0].split()[0] for key, entries in rows.items()} == {
            (3307, "A", "G"): "start_lost",
            (3309, "A", "G"): "synonymous&start_retained",
            (3309, "A", "T"): "start_retained",
        }


# MT-ND1's second codon, m.3310-3312, is CCC, proline. TCC is serine, CTC leucine, TTC phenylalanine.
SERINE, LEUCINE = (3310, "C", "T"), (3311, "C", "T")


class TestHaplotypes:
    @pytest.fixture
    def rows(self, bundle: ReferenceBundle, tmp_path: Path) -> Both:
        def make(first: str, second: str, *ps: str) -> tuple[list[str], list[str]]:
            made = table(
                bundle,
                tmp_path,
                site(*SERINE, gt=first, ps=ps[0] if ps else ""),
                site(*LEUCINE, gt=second, ps=ps[1] if ps else ""),
                samples=len(first.split()),
                mode=Bcsq.HAPLOTYPE,
            )
            return made[SERINE], made[LEUCINE]

        return make

    @pytest.mark.parametrize(
        ("first", "second"),
        [("1|0", "1|0"), ("1", "1"), ("1/1", "1/1"), ("|1|0", "1|."), ("1|0 0|1", "1|0 0|1")],
    )
    def test_two_changes_in_one_codon_are_judged_together(
        self, rows: Both, first: str, second: str
    ) -> None:
        both = ["missense MT-ND1 2P>2F"]
        assert rows(first, second) == (both, both)

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("1|0", "0|1"),
            ("0/1", "0/1"),  # unphased
            ("1|0 0|0", "0|0 1|0"),
            ("0|0", "./."),
            ("1|0|0|0", "1|0|0|0"),  # of more haplotypes than csq knows
        ],
    )
    def test_changes_of_different_haplotypes_are_not(
        self, rows: Both, first: str, second: str
    ) -> None:
        assert rows(first, second) == (["missense MT-ND1 2P>2S"], ["missense MT-ND1 2P>2L"])

    def test_each_outcome_is_told_where_haplotypes_differ(self, rows: Both) -> None:
        serine, leucine = rows("1/1", "0|1")
        assert set(serine) == {"missense MT-ND1 2P>2F", "missense MT-ND1 2P>2S"}
        assert leucine == ["missense MT-ND1 2P>2F"]

    def test_phase_sets_are_not_joined(self, rows: Both) -> None:
        together = rows("1|0", "1|0", "3310", "3310")
        assert together == (["missense MT-ND1 2P>2F"],) * 2
        apart = rows("1|0", "1|0", "3310", "3311")
        assert apart == (["missense MT-ND1 2P>2S"], ["missense MT-ND1 2P>2L"])

    def test_an_allele_on_two_records(self, bundle: ReferenceBundle, tmp_path: Path) -> None:
        """Its carriers are those of both records; csq would drop the second one."""
        made = table(
            bundle,
            tmp_path,
            site(*SERINE, gt="0|0 1|0"),
            site(3310, "C", "A", "T", gt="2|0 0|1"),
            site(*LEUCINE, gt="1|0 1|0"),
            samples=2,
            mode=Bcsq.HAPLOTYPE,
        )
        assert made[SERINE] == made[LEUCINE] == ["missense MT-ND1 2P>2F"]
        assert made[3310, "C", "A"] == ["missense MT-ND1 2P>2T"]


def test_thousands_of_alleles_in_one_place(bundle: ReferenceBundle, tmp_path: Path) -> None:
    """The time that csq and sort take must not grow with the square of their number."""
    inserted = [
        "T" + "".join("ACGT"[(number >> shift) & 3] for shift in range(0, 14, 2))
        for number in range(4**7)
    ]
    rows = table(bundle, tmp_path, site(3308, "T", *inserted))
    assert len(rows) > 15_000
