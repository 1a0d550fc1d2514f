"""The pages, their assets, and what is open to all."""

import re
from pathlib import Path

import duckdb

from gas.annotation import VARIANTS_PARQUET, Limits, annotate, demo_vcf, load_bundle
from services.api.web.landing import EXAMPLE_ROWS
from tests.unit.api.world import User, World


async def test_a_stranger_learns_what_gas_is_and_how_to_sign_in(world: World) -> None:
    async with world.browser() as client:
        page = await client.get("/")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/sign-in"' in page.text
    assert "150 KB" in page.text
    assert "5 minutes" in page.text


async def test_a_user_is_led_to_the_jobs(ada: User) -> None:
    page = await ada.http.get("/")

    assert (page.status_code, page.headers["Location"]) == (303, "/jobs")


async def test_the_rows_on_the_landing_page_are_of_the_examples_result(tmp_path: Path) -> None:
    await annotate(demo_vcf(), tmp_path, load_bundle("rCRS"), limits=Limits())
    query = (
        "SELECT chromosome || ':' || position || ' ' || reference || '>' || alternate AS variant, "
        "impact, consequence, hgvsp, gene, dbsnp, replace(mitomap_disease, '-', ' ') "
        "FROM read_parquet(?) WHERE variant = ?"
    )

    for row in EXAMPLE_ROWS:
        parameters = [str(tmp_path / VARIANTS_PARQUET), row.variant]
        (found,) = duckdb.execute(query, parameters).fetchall()
        assert (*found[:-1], found[-1].lower()) == (*row[:-1], row.disease.lower())


async def test_pages_may_talk_to_us_and_to_the_store(world: World) -> None:
    async with world.browser() as client:
        policy = (await client.get("/")).headers["Content-Security-Policy"]

    assert "connect-src 'self' memory://inputs memory://results;" in policy
    assert "form-action 'self' memory://inputs memory://results;" in policy


async def test_a_page_for_members_sends_strangers_to_sign_in_and_back(world: World) -> None:
    async with world.browser() as client:
        page = await client.get("/tokens?a=b%20c&d=e")
        part = await client.get("/tokens", headers={"HX-Request": "true"})

    assert page.status_code == 303
    assert page.headers["Location"] == "/sign-in?next=/tokens%3Fa%3Db%2520c%26d%3De"
    assert part.headers["HX-Redirect"] == "/sign-in?next=/"


async def test_names_of_users_are_text_and_never_markup(world: World) -> None:
    async with world.user("<script>alert(1)</script>") as mallory:
        page = await mallory.http.get("/tokens")

    assert "<script>alert" not in page.text.casefold()
    assert "&lt;script&gt;alert" in page.text.casefold()


async def test_pages_hold_no_script_and_no_style_of_their_own(ada: User) -> None:
    """The content security policy would keep them from working."""
    for path in ("/tokens", "/api/docs"):
        page = (await ada.http.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)


async def test_assets_are_kept_as_long_as_they_are_the_same(ada: User) -> None:
    page = await ada.http.get("/tokens")
    addresses = re.findall(r'"(/assets/[^"]+)"', page.text)

    assert {address.partition("?")[0] for address in addresses} == {
        "/assets/favicon.svg",
        "/assets/style.css",
        "/assets/site.js",
        "/assets/tokens.js",
    }
    for address in addresses:
        kept = await ada.http.get(address)
        asked = await ada.http.get(address.partition("?")[0])
        assert (kept.status_code, asked.status_code) == (200, 200)
        assert "immutable" in kept.headers["Cache-Control"]
        assert asked.headers["Cache-Control"] == "no-cache"


async def test_the_icon_is_where_browsers_look_for_one(world: World) -> None:
    """They do for answers that are no page and name none, such as the OpenAPI document."""
    async with world.browser() as client:
        there = await client.get("/favicon.ico")
        icon = await client.get(there.headers["Location"])

    assert there.status_code == 307
    assert icon.headers["Content-Type"] == "image/svg+xml"
    assert icon.text.startswith("<svg")


async def test_a_path_out_of_the_assets_leads_nowhere(world: World) -> None:
    async with world.browser() as client:
        for path in ("/assets/..%2ftemplates%2fbase.html", "/assets/%2e%2e/templates/base.html"):
            assert (await client.get(path)).status_code == 404


async def test_service_info_is_open(world: World) -> None:
    async with world.browser() as client:
        info = (await client.get("/api/v1/service-info")).json()

    assert info["name"].startswith("GAS")
    assert (info["genomes"], info["default_genome"]) == (["rCRS", "GRCh38"], "rCRS")
    assert [plan["plan"] for plan in info["plans"]] == ["free", "premium"]
    assert info["plans"][0]["max_upload_bytes"] == 153_600


async def test_the_interface_is_documented_whole(world: World) -> None:
    async with world.browser() as client:
        schema = (await client.get("/api/openapi.json")).json()
        page = (await client.get("/api/docs")).text

    operations = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in schema["paths"].items()
        for method in methods
    }
    assert operations == {
        "GET /service-info",
        "GET /jobs",
        "POST /jobs",
        "GET /jobs/{job_id}",
        "DELETE /jobs/{job_id}",
        "POST /jobs/{job_id}/preflight",
        "POST /jobs/{job_id}/upload",
        "DELETE /jobs/{job_id}/upload",
        "POST /jobs/{job_id}/upload/parts",
        "POST /jobs/{job_id}/upload/complete",
        "POST /jobs/{job_id}/submit",
        "POST /jobs/{job_id}/cancel",
        "GET /jobs/{job_id}/files",
        "GET /jobs/{job_id}/files/{name}",
        "GET /jobs/{job_id}/log",
        "GET /jobs/{job_id}/shares",
        "POST /jobs/{job_id}/shares",
        "DELETE /jobs/{job_id}/shares/{share_id}",
        "GET /account",
        "PATCH /account",
        "GET /account/usage",
        "GET /account/sessions",
        "DELETE /account/sessions",
        "GET /account/plan",
        "PUT /account/plan",
        "GET /account/tokens",
        "POST /account/tokens",
        "DELETE /account/tokens/{token_id}",
        "GET /jobs/{job_id}/variants",
        "GET /jobs/{job_id}/variants/facets",
        "GET /jobs/{job_id}/variants/export",
        "GET /jobs/{job_id}/variants/{row}",
        "POST /jobs/{job_id}/discard",
        "POST /jobs/{job_id}/undiscard",
        "POST /jobs/{job_id}/rerun",
        "GET /jobs/{job_id}/queue",
        "PATCH /jobs/{job_id}",
    }
    shapes = schema["components"]["schemas"]
    assert "HTTPValidationError" not in shapes
    for methods in schema["paths"].values():
        for described in methods.values():
            assert list(described["responses"]["4XX"]["content"]) == ["application/problem+json"]
    for operation in operations:
        method, _, path = operation.partition(" ")
        assert f"{method} /api/v1{path}" in page
    references = set(re.findall(r'href="#(\w+)"', page))
    assert {"JobView", "ProblemView", "NewJob"} <= references
    assert references - {"content"} <= set(re.findall(r'<section id="(\w+)"', page))
