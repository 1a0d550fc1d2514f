"""Links to a job: made, used, revoked, expired; what they show, and what they keep to themselves."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from gas.domain import owner_steps
from services.api.store.tables import AuditRow, ShareRow
from tests.unit.api.logs import logged
from tests.unit.api.results import annotated, archive
from tests.unit.api.world import ORIGIN, User, World

HTML = {"Accept": "text/html"}
HTMX = {"HX-Request": "true"}


async def made(user: User, job_id: str, **body: Any) -> dict[str, Any]:
    response = await user.call("POST", f"/jobs/{job_id}/shares", json=body)
    assert response.status_code == 201, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def link_to(user: User, job_id: str, **body: Any) -> str:
    url: str = (await made(user, job_id, **body))["url"]
    return urlsplit(url).path


async def test_a_link_shows_the_result_to_whoever_has_it(
    ada: User, browser: httpx.AsyncClient
) -> None:
    job_id = await annotated(ada)
    link = await link_to(ada, job_id)

    page = await browser.get(link)

    assert page.status_code == 200
    assert 'id="plot-consequences"' in page.text
    assert f'href="{link}/variants?consequence=missense_variant"' in page.text
    assert f'href="{link}/files/annotated.vcf.gz"' in page.text
    assert "bcftools 1.24" in page.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)


async def test_a_link_says_nothing_of_the_owner(ada: User, browser: httpx.AsyncClient) -> None:
    job_id = await annotated(ada)

    page = await browser.get(await link_to(ada, job_id, label="For Prof. Ng"))

    for secret in ("Ada<", "ada@example.org", ada.account.user_id, job_id, "Prof. Ng", "Log<"):
        assert secret not in page.text
    for action in ("/rename", "/delete", "/rerun", "/cancel", "/check", "files/input"):
        assert action not in page.text


async def test_a_link_is_kept_from_other_sites_caches_and_search_engines(
    ada: User, browser: httpx.AsyncClient
) -> None:
    link = await link_to(ada, await annotated(ada))

    for path in ("", "/files/annotated.vcf.gz", "/nothing"):
        answer = await browser.get(link + path, headers=HTML)
        assert answer.headers["Cache-Control"] == "no-store"
    page = await browser.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


async def test_files_and_plots_are_had_by_the_link_but_not_the_upload(
    ada: User, browser: httpx.AsyncClient, world: World
) -> None:
    link = await link_to(ada, await annotated(ada))

    file = await browser.get(f"{link}/files/annotated.vcf.gz")
    upload = await browser.get(f"{link}/files/input")
    plot = await browser.get(f"{link}/plots/impact.tsv")

    assert world.ports.results.fetch(file.headers["Location"]) == b"the annotated.vcf.gz\n"
    assert file.headers["Referrer-Policy"] == "no-referrer"
    assert upload.status_code == 404
    assert plot.text.startswith("Impact\tAlleles\tShare\n")


async def test_an_archived_result_keeps_its_summary_for_those_with_a_link(
    ada: User, browser: httpx.AsyncClient
) -> None:
    job_id = await annotated(ada)
    link = await link_to(ada, job_id)
    await archive(ada, job_id)

    page = await browser.get(link)

    assert "its owner can bring the files back" in page.text
    assert 'id="plot-consequences"' in page.text
    assert f'href="{link}/files/annotated.vcf.gz"' not in page.text
    assert (await browser.get(f"{link}/files/annotated.vcf.gz")).status_code == 409


async def test_a_job_that_is_not_done_says_so(ada: User, browser: httpx.AsyncClient) -> None:
    page = await browser.get(await link_to(ada, await ada.submitted()))

    assert "not there yet" in page.text


async def test_links_that_do_not_work_all_look_the_same(
    ada: User, browser: httpx.AsyncClient, world: World
) -> None:
    job_id, deleted, discarded = [await annotated(ada) for _ in range(3)]
    revoked = await made(ada, job_id)
    expired = await made(ada, job_id, expires_in_days=1)
    to_deleted, to_discarded = await made(ada, deleted), await made(ada, discarded)
    await ada.call("DELETE", f"/jobs/{job_id}/shares/{revoked['id']}")
    await ada.call("DELETE", f"/jobs/{deleted}")
    await ada.change(discarded, lambda j: owner_steps.discard(j, timedelta(seconds=30), ada.now))
    world.clock.advance(timedelta(days=1))

    pages = set()
    links = [urlsplit(share["url"]).path for share in (revoked, expired, to_deleted, to_discarded)]
    for link in (*links, "/shared/unknown"):
        for path in ("", "/files/annotated.vcf.gz", "/plots/impact.svg"):
            page = await browser.get(link + path, headers=HTML)
            assert page.status_code == 404
            assert page.headers["Referrer-Policy"] == "no-referrer"
            pages.add(page.text.replace(page.headers["X-Request-Id"], "ID"))
    assert len(pages) == 1
    assert "This link does not work" in pages.pop()


async def test_a_link_works_as_long_as_was_said(
    ada: User, browser: httpx.AsyncClient, world: World
) -> None:
    job_id = await annotated(ada)
    share = await made(ada, job_id)
    link = urlsplit(share["url"]).path

    world.clock.advance(timedelta(days=7, seconds=-1))
    assert (await browser.get(link)).status_code == 200
    world.clock.advance(timedelta(seconds=1))
    assert (await browser.get(link)).status_code == 404
    assert await world.context.shares.list(ada.account.user_id, job_id) == []


async def test_only_a_hash_of_the_link_is_kept(ada: User, world: World) -> None:
    share = await made(ada, await annotated(ada), label="Ng")
    token = share["url"].rpartition("/")[2]

    async with world.context.database.transaction() as session:
        (row,) = await session.scalars(select(ShareRow))
        trail = [str(entry.detail) for entry in await session.scalars(select(AuditRow))]
        kept = str([getattr(row, column.name) for column in ShareRow.__table__.columns])
    assert len(token) == 43
    assert token not in kept
    assert not any(token in detail for detail in trail)
    assert len(row.token_hash) == 32


async def test_making_and_revoking_are_on_record(ada: User, world: World) -> None:
    job_id = await annotated(ada)
    share = await made(ada, job_id, label="Ng")
    await ada.call("DELETE", f"/jobs/{job_id}/shares/{share['id']}")

    async with world.context.database.transaction() as session:
        trail = [(entry.action, entry.detail) for entry in await session.scalars(select(AuditRow))]
    detail = {"job_id": job_id, "share_id": share["id"], "label": "Ng"}
    assert trail[-2:] == [("share created", detail), ("share revoked", detail)]


async def test_the_list_tells_links_apart_and_when_they_were_used(
    ada: User, browser: httpx.AsyncClient
) -> None:
    job_id = await annotated(ada)
    first = await made(ada, job_id, label="first", expires_in_days=90)
    await made(ada, job_id, label="second")
    await browser.get(urlsplit(first["url"]).path)

    shares = (await ada.call("GET", f"/jobs/{job_id}/shares")).json()["shares"]

    assert {share["label"] for share in shares} == {"first", "second"}
    used = {share["label"]: share["last_used_at"] for share in shares}
    assert used["first"] is not None
    assert used["second"] is None
    assert all("url" not in share for share in shares)


@pytest.mark.parametrize(
    "body", [{"expires_in_days": 365}, {"expires_in_days": 0}, {"label": "x" * 101}, {"who": "Ng"}]
)
async def test_what_makes_no_sense_is_refused(ada: User, body: dict[str, Any]) -> None:
    job_id = await annotated(ada)

    assert (await ada.call("POST", f"/jobs/{job_id}/shares", json=body)).status_code == 422


async def test_nobody_shares_or_revokes_for_another(ada: User, ben: User) -> None:
    job_id, other = await annotated(ada), await annotated(ada)
    share = await made(ada, job_id)

    for method, path in (
        ("GET", f"/jobs/{job_id}/shares"),
        ("POST", f"/jobs/{job_id}/shares"),
        ("DELETE", f"/jobs/{job_id}/shares/{share['id']}"),
    ):
        body: dict[str, str] | None = {} if method == "POST" else None
        assert (await ben.call(method, path, json=body)).status_code == 404
    wrong_job = await ada.call("DELETE", f"/jobs/{other}/shares/{share['id']}")
    assert (wrong_job.status_code, wrong_job.json()["code"]) == (404, "share_not_found")
    assert len((await ada.call("GET", f"/jobs/{job_id}/shares")).json()["shares"]) == 1


async def test_the_page_makes_a_link_shows_it_once_and_revokes_it(
    ada: User, browser: httpx.AsyncClient
) -> None:
    job_id = await annotated(ada)

    answer = await ada.http.post(
        f"/jobs/{job_id}/shares", data={"label": "<b>Ng</b>", "days": "30"}, headers=HTMX
    )
    (link,) = re.findall(r'id="link"[^>]* value="https://gas\.test(/shared/[^"]+)"', answer.text)
    again = await ada.http.get(f"/jobs/{job_id}")
    (revoke,) = re.findall(r'action="(/jobs/[^"]+/revoke)"', again.text)

    assert (await browser.get(link)).status_code == 200
    assert "&lt;b&gt;Ng&lt;/b&gt;" in answer.text
    assert "<html" not in answer.text
    assert link not in again.text
    gone = await ada.http.post(revoke, headers=HTMX)
    assert "There is no link to this job" in gone.text
    assert (await browser.get(link)).status_code == 404


async def test_without_javascript_sharing_has_a_page_of_its_own(ada: User) -> None:
    job_id = await annotated(ada)

    answer = await ada.http.post(f"/jobs/{job_id}/shares", data={"days": "1"})
    (revoke,) = re.findall(r'action="(/jobs/[^"]+/revoke)"', answer.text)
    gone = await ada.http.post(revoke)

    assert "<html" in answer.text
    assert 'id="link"' in answer.text
    assert (gone.status_code, gone.headers["Location"]) == (303, f"/jobs/{job_id}/shares")
    assert "There is no link" in (await ada.http.get(gone.headers["Location"])).text


async def test_links_are_made_on_our_own_pages_alone(ada: User, world: World) -> None:
    job_id = await annotated(ada)
    for header in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = await ada.http.post(f"/jobs/{job_id}/shares", data={}, headers=header)
        assert answer.status_code == 403
    assert (await ada.call("GET", f"/jobs/{job_id}/shares")).json() == {"shares": []}


async def test_the_log_of_requests_does_not_have_the_link(
    ada: User, browser: httpx.AsyncClient
) -> None:
    link = await link_to(ada, await annotated(ada))
    token = link.rpartition("/")[2]

    with logged() as logs:
        for path in ("", "/plots/impact.svg", "/nothing"):
            await browser.get(link + path)
        await browser.get(f"{ORIGIN}//shared//{token}")

    assert token not in str(logs)
    assert {"/shared/…", "/shared/…/plots/impact.svg"} <= {entry.get("path") for entry in logs}


async def test_expired_links_are_forgotten(ada: User, world: World) -> None:
    await made(ada, await annotated(ada), expires_in_days=1)
    world.clock.advance(timedelta(days=1))

    await world.context.shares.forget_expired()

    async with world.context.database.transaction() as session:
        assert (await session.scalars(select(ShareRow))).all() == []
