"""What owners do with their jobs: name them, run them again, discard them and take them back."""

from datetime import timedelta
from typing import Any

import pytest

from gas.domain import transitions
from gas.domain.errors import ErrorCode
from gas.domain.job import Failure, Progress
from gas.domain.states import JobStatus
from gas.messages import JobRequested
from gas.runtime.topology import DUE_SHARDS
from services.api.settings import ApiSettings
from tests.unit.api.world import VCF, User, World

SHA256 = "ab" * 32


@pytest.fixture
def settings(settings: ApiSettings) -> ApiSettings:
    return settings.model_copy(update={"free_active_jobs": 3, "undo_seconds": 30})


async def test_a_job_has_the_name_and_the_checksum_that_it_came_with(ada: User) -> None:
    job = (await ada.draft(name="  Ada's  exome ", sha256=SHA256))["job"]
    assert (job["name"], job["title"], job["sha256"]) == ("Ada's exome", "Ada's exome", SHA256)
    nameless = (await ada.draft())["job"]
    assert (nameless["name"], nameless["title"], nameless["sha256"]) == (None, "ada.vcf", None)


async def test_a_job_can_be_named_anew_and_goes_by_its_file_without_a_name(ada: User) -> None:
    job_id = await ada.submitted()
    named = await ada.call("PATCH", f"/jobs/{job_id}", json={"name": "<b>mine</b>"})
    assert (named.status_code, named.json()["title"]) == (200, "<b>mine</b>")
    again = await ada.call("PATCH", f"/jobs/{job_id}", json={"name": "<b>mine</b>"})
    blank = await ada.call("PATCH", f"/jobs/{job_id}", json={"name": "  "})
    assert blank.json()["title"] == "ada.vcf"
    moments = [(moment["what"], moment["detail"]) for moment in blank.json()["history"]]
    assert moments == [
        ("created", None),
        ("submitted", None),
        ("renamed", "<b>mine</b>"),
        ("renamed", None),
    ]
    assert len(again.json()["history"]) == 3


@pytest.mark.parametrize("body", [{"name": "x" * 121}, {"name": "a\u202eb"}, {"name": 1}])
async def test_a_name_that_is_none_is_refused(ada: User, body: dict[str, Any]) -> None:
    job_id = await ada.submitted()
    response = await ada.call("PATCH", f"/jobs/{job_id}", json=body)
    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_discarded_job_is_out_of_sight_until_it_is_taken_back(
    ada: User, world: World
) -> None:
    job_id = await ada.completed()

    discarded = await ada.call("POST", f"/jobs/{job_id}/discard")

    assert discarded.status_code == 202
    job = await ada.job(job_id)
    assert job.erase_at == world.clock() + timedelta(seconds=30)
    for path in ("", "/files", "/files/annotated.vcf.gz", "/log", "/queue"):
        assert (await ada.call("GET", f"/jobs/{job_id}{path}")).status_code == 404
    assert (await ada.call("POST", f"/jobs/{job_id}/discard")).status_code == 404
    assert (await ada.call("GET", "/jobs")).json()["jobs"] == []

    back = await ada.call("POST", f"/jobs/{job_id}/undiscard")

    assert (back.status_code, back.json()["storage"]) == (200, "AVAILABLE")
    assert (await ada.call("POST", f"/jobs/{job_id}/undiscard")).status_code == 200
    assert [job["id"] for job in (await ada.call("GET", "/jobs")).json()["jobs"]] == [job_id]


async def test_a_discarded_job_cannot_be_taken_back_for_ever(ada: User, world: World) -> None:
    job_id = await ada.completed()
    await ada.call("POST", f"/jobs/{job_id}/discard")
    world.clock.advance(timedelta(seconds=30))

    response = await ada.call("POST", f"/jobs/{job_id}/undiscard")

    assert (response.status_code, response.json()["code"]) == (404, "job_not_found")
    world.clock.advance(timedelta(seconds=1))
    due = [
        entry.job_id
        for shard in range(DUE_SHARDS)
        for entry in (await world.ports.jobs.due_page(shard, world.clock(), limit=9)).items
    ]
    assert job_id in due


async def test_a_discarded_job_can_be_deleted_for_good(ada: User) -> None:
    job_id = await ada.completed()
    await ada.call("POST", f"/jobs/{job_id}/discard")
    assert (await ada.call("DELETE", f"/jobs/{job_id}")).status_code == 202
    assert (await ada.job(job_id)).status is JobStatus.DELETING
    assert (await ada.call("POST", f"/jobs/{job_id}/undiscard")).status_code == 404


