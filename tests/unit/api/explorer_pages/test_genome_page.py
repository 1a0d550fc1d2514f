"""The genome view: its page, addresses of the VCF, and what it reads of the reference."""

import gzip
import html
import json
import re
from typing import Any

import httpx
import pytest

from gas.annotation import load_bundle
from services.api.genomes.locus import Locus, parse_locus
from tests.unit.api.world import User, World

RCRS = load_bundle("rCRS")


async def view_of(user: User, job_id: str, locus: str = "") -> dict[str, Any]:
    page = await user.http.get(f"/jobs/{job_id}/genome", params={"locus": locus})
    assert page.status_code == 200, page.text
    found = re.search(r"data-view='([^']*)'", page.text)
    assert found is not None
    view: dict[str, Any] = json.loads(html.unescape(found[1]))
    return view


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", "MT:1-16569"),
        ("chrM:3,000-4,000", "MT:3000-4000"),
        ("MT:3243", "MT:3193-3293"),
        ("M:10", "MT:1-60"),
        ("MT:16000-99999", "MT:16000-16569"),
        ("MT-ND1", "MT:3307-4262"),
        ("mt-nd1", "MT:3307-4262"),
        ("ENSG00000198888", "MT:3307-4262"),
    ],
)
async def test_a_place_or_a_gene_is_found(ada: User, job_id: str, asked: str, shown: str) -> None:
    assert (await view_of(ada, job_id, asked))["locus"] == shown


@pytest.mark.parametrize(
    "asked",
    [
        "chr1:5",
        "MT:0-5",
        "MT:9-3",
        "MT:20000",
        "NOGENE",
        "<img src=x>",
        "'; DROP",
        "MT:" + "9" * 99,
    ],
)
async def test_what_is_no_place_says_so_and_shows_the_first(
    ada: User, job_id: str, asked: str
) -> None:
    page = await ada.http.get(f"/jobs/{job_id}/genome", params={"locus": asked})

    assert f"There is no place or gene “{html.escape(asked, quote=False)}”" in page.text.replace(
        "&#39;", "'"
    )
    assert "MT:1-16569" in page.text
    assert "<img src=x>" not in page.text


async def test_addresses_of_the_vcf_lead_to_the_store_for_a_while(
    ada: User, job_id: str, world: World
) -> None:
    path = (await view_of(ada, job_id))["files"]

    answer = await ada.http.get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json()["seconds"] == world.context.settings.download_url_seconds
    files = answer.json()["files"]
    assert world.ports.results.fetch(files["annotated.vcf.gz"]) == b"the VCF"
    assert world.ports.results.fetch(files["annotated.vcf.gz.tbi"]) == b"its index"


async def test_addresses_are_for_the_owner_alone(ada: User, ben: User, job_id: str) -> None:
    for path in ("genome", "genome/files"):
        assert (await ben.http.get(f"/jobs/{job_id}/{path}")).status_code == 404


async def test_the_sequence_is_read_in_ranges_and_kept(ada: User, job_id: str) -> None:
    sequence = (await view_of(ada, job_id))["sequence"]
    content = RCRS.path(RCRS.sequence.file).read_bytes()

    part = await ada.http.get(sequence["fasta"], headers={"Range": "bytes=10-29"})
    index = await ada.http.get(sequence["fai"])
    blocks = await ada.http.get(sequence["gzi"])

    assert (part.status_code, part.content) == (206, content[10:30])
    assert part.headers["Content-Range"] == f"bytes 10-29/{len(content)}"
    assert "immutable" in part.headers["Cache-Control"]
    assert index.text.startswith("MT\t16569\t")
    assert len(blocks.content) == 8
    assert "content-encoding" not in part.headers
    assert gzip.decompress(content).startswith(b">MT")


@pytest.mark.parametrize(
    "path",
    [
        f"files/{RCRS.sequence.file.sha256}/known.tsv.gz",
        f"files/{'0' * 64}/sequence.fa.gz",
        f"files/{RCRS.sequence.file.sha256}/../bundle.json",
        f"files/{RCRS.sequence.file.sha256}/%2e%2e/bundle.json",
        f"files/{RCRS.sequence.file.sha256}//etc/passwd",
    ],
)
async def test_no_other_file_of_a_bundle_is_given_out(ada: User, path: str) -> None:
    assert (await ada.http.get(f"/reference/rCRS/{path}")).status_code == 404


async def test_the_reference_is_for_users(browser: httpx.AsyncClient, ada: User) -> None:
    assert (await browser.get("/reference/rCRS/aliases")).status_code == 401
    assert (await ada.http.get("/reference/nowhere/aliases")).status_code == 422
    assert (await ada.http.get("/reference/..%2f..%2fetc/aliases")).status_code in {404, 422}


async def test_genes_of_a_region_are_features(ada: User) -> None:
    query: dict[str, str | int] = {"contig": "MT", "start": 3000, "end": 3400}

    genes = (await ada.http.get("/reference/rCRS/genes", params=query)).json()

    assert [gene["name"] for gene in genes] == ["MT-RNR2", "MT-TL1", "MT-ND1"]
    assert genes[2] == {
        "chr": "MT",
        "start": 3306,
        "end": 4262,
        "name": "MT-ND1",
        "id": "ENSG00000198888",
        "transcript": "ENST00000361390",
        "biotype": "protein_coding",
        "strand": "+",
        "exons": [{"start": 3306, "end": 4262, "cdStart": 3306, "cdEnd": 4262}],
    }
    assert (
        await ada.http.get("/reference/rCRS/genes", params={**query, "contig": "X"})
    ).json() == []


async def test_genes_are_found_by_name(ada: User) -> None:
    found = (await ada.http.get("/reference/rCRS/search?name=MT-CYB")).json()
    nothing = (await ada.http.get("/reference/rCRS/search?name=BRCA2")).json()

    assert (found[0]["chromosome"], found[0]["start"]) == ("MT", 14747)
    assert nothing == []


async def test_other_names_of_contigs_are_told(ada: User) -> None:
    assert "MT\tchrM\tM\t" in (await ada.http.get("/reference/rCRS/aliases")).text


def test_a_place_is_held_within_its_contig() -> None:
    assert parse_locus(RCRS, "chrM") == Locus("MT", 1, 16_569)
    assert parse_locus(RCRS, "gi|251831106|ref|NC_012920.1|:5-9") == Locus("MT", 5, 9)
    assert parse_locus(RCRS, "") is None
    assert parse_locus(RCRS, "MT:,,,") is None
