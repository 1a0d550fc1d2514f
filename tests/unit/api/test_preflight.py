"""The check of an upload over REST, with the real child process."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gas.annotation.limits import MIB
from gas.annotation.preflight import PREFLIGHT_LIMITS, PreflightReport, preflight_file, windows_of
from services.api.jobs import preflights
from tests.unit.api.world import VCF, User, World

GOOD = VCF + b"chrM\t73\t.\tA\tG\t.\tPASS\t.\n"


async def check(user: User, job_id: str) -> PreflightReport:
    response = await user.call("POST", f"/jobs/{job_id}/preflight")
    assert response.status_code == 200, response.text
    return PreflightReport.model_validate(response.json())


async def test_a_draft_is_checked_and_stays_as_it_is(ada: User) -> None:
    job_id = await ada.uploaded(GOOD)
    before = await ada.job(job_id)

    report = await check(ada, job_id)

    assert (report.verdict, report.genome, report.records.count) == ("ok", "rCRS", 1)
    assert report.contigs[0].reference_name == "MT"
    assert await ada.job(job_id) == before


async def test_a_bad_file_is_an_answer_and_can_be_submitted_all_the_same(ada: User) -> None:
    job_id = await ada.uploaded(VCF + b"MT 73 . A G . . .\n")

    report = await check(ada, job_id)

    assert report.verdict == "refused"
    assert report.refusal
    assert report.refusal.code == "malformed_vcf"
    assert report.problems.shown[0].place.line == 3
    assert (await ada.call("POST", f"/jobs/{job_id}/submit")).status_code == 202


async def test_of_a_submitted_job_the_submitted_version_is_checked(ada: User, world: World) -> None:
    job_id = await ada.uploaded(GOOD)
    await ada.call("POST", f"/jobs/{job_id}/submit")
    key = (await ada.job(job_id)).input.key
    world.ports.inputs._bucket.put(key, b"something else", content_type="text/plain")

    assert (await check(ada, job_id)).verdict == "ok"


async def test_nothing_uploaded_or_gone_again(ada: User, world: World) -> None:
    job_id = (await ada.draft())["job"]["id"]
    submitted = await ada.submitted()
    await world.ports.inputs.delete((await ada.job(submitted)).input.key)
    for job in (job_id, submitted):
        response = await ada.call("POST", f"/jobs/{job}/preflight")
        assert (response.status_code, response.json()["code"]) == (409, "upload_missing")


async def test_a_genome_that_this_host_does_not_have(ada: User) -> None:
    draft = await ada.draft(genome="GRCh38")
    assert ada.world.ports.inputs.post(draft["upload"]["fields"], GOOD) == 204

    response = await ada.call("POST", f"/jobs/{draft['job']['id']}/preflight")

    assert (response.status_code, response.json()["code"]) == (422, "unknown_genome")


async def test_nobody_elses(ada: User, ben: User) -> None:
    job_id = await ada.uploaded(GOOD)

    response = await ben.call("POST", f"/jobs/{job_id}/preflight")

    assert (response.status_code, response.json()["code"]) == (404, "job_not_found")


async def test_only_from_our_own_pages(ada: User) -> None:
    job_id = await ada.uploaded(GOOD)

    response = await ada.call(
        "POST", f"/jobs/{job_id}/preflight", headers={"Origin": "https://evil.test"}
    )

    assert (response.status_code, response.json()["code"]) == (403, "cross_site_request")


async def test_of_a_large_upload_only_parts_are_fetched(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    line = b"MT\t73\t.\tA\tG\t.\tPASS\tX=" + b"y" * MIB + b"\n"
    content = VCF + line * 20
    job_id = await ada.uploaded(content)
    read = []
    original = world.ports.inputs.read

    async def note(key: str, version_id: str | None = None, *, start: int, end: int) -> bytes:
        read.append((start, end))
        return await original(key, version_id, start=start, end=end)

    monkeypatch.setattr(world.ports.inputs, "read", note)

    report = await check(ada, job_id)

    assert read == [(window.start, window.end) for window in windows_of(len(content))]
    assert report.refusal is None
    assert report.records.count == pytest.approx(20, rel=0.2)
    assert not report.coverage.complete


async def test_a_check_that_needs_too_much_is_a_problem_and_no_verdict(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ada.uploaded(GOOD)
    tight = replace(PREFLIGHT_LIMITS, wall=timedelta(milliseconds=1))
    monkeypatch.setattr(world.context.preflights, "_limits", tight)

    response = await ada.call("POST", f"/jobs/{job_id}/preflight")

    assert (response.status_code, response.json()["code"]) == (409, "limit_exceeded")


async def test_nothing_stays_of_what_was_fetched(
    ada: User, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ada.uploaded(GOOD)
    scratch = tmp_path / "scratch"
    monkeypatch.setattr(world.context.preflights, "_scratch_dir", scratch)

    await check(ada, job_id)

    assert list(scratch.iterdir()) == []


async def test_a_few_at_a_time_and_the_others_are_told_to_come_again(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ada.uploaded(GOOD)
    begun = asyncio.Semaphore(0)
    go_on = asyncio.Event()

    async def slowly(*arguments: object, **options: object) -> PreflightReport:
        begun.release()
        await go_on.wait()
        return await preflight_file(*arguments, **options)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(preflights, "preflight_file", slowly)
    monkeypatch.setattr(preflights, "_PATIENCE", timedelta(milliseconds=50))
    running = [asyncio.create_task(check(ada, job_id)) for _ in range(2)]
    for _ in running:
        await begun.acquire()

    response = await ada.call("POST", f"/jobs/{job_id}/preflight")

    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert "Retry-After" in response.headers
    go_on.set()
    assert [report.verdict for report in await asyncio.gather(*running)] == ["ok", "ok"]
    assert (await check(ada, job_id)).verdict == "ok"
