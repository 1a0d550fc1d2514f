"""The same POST twice makes one job."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from gas.domain.errors import ErrorCode, TransientError
from services.api.store.idempotency import LIFETIME
from tests.unit.api.world import User, World


async def _post(user: User, key: str, **body: Any) -> httpx.Response:
    return await user.call(
        "POST", "/jobs", json={"file_name": "a.vcf", **body}, headers={"Idempotency-Key": key}
    )


async def _count(user: User) -> int:
    return len((await user.call("GET", "/jobs")).json()["jobs"])


async def test_the_same_key_gives_the_same_job_with_a_fresh_form(ada: User, world: World) -> None:
    first = await _post(ada, "k1")
    world.clock.advance(timedelta(minutes=10))
    second = await _post(ada, "k1")

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["job"] == second.json()["job"]
    assert first.json()["upload"]["expires_at"] < second.json()["upload"]["expires_at"]
    assert await _count(ada) == 1


async def test_the_same_key_at_the_same_time_makes_one_job(ada: User) -> None:
    responses = await asyncio.gather(*(_post(ada, "k1") for _ in range(5)))

    assert {response.status_code for response in responses} == {201}
    assert len({response.json()["job"]["id"] for response in responses}) == 1
    assert await _count(ada) == 1


async def test_the_same_key_for_another_request_is_refused(ada: User) -> None:
    await _post(ada, "k1")

    response = await _post(ada, "k1", genome="GRCh38")

    assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")
    assert await _count(ada) == 1


async def test_the_key_of_another_user_means_nothing(ada: User, ben: User) -> None:
    hers, his = await _post(ada, "k1"), await _post(ben, "k1")

    assert hers.json()["job"]["id"] != his.json()["job"]["id"]


async def test_after_a_failure_in_between_the_key_goes_on(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise TransientError(ErrorCode.INTERNAL_ERROR, "away")

    with monkeypatch.context() as failing:
        failing.setattr(world.ports.jobs, "commit", away)
        failed = await _post(ada, "k1")
    repeated = await _post(ada, "k1")

    assert (failed.status_code, repeated.status_code) == (503, 201)
    assert await _count(ada) == 1


async def test_a_key_does_not_bring_back_a_deleted_job(ada: User, world: World) -> None:
    job_id = (await _post(ada, "k1")).json()["job"]["id"]
    await ada.call("DELETE", f"/jobs/{job_id}")
    deleting = await _post(ada, "k1")
    await world.ports.jobs.erase(await ada.job(job_id))
    erased = await _post(ada, "k1")

    assert (deleting.status_code, erased.status_code) == (404, 404)
    assert await _count(ada) == 0


async def test_a_submitted_job_gives_no_second_form(ada: User, world: World) -> None:
    draft = (await _post(ada, "k1")).json()
    world.ports.inputs.post(draft["upload"]["fields"], b"x")
    await ada.call("POST", f"/jobs/{draft['job']['id']}/submit")

    again = (await _post(ada, "k1")).json()

    assert again["job"]["status"] == "SUBMITTED"
    assert again["upload"] is None


async def test_keys_are_forgotten_after_their_time(ada: User, world: World) -> None:
    first = await _post(ada, "k1")
    world.clock.advance(LIFETIME - timedelta(hours=2))
    await world.context.idempotency.forget_expired()
    same = await _post(ada, "k1")
    world.clock.advance(timedelta(hours=3))
    await world.context.idempotency.forget_expired()
    async with world.user("ada") as again:  # her session ended meanwhile
        other = await _post(again, "k1")

    assert first.json()["job"]["id"] == same.json()["job"]["id"]
    assert first.json()["job"]["id"] != other.json()["job"]["id"]


@pytest.mark.parametrize("key", ["x" * 201, "with space"])
async def test_a_key_has_a_form(ada: User, key: str) -> None:
    assert (await _post(ada, key)).status_code == 422
