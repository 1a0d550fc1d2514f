"""The api: the only door. It lets in what a plan allows, and shows nobody what is another's."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from gas.cli.errors import RefusedError
from gas.domain.errors import ErrorCode
from gas.domain.plan import FREE_UPLOAD_BYTES, Plan
from gas.domain.states import AVAILABLE, DRAFT
from gas.messages import new_id
from tests.support.inputs import large_vcf
from tests.support.journey import Journey
from tests.support.users import User

TOO_LARGE = large_vcf(8_000)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.vcf"
    path.write_bytes(TOO_LARGE)
    assert path.stat().st_size > FREE_UPLOAD_BYTES
    return path


async def test_upload_over_the_limit_is_refused_before_it_begins(user: User, large: Path) -> None:
    with pytest.raises(RefusedError) as refused:
        await user.client.create(large.name, size=len(TOO_LARGE))
    assert (refused.value.status, refused.value.code) == (413, ErrorCode.UPLOAD_TOO_LARGE)
    assert [job async for job in user.client.jobs()] == []


async def test_upload_over_the_limit_is_refused_by_s3_itself(
    journey: Journey, user: User, large: Path
) -> None:
    draft = await user.client.create(large.name)
    assert draft.upload.max_bytes == FREE_UPLOAD_BYTES
    with large.open("rb") as file:
        async with httpx.AsyncClient(trust_env=False, verify=journey.stack.trust) as s3:
            answer = await s3.post(draft.upload.url, data=draft.upload.fields, files={"file": file})
    assert answer.status_code == 400
    assert "<Code>EntityTooLarge</Code>" in answer.text
    assert await journey.inputs(user, draft.job.id) == []


async def test_upload_over_the_limit_is_refused_at_submit(premium: User) -> None:
    """Uploaded as a Premium user, who is a Free one by now."""
    draft = await premium.draft(TOO_LARGE)
    await premium.client.change_plan(Plan.FREE)
    with pytest.raises(RefusedError) as refused:
        await premium.client.submit(draft.id)
    assert (refused.value.status, refused.value.code) == (413, ErrorCode.UPLOAD_TOO_LARGE)
    assert (await premium.client.show(draft.id)).state == str(DRAFT)


async def test_premium_user_may_upload_more(premium: User) -> None:
    job = await premium.completed(TOO_LARGE)
    assert job.size == len(TOO_LARGE)


async def test_submit_without_an_upload_is_refused(user: User) -> None:
    draft = await user.client.create("nothing.vcf")
    with pytest.raises(RefusedError) as refused:
        await user.client.submit(draft.job.id)
    assert (refused.value.status, refused.value.code) == (409, ErrorCode.UPLOAD_MISSING)


async def test_repeated_request_makes_one_job(user: User) -> None:
    key = {"Idempotency-Key": new_id()}
    body = {"file_name": "a.vcf"}
    answers = await asyncio.gather(
        *(user.ask("POST", "/jobs", json=body, headers=key) for _ in range(3))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["job"]["id"] for answer in answers}) == 1
    assert len([job async for job in user.client.jobs()]) == 1


async def test_job_of_another_user_does_not_exist(journey: Journey, premium: User) -> None:
    """The answers are those for an id that never was, word for word."""
    job = await premium.completed()
    stranger = await journey.user()
    requests = [
        ("GET", "/jobs/{id}"),
        ("GET", "/jobs/{id}/files"),
        *(("GET", f"/jobs/{{id}}/files/{file.name}") for file in job.files),
        ("GET", "/jobs/{id}/files/input"),
        ("GET", "/jobs/{id}/log"),
        ("POST", "/jobs/{id}/submit"),
        ("POST", "/jobs/{id}/cancel"),
        ("DELETE", "/jobs/{id}"),
    ]
    for method, path in requests:
        theirs = await stranger.ask(method, path.format(id=job.id))
        nobodys = await stranger.ask(method, path.format(id=new_id()))
        assert theirs.status_code == 404, f"{method} {path}"
        assert theirs.json()["code"] == ErrorCode.JOB_NOT_FOUND
        assert content(theirs) == content(nobodys), f"{method} {path}"
    assert [found async for found in stranger.client.jobs()] == []
    assert (await premium.client.show(job.id)).state == str(AVAILABLE)


async def test_without_a_token_there_is_nothing_to_see(journey: Journey, premium: User) -> None:
    job = await premium.submit()
    async with httpx.AsyncClient(trust_env=False, verify=journey.stack.trust) as nobody:
        answer = await nobody.get(f"{journey.stack.api_url}/api/v1/jobs/{job.id}")
    assert answer.status_code == 401
    assert job.id not in answer.text


def content(answer: httpx.Response) -> dict[str, Any]:
    """An answer without what differs from request to request."""
    body: dict[str, Any] = answer.json()
    return {name: value for name, value in body.items() if name != "request_id"}
