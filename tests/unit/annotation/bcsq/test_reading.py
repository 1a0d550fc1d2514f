"""Records as they come, checked by nobody yet."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gas.annotation import load_bundle
from gas.annotation.bcsq.clean_copy import Site
from gas.annotation.bcsq.reading import sites_in
from gas.annotation.bcsq.table import make_bcsq_table
from gas.annotation.options import Bcsq

BUNDLE = load_bundle("rCRS")


def test_alleles_genotypes_and_phase_sets() -> None:
    chunks = [
        b"chrM\t3310\t.\tC\tT,<DEL>\t.\t.\t.\tGT:DP:PS\t0|1:7:3310\t1|0\r\n",
        b"MT\t3311\t.\tC\tT\t.\t.\t.\tDP\t7\t8\nMT\t3312\t.\tC\tT\t.\t.\t.\n",
    ]
    assert list(sites_in(chunks, BUNDLE, 2)) == [
        Site("MT", 3310, "C", ["T", "<DEL>"], ["0|1", "1|0"], ["3310", "."]),
        Site("MT", 3311, "C", ["T"], [], []),
        Site("MT", 3312, "C", ["T"], [], []),
    ]
    assert [site.genotypes for site in sites_in(chunks, BUNDLE)] == [[], [], []]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"#CHROM",
        b"MT\t1\t.\tG",
        b"7\t1\t.\tG\tA\t.\t.\t.",
        b"MT\tx\t.\tG\tA\t.\t.\t.",
        b"MT\t" + b"9" * 30 + b"\t.\tG\tA\t.\t.\t.",
        b"MT\t-1\t.\tG\tA\t.\t.\t.",
    ],
)
def test_what_is_no_record_is_passed_over(line: bytes) -> None:
    assert list(sites_in([line + b"\n"], BUNDLE)) == []


ODD = st.sampled_from(
    [b"", b".", b"\xff", b"0|1", b"1|1|1", b"|", b"/", b"9|9", b"x|y", b"0|1:", b":::", b"1" * 99]
)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([b"MT", b"M"]),
            st.sampled_from([b"3308", b"0", b"3310", b"16569", b"16570", b"536870912"]),
            st.sampled_from([b"T", b"C", b"t", b"", b"TN", b"CCC"]),
            st.sampled_from([b"A", b"G,C", b"", b",", b"*", b"CC", b"a\xff"]),
            st.sampled_from([b"GT", b"GT:PS", b"PS:GT", b""]),
            ODD,
            ODD,
        ),
        max_size=6,
    )
)
def test_no_record_makes_it_fail(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[bytes, ...]]
) -> None:
    text = b"".join(
        b"\t".join([contig, position, b".", ref, alts, b".", b".", b".", *rest]) + b"\n"
        for contig, position, ref, alts, *rest in rows
    )
    work: Path = tmp_path_factory.mktemp("work")
    sites = sites_in([text], BUNDLE, 2)
    assert make_bcsq_table(sites, ["a", "b"], BUNDLE, Bcsq.HAPLOTYPE, work).exists()
