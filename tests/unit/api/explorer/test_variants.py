"""The REST interface to the variants of a result."""

from datetime import timedelta
from pathlib import Path

import pytest

from gas.annotation import VARIANTS_PARQUET
from gas.domain import transitions
from gas.domain.job import Job, ResultFile
from services.api.explorer.query import ViewQuery
from tests.unit.api.explorer.tables import table_in
from tests.unit.api.world import User


@pytest.fixture
async def job_id(ada: User, tmp_path: Path) -> str:
    return await with_table(ada, table_in(tmp_path))


async def with_table(user: User, table: Path) -> str:
    """The id of a completed job of the user with this table of variants."""
    job_id = await user.submitted()
    job = await user.change(job_id, lambda j: transitions.claim(j, timedelta(0), user.now))
    files = (await _stored(user, job, table),)
    await user.change(
        job_id, lambda j: transitions.complete(j, files, timedelta(minutes=5), user.now)
    )
    return job_id


async def _stored(user: User, job: Job, table: Path) -> ResultFile:
    results = user.world.ports.results
    key = job.object_key(VARIANTS_PARQUET)
    await results.upload(table, key, content_type="application/octet-stream")
    size, sha256 = await results.sha256(key)
    return ResultFile(name=VARIANTS_PARQUET, size=size, sha256=sha256, key=key)


async def test_a_page_of_variants(ada: User, job_id: str) -> None:
    response = await ada.call("GET", f"/jobs/{job_id}/variants?gene=BRCA1&sort=-quality&size=25")

    assert response.status_code == 200, response.text
    page = response.json()
    assert (page["total"], page["matching"]) == (7, 2)
    assert (page["page"], page["pages"], page["size"]) == (1, 1, 25)
    assert page["rows"][0] == {
        "row": 0,
        "chromosome": "chr1",
        "position": 100,
        "reference": "A",
        "alternate": "C",
        "gene": "BRCA1",
        "consequence": "missense_variant",
        "impact": "MODERATE",
        "hgvsp": "ENSP1.1:p.Lys2Thr",
        "dbsnp": "rs11",
        "af_gnomad": 0.2,
        "clinvar_sig": "Benign/Likely_benign",
    }
    assert page["columns"][8] == {
        "name": "dbsnp",
        "kind": "text",
        "description": "dbSNP identifier of the allele (dbSNP)",
        "role": "id",
    }


async def test_the_columns_of_a_view_are_its_choice(ada: User, job_id: str) -> None:
    response = await ada.call("GET", f"/jobs/{job_id}/variants?columns=quality,gene&text=rs11")
    assert response.json()["rows"] == [{"row": 0, "quality": 30.1, "gene": "BRCA1"}]


async def test_a_page_behind_the_last_is_the_last(ada: User, job_id: str) -> None:
    page = (await ada.call("GET", f"/jobs/{job_id}/variants?page=9&size=25")).json()
    assert (page["page"], page["pages"], len(page["rows"])) == (1, 1, 7)
    nothing = (await ada.call("GET", f"/jobs/{job_id}/variants?gene=none&page=2")).json()
    assert (nothing["page"], nothing["pages"], nothing["rows"]) == (1, 1, [])


async def test_facets_count_what_other_choices_would_show(ada: User, job_id: str) -> None:
    facets = (await ada.call("GET", f"/jobs/{job_id}/variants/facets?impact=HIGH")).json()
    assert (facets["total"], facets["matching"]) == (7, 1)
    assert facets["facets"]["gene"] == [{"value": "BRCA1", "count": 1}]
    assert [entry["value"] for entry in facets["facets"]["impact"]] == [
        "HIGH",
        "MODERATE",
        "LOW",
        "MODIFIER",
    ]


