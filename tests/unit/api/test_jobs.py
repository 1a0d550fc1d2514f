"""Jobs over REST: drafts, uploads, submission, and what each user may see."""

from typing import Any

import pytest

from gas.domain.change import Change
from gas.domain.errors import ErrorCode, LostRaceError, TransientError
from gas.domain.plan import FREE_UPLOAD_BYTES, PREMIUM_UPLOAD_BYTES
from gas.domain.states import JobStatus
from gas.messages import JobRequested
from tests.unit.api.world import VCF, User, World


async def test_a_draft_comes_with_a_form_for_its_upload(ada: User) -> None:
    draft = await ada.draft(file_name="NA12878.vcf.gz", genome="GRCh38")

    assert draft["job"]["status"] == "DRAFT"
    assert draft["job"]["file_name"] == "NA12878.vcf.gz"
    assert draft["job"]["genome"] == "GRCh38"
    assert draft["upload"]["max_bytes"] == FREE_UPLOAD_BYTES
    key = draft["upload"]["fields"]["key"]
    assert key == f"{ada.account.user_id}/{draft['job']['id']}/input"


async def test_the_first_genome_is_the_default(ada: User) -> None:
    assert (await ada.draft())["job"]["genome"] == "rCRS"


async def test_an_unknown_genome_is_refused(ada: User) -> None:
    response = await ada.call("POST", "/jobs", json={"file_name": "a.vcf", "genome": "hg17"})

    assert (response.status_code, response.json()["code"]) == (422, "unknown_genome")


async def test_a_premium_user_may_upload_more(ada: User) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})

    draft = await ada.draft(size=FREE_UPLOAD_BYTES + 1)

    assert draft["upload"]["max_bytes"] == PREMIUM_UPLOAD_BYTES


async def test_an_announced_size_over_the_limit_is_refused_before_the_upload(ada: User) -> None:
    body = {"file_name": "a.vcf", "size": FREE_UPLOAD_BYTES + 1}

    response = await ada.call("POST", "/jobs", json=body)

    assert (response.status_code, response.json()["code"]) == (413, "upload_too_large")
    assert (await ada.call("GET", "/jobs")).json()["jobs"] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.vcf", "a\nb.vcf", "", "  ", "x" * 256])
async def test_a_file_name_that_is_none_is_refused(ada: User, name: str) -> None:
    response = await ada.call("POST", "/jobs", json={"file_name": name})

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_submitting_queues_the_version_that_was_uploaded(ada: User, world: World) -> None:
    job_id = await ada.uploaded(VCF)

    response = await ada.call(
        "POST", f"/jobs/{job_id}/submit", headers={"X-Request-Id": "submit-1"}
    )

    assert response.status_code == 202
    assert response.json()["status"] == "SUBMITTED"
    assert response.json()["size"] == len(VCF)
    job = await ada.job(job_id)
    there = await world.ports.inputs.head(job.input.key)
    assert there is not None
    assert (job.input.etag, job.input.version_id) == (there.etag, there.version_id)
    (message,) = world.ports.publisher.published
    assert isinstance(message, JobRequested)
    assert message.job_id == job_id
    assert message.correlation_id == job.correlation_id
    assert job.outbox == ()


async def test_a_job_carries_the_id_of_the_request_that_made_it(ada: User) -> None:
    response = await ada.call(
        "POST", "/jobs", json={"file_name": "a.vcf"}, headers={"X-Request-Id": "my-request"}
    )

    job = await ada.job(response.json()["job"]["id"])
    assert job.correlation_id == "my-request"


async def test_submitting_twice_queues_once(ada: User, world: World) -> None:
    job_id = await ada.submitted()

    again = await ada.call("POST", f"/jobs/{job_id}/submit")

    assert (again.status_code, again.json()["status"]) == (202, "SUBMITTED")
    assert len(world.ports.publisher.published) == 1


async def test_submitting_without_an_upload_is_refused(ada: User) -> None:
    job_id = (await ada.draft())["job"]["id"]

    response = await ada.call("POST", f"/jobs/{job_id}/submit")

    assert (response.status_code, response.json()["code"]) == (409, "upload_missing")


async def test_an_upload_over_the_limit_is_refused_and_the_draft_stays(
    ada: User, world: World
) -> None:
    """S3 holds the form to the limit; but the plan may have changed since the form was made."""
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    job_id = await ada.uploaded(b"x" * (FREE_UPLOAD_BYTES + 1))
    await ada.call("PUT", "/account/plan", json={"plan": "free"})

    response = await ada.call("POST", f"/jobs/{job_id}/submit")

    assert (response.status_code, response.json()["code"]) == (413, "upload_too_large")
    assert (await ada.job(job_id)).status is JobStatus.DRAFT
    assert not any(isinstance(m, JobRequested) for m in world.ports.publisher.published)


