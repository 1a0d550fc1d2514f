"""The pages, their assets, and what is open to all."""

import re

from tests.unit.api.world import User, World


async def test_a_stranger_learns_what_gas_is_and_how_to_sign_in(world: World) -> None:
    async with world.browser() as client:
        page = await client.get("/")

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/sign-in"' in page.text
    assert "150 KB" in page.text
    assert "5 minutes" in page.text


async def test_a_user_gets_the_page_of_jobs_with_leave_to_upload(ada: User) -> None:
    page = await ada.http.get("/")

    assert "Ada" in page.text
    assert 'data-max-bytes="153600"' in page.text
    assert re.search(r'value="free"\s+checked', page.text)
    assert "connect-src 'self' memory://inputs;" in page.headers["Content-Security-Policy"]


async def test_names_of_users_are_text_and_never_markup(world: World) -> None:
    async with world.user("<script>alert(1)</script>") as mallory:
        page = await mallory.http.get("/")

    assert "<script>alert" not in page.text.casefold()
    assert "&lt;script&gt;alert" in page.text.casefold()


async def test_pages_hold_no_script_and_no_style_of_their_own(ada: User) -> None:
    """The content security policy would keep them from working."""
    for path in ("/", "/tokens", "/api/docs"):
        page = (await ada.http.get(path)).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)


async def test_assets_are_kept_as_long_as_they_are_the_same(ada: User) -> None:
    page = await ada.http.get("/")
    addresses = re.findall(r'"(/assets/[^"]+)"', page.text)

    assert {address.partition("?")[0] for address in addresses} == {
        "/assets/favicon.svg",
        "/assets/style.css",
        "/assets/jobs.js",
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


async def test_what_scripts_import_is_there_and_asked_for_each_time(ada: User) -> None:
    """Imports carry no version, so a copy that is kept might not fit the script any more."""
    for path in ("/", "/tokens"):
        (script,) = re.findall(r'src="(/assets/[^"]+)"', (await ada.http.get(path)).text)
        imported = re.findall(r'from "\./(.+)"', (await ada.http.get(script)).text)

        assert imported
        for name in imported:
            module = await ada.http.get(f"/assets/{name}")
            assert module.status_code == 200
            assert module.headers["Content-Type"].startswith("text/javascript")
            assert module.headers["Cache-Control"] == "no-cache"


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
        "POST /jobs/{job_id}/submit",
        "POST /jobs/{job_id}/cancel",
        "GET /jobs/{job_id}/files",
        "GET /jobs/{job_id}/files/{name}",
        "GET /jobs/{job_id}/log",
        "GET /account",
        "GET /account/plan",
        "PUT /account/plan",
        "GET /account/tokens",
        "POST /account/tokens",
        "DELETE /account/tokens/{token_id}",
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