async def test_a_job_runs_again_from_the_version_that_was_submitted(
    ada: User, world: World
) -> None:
    job_id = (await ada.draft(name="mine", sha256=SHA256, genome="GRCh38"))["job"]["id"]
    first = await ada.job(job_id)
    bucket = world.ports.inputs._bucket
    bucket.put(first.input.key, VCF, content_type="text/plain")
    await ada.call("POST", f"/jobs/{job_id}/submit")
    bucket.put(first.input.key, b"something else", content_type="text/plain")

    response = await ada.call("POST", f"/jobs/{job_id}/rerun")

    assert response.status_code == 201
    view = response.json()
    assert (view["status"], view["rerun_of"], view["name"]) == ("SUBMITTED", job_id, "mine")
    assert (view["genome"], view["sha256"], view["size"]) == ("GRCh38", SHA256, len(VCF))
    again = await ada.job(view["id"])
    assert again.input.key != first.input.key
    copied = await world.ports.inputs.read(
        again.input.key, again.input.version_id, start=0, end=len(VCF)
    )
    assert copied == VCF
    requested = [m for m in world.ports.publisher.published if isinstance(m, JobRequested)]
    assert [message.job_id for message in requested] == [job_id, again.job_id]


async def test_the_same_request_runs_a_job_again_once(ada: User) -> None:
    job_id, other = await ada.submitted(), await ada.submitted()
    key = {"Idempotency-Key": "once"}
    first = await ada.call("POST", f"/jobs/{job_id}/rerun", headers=key)
    second = await ada.call("POST", f"/jobs/{job_id}/rerun", headers=key)
    reused = await ada.call("POST", f"/jobs/{other}/rerun", headers=key)
    assert first.json() == second.json()
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    assert len((await ada.call("GET", "/jobs")).json()["jobs"]) == 3


async def test_a_draft_cannot_run_again_and_neither_can_what_is_gone(
    ada: User, world: World
) -> None:
    draft_id = await ada.uploaded()
    refused = await ada.call("POST", f"/jobs/{draft_id}/rerun")
    assert (refused.status_code, refused.json()["code"]) == (409, "upload_missing")

    job_id = await ada.submitted()
    world.ports.inputs._bucket.delete((await ada.job(job_id)).input.key)
    lost = await ada.call("POST", f"/jobs/{job_id}/rerun")
    assert (lost.status_code, lost.json()["code"]) == (409, "upload_missing")
    ids = {job["id"] for job in (await ada.call("GET", "/jobs")).json()["jobs"]}
    assert ids == {draft_id, job_id}


async def test_the_plan_of_today_says_what_may_run_again(ada: User) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    job_id = await ada.uploaded(b"x" * 200_000)
    await ada.call("POST", f"/jobs/{job_id}/submit")
    await ada.call("PUT", "/account/plan", json={"plan": "free"})
    response = await ada.call("POST", f"/jobs/{job_id}/rerun")
    assert (response.status_code, response.json()["code"]) == (413, "upload_too_large")


async def test_more_jobs_than_the_plan_allows_are_refused_until_one_ends(
    ada: User, ben: User
) -> None:
    first, *_ = [await ada.submitted() for _ in range(3)]
    fourth = await ada.uploaded()

    refused = await ada.call("POST", f"/jobs/{fourth}/submit")
    rerun = await ada.call("POST", f"/jobs/{first}/rerun")

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_jobs")
    assert "3 jobs" in refused.json()["detail"]
    assert (rerun.status_code, rerun.json()["code"]) == (409, "too_many_jobs")
    assert (await ada.job(fourth)).status is JobStatus.DRAFT
    assert len((await ada.call("GET", "/jobs")).json()["jobs"]) == 4
    await ben.submitted()
    # Submitting again what is submitted takes no place.
    assert (await ada.call("POST", f"/jobs/{first}/submit")).status_code == 202

    await ada.call("POST", f"/jobs/{first}/cancel")
    assert (await ada.call("POST", f"/jobs/{fourth}/submit")).status_code == 202


async def test_the_plan_tells_how_many_jobs_it_allows(ada: User) -> None:
    assert (await ada.call("GET", "/account/plan")).json()["max_active_jobs"] == 3
    plans = (await ada.call("GET", "/service-info")).json()["plans"]
    assert {plan["plan"]: plan["max_active_jobs"] for plan in plans} == {"free": 3, "premium": 100}


async def test_the_log_is_told_while_it_grows(ada: User, world: World) -> None:
    job_id = await ada.submitted()
    assert (await ada.call("GET", f"/jobs/{job_id}/log")).status_code == 404
    lease = timedelta(minutes=2)
    job = await ada.change(job_id, lambda j: transitions.claim(j, lease, ada.now))
    empty = await ada.call("GET", f"/jobs/{job_id}/log")
    assert (empty.status_code, empty.text) == (200, "")
    progress = Progress(stage="annotate", fraction=0.5, log=("one", "two"))
    await world.ports.jobs.renew_lease(job, ada.now + lease, progress)
    assert (await ada.call("GET", f"/jobs/{job_id}/log")).text == "one\ntwo\n"
    failure = Failure(code=ErrorCode.NOT_A_VCF, message="no")
    await ada.change(job_id, lambda j: transitions.fail(j, failure, ada.now))
    assert (await ada.call("GET", f"/jobs/{job_id}/log")).text == "one\ntwo\n"