async def test_an_upload_of_exactly_the_limit_is_taken(ada: User) -> None:
    job_id = await ada.uploaded(b"x" * FREE_UPLOAD_BYTES)

    assert (await ada.call("POST", f"/jobs/{job_id}/submit")).status_code == 202


async def test_a_cancelled_job_cannot_be_submitted_again(ada: User) -> None:
    job_id = await ada.submitted()
    cancelled = await ada.call("POST", f"/jobs/{job_id}/cancel")
    again = await ada.call("POST", f"/jobs/{job_id}/cancel")
    submitted = await ada.call("POST", f"/jobs/{job_id}/submit")

    assert (cancelled.status_code, cancelled.json()["status"]) == (202, "CANCELLED")
    assert (again.status_code, again.json()["status"]) == (202, "CANCELLED")
    assert (submitted.status_code, submitted.json()["code"]) == (409, "conflicting_state")


async def test_a_draft_cannot_be_cancelled(ada: User) -> None:
    job_id = (await ada.draft())["job"]["id"]

    response = await ada.call("POST", f"/jobs/{job_id}/cancel")

    assert (response.status_code, response.json()["code"]) == (409, "conflicting_state")


async def test_a_deleted_job_is_gone_for_its_owner(ada: User) -> None:
    job_id = await ada.submitted()

    first = await ada.call("DELETE", f"/jobs/{job_id}")
    second = await ada.call("DELETE", f"/jobs/{job_id}")

    assert (first.status_code, second.status_code) == (202, 202)
    assert (await ada.job(job_id)).status is JobStatus.DELETING
    assert (await ada.call("GET", f"/jobs/{job_id}")).status_code == 404
    assert (await ada.call("GET", "/jobs")).json()["jobs"] == []


_EVERYTHING = [
    ("GET", ""),
    ("DELETE", ""),
    ("POST", "/submit"),
    ("POST", "/cancel"),
    ("GET", "/files"),
    ("GET", "/files/annotated.vcf.gz"),
    ("GET", "/files/input"),
    ("GET", "/log"),
    ("GET", "/queue"),
    ("PATCH", ""),
    ("POST", "/rerun"),
    ("POST", "/discard"),
    ("POST", "/undiscard"),
]


@pytest.mark.parametrize(("method", "path"), _EVERYTHING)
async def test_a_job_of_somebody_else_looks_like_one_that_never_was(
    ada: User, ben: User, method: str, path: str
) -> None:
    hers = await ada.completed()
    before = await ada.job(hers)

    body: dict[str, Any] = {"json": {"name": "mine"}} if method == "PATCH" else {}
    headers = {"X-Request-Id": "same"}
    for_ben = await ben.call(method, f"/jobs/{hers}{path}", headers=headers, **body)
    unknown = await ben.call(method, f"/jobs/nonsense{path}", headers=headers, **body)

    assert for_ben.status_code == 404
    assert for_ben.json()["code"] == "job_not_found"
    assert for_ben.json() == unknown.json()
    assert await ada.job(hers) == before


async def test_a_change_that_lost_a_race_is_tried_again(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ada.submitted()
    commit = world.ports.jobs.commit
    lost: list[Change] = []

    async def lose_twice(change: Change) -> None:
        if len(lost) < 2:
            lost.append(change)
            raise LostRaceError
        await commit(change)

    monkeypatch.setattr(world.ports.jobs, "commit", lose_twice)

    response = await ada.call("POST", f"/jobs/{job_id}/cancel")

    assert (response.status_code, response.json()["status"]) == (202, "CANCELLED")


async def test_a_change_that_keeps_losing_is_refused(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await ada.submitted()

    async def lose(_change: Change) -> None:
        raise LostRaceError

    monkeypatch.setattr(world.ports.jobs, "commit", lose)

    response = await ada.call("POST", f"/jobs/{job_id}/cancel")

    assert (response.status_code, response.json()["code"]) == (409, "conflicting_write")


async def test_a_store_that_is_away_is_told_with_a_time_to_come_back(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise TransientError(ErrorCode.INTERNAL_ERROR, "the table at 10.0.0.1 is throttled")

    monkeypatch.setattr(world.ports.jobs, "list_page", away)

    response = await ada.call("GET", "/jobs")

    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert int(response.headers["Retry-After"]) > 0
    assert "10.0.0.1" not in response.text