async def test_one_variant_has_everything_and_its_neighbours(ada: User, job_id: str) -> None:
    details = (await ada.call("GET", f"/jobs/{job_id}/variants/1")).json()
    assert details["row"]["hgvsc"] == "ENST1.1:c.5A>G"
    assert details["row"]["samples_homozygous"] == 2
    assert [other["row"] for other in details["same_position"]] == [0]
    assert len(details["columns"]) == 22


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("?imapct=HIGH", 422, "invalid_filter"),
        ("?max_frequency=1&frequency=nothing", 422, "invalid_filter"),
        ("/facets?page=0", 422, "invalid_filter"),
        ("/7", 404, "row_not_found"),
        ("/9999999999999999", 422, "invalid_request"),
        ("/first", 422, "invalid_request"),
        ("/export", 422, "invalid_request"),
        ("/export?format=xlsx", 422, "invalid_request"),
        ("/export?format=csv&imapct=HIGH", 422, "invalid_filter"),
        ("/export?format=csv&sort=nothing", 422, "invalid_filter"),
        ("/export?format=vcf", 404, "file_not_found"),
    ],
)
async def test_what_is_refused(ada: User, job_id: str, path: str, status: int, code: str) -> None:
    response = await ada.call("GET", f"/jobs/{job_id}/variants{path}")
    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_a_refused_filter_is_named(ada: User, job_id: str) -> None:
    problem = (await ada.call("GET", f"/jobs/{job_id}/variants?region=chr1:5-2")).json()
    assert [error["location"] for error in problem["errors"]] == ["region"]


async def test_an_export_is_a_download(ada: User, job_id: str) -> None:
    response = await ada.call(
        "GET", f"/jobs/{job_id}/variants/export?format=csv&columns=gene,quality&gene=BRCA1"
    )
    assert response.text == "gene,quality\nBRCA1,30.1\nBRCA1,30.1\n"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''ada.view.csv"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["", "/facets", "/0", "/export?format=tsv"])
async def test_nobody_else_sees_any_of_it(ada: User, ben: User, job_id: str, path: str) -> None:
    """Also when a local copy is there, since its owner has looked at it."""
    assert (await ada.call("GET", f"/jobs/{job_id}/variants{path}")).status_code == 200
    response = await ben.call("GET", f"/jobs/{job_id}/variants{path}")
    assert (response.status_code, response.json()["code"]) == (404, "job_not_found")


@pytest.mark.parametrize("path", ["", "/facets", "/0", "/export?format=tsv"])
async def test_an_archived_result_is_not_served_from_the_local_copy(
    ada: User, job_id: str, path: str
) -> None:
    assert (await ada.call("GET", f"/jobs/{job_id}/variants{path}")).status_code == 200
    await ada.change(job_id, lambda j: transitions.begin_archive(j, timedelta(0), ada.now))
    await ada.change(
        job_id, lambda j: transitions.archive(j, {VARIANTS_PARQUET: "archive-1"}, ada.now)
    )

    response = await ada.call("GET", f"/jobs/{job_id}/variants{path}")

    assert (response.status_code, response.json()["code"]) == (409, "file_archived")


async def test_a_deleted_job_has_no_variants(ada: User, job_id: str) -> None:
    await ada.call("GET", f"/jobs/{job_id}/variants")
    await ada.call("DELETE", f"/jobs/{job_id}")
    response = await ada.call("GET", f"/jobs/{job_id}/variants")
    assert response.json()["code"] == "job_not_found"


async def test_a_job_without_a_table_says_so(ada: User) -> None:
    for job_id in (await ada.completed(), await ada.submitted()):
        response = await ada.call("GET", f"/jobs/{job_id}/variants")
        assert (response.status_code, response.json()["code"]) == (404, "no_variants_table")


async def test_a_table_that_vanished_is_lost(ada: User, job_id: str) -> None:
    [file] = (await ada.job(job_id)).files
    ada.world.ports.results._bucket.delete(file.key or "")
    response = await ada.call("GET", f"/jobs/{job_id}/variants")
    assert (response.status_code, response.json()["code"]) == (410, "file_lost")


async def test_the_filters_are_described(ada: User) -> None:
    schema = (await ada.http.get("/api/openapi.json")).json()
    for path in ("variants", "variants/facets", "variants/export"):
        parameters = schema["paths"][f"/api/v1/jobs/{{job_id}}/{path}"]["get"]["parameters"]
        described = {p["name"] for p in parameters if p["in"] == "query"}
        assert set(ViewQuery.model_fields) <= described
