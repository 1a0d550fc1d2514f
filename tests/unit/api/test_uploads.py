"""Uploads in parts over REST, with the browser's side of the store in memory."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from gas.domain.plan import PREMIUM_UPLOAD_BYTES
from services.api.settings import ApiSettings
from tests.unit.api.world import VCF, User, World

PART = 1024**2
CONTENT = VCF + b"MT\t73\t.\tA\tG\t.\tPASS\tX=" + b"y" * (2 * PART) + b"\n"
SIZE = len(CONTENT)
COUNT = 3


@pytest.fixture
def settings(settings: ApiSettings) -> ApiSettings:
    return settings.model_copy(update={"upload_part_bytes": PART})


@pytest.fixture
async def grace(ada: User) -> User:
    """Ada on the plan that takes large files."""
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    return ada


async def drafted(user: User) -> str:
    job_id: str = (await user.draft())["job"]["id"]
    return job_id


async def begun(user: User, job_id: str, size: int = SIZE) -> dict[str, Any]:
    response = await user.call("POST", f"/jobs/{job_id}/upload", json={"size": size})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def addressed(user: User, job_id: str, *numbers: int) -> list[dict[str, Any]]:
    body = {"size": SIZE, "numbers": numbers}
    response = await user.call("POST", f"/jobs/{job_id}/upload/parts", json=body)
    assert response.status_code == 200, response.text
    parts: list[dict[str, Any]] = response.json()["parts"]
    return parts


async def sent(user: User, job_id: str, *numbers: int) -> None:
    for part in await addressed(user, job_id, *numbers):
        start = (part["number"] - 1) * PART
        content = CONTENT[start : start + part["size"]]
        assert user.world.ports.uploads.put(part["url"], content) == 200


async def completed(user: User, job_id: str) -> httpx.Response:
    return await user.call("POST", f"/jobs/{job_id}/upload/complete", json={"size": SIZE})


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_a_large_file_goes_in_parts_and_is_then_like_any_other(grace: User) -> None:
    job_id = await drafted(grace)

    plan = await begun(grace, job_id)
    assert plan["parts"] == {"part_bytes": PART, "count": COUNT, "there": []}
    assert (plan["done"], plan["form"]) == (False, None)
    await sent(grace, job_id, 3, 1, 2)
    done = await completed(grace, job_id)

    assert (done.status_code, done.json()) == (200, {"size": SIZE})
    submitted = await grace.call("POST", f"/jobs/{job_id}/submit")
    assert (submitted.status_code, submitted.json()["size"]) == (202, SIZE)
    key = (await grace.job(job_id)).input.key
    assert await grace.world.ports.inputs.read(key, start=0, end=SIZE) == CONTENT


async def test_it_goes_on_with_the_parts_that_are_missing(grace: User) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    await sent(grace, job_id, 2)

    again = await begun(grace, job_id)

    assert again["parts"]["there"] == [2]
    assert told(await completed(grace, job_id)) == (409, "upload_missing")
    await sent(grace, job_id, 1, 3)
    assert (await completed(grace, job_id)).status_code == 200
    assert await begun(grace, job_id) == {**again, "done": True, "parts": None}
    assert (await completed(grace, job_id)).status_code == 200


async def test_parts_of_another_size_are_sent_anew(
    grace: User, settings: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    await sent(grace, job_id, 1, 2, 3)
    others = settings.model_copy(update={"upload_part_bytes": PART + 1})
    monkeypatch.setattr(grace.world.context.uploads, "_settings", others)

    assert (await begun(grace, job_id))["parts"]["there"] == []


async def test_a_small_file_goes_by_a_form(ada: User) -> None:
    job_id = await drafted(ada)

    plan = await begun(ada, job_id, len(VCF))

    assert plan["parts"] is None
    assert plan["form"]["max_bytes"] == 153_600
    assert ada.world.ports.inputs.post(plan["form"]["fields"], VCF) == 204
    assert (await begun(ada, job_id, len(VCF)))["done"]
    assert not (await begun(ada, job_id, len(VCF) + 1))["done"]


async def test_what_is_not_submitted_is_kept_for_so_long(ada: User) -> None:
    draft = await ada.draft()
    kept_until = (await begun(ada, draft["job"]["id"], 1))["kept_until"]
    created = (await ada.job(draft["job"]["id"])).created_at
    assert kept_until == (created + timedelta(hours=24)).isoformat().replace("+00:00", "Z")


async def test_the_plans_limit_holds_before_the_upload(ada: User) -> None:
    job_id = await drafted(ada)
    for path in ("upload", "upload/complete"):
        refused = await ada.call("POST", f"/jobs/{job_id}/{path}", json={"size": 153_601})
        assert told(refused) == (413, "upload_too_large")
    body = {"size": PREMIUM_UPLOAD_BYTES, "numbers": [1]}
    assert told(await ada.call("POST", f"/jobs/{job_id}/upload/parts", json=body))[0] == 413


async def test_after_a_downgrade_what_is_uploaded_is_given_up(grace: User, world: World) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    await sent(grace, job_id, 1, 2, 3)
    await grace.call("PUT", "/account/plan", json={"plan": "free"})

    assert told(await completed(grace, job_id)) == (413, "upload_too_large")

    key = (await grace.job(job_id)).input.key
    assert await world.ports.uploads.find(key) is None
    assert await world.ports.inputs.head(key) is None


async def test_an_address_takes_its_own_part_alone(grace: User, world: World) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    [last] = await addressed(grace, job_id, 3)

    assert world.ports.uploads.put(last["url"], b"x" * (last["size"] + 1)) == 403
    world.clock.advance(timedelta(hours=2))
    assert world.ports.uploads.put(last["url"], b"x" * last["size"]) == 403


async def test_there_are_no_more_parts_than_the_file_has(grace: User) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    for numbers in ([4], [0], [], list(range(1, 102))):
        body = {"size": SIZE, "numbers": numbers}
        refused = await grace.call("POST", f"/jobs/{job_id}/upload/parts", json=body)
        assert told(refused) == (422, "invalid_request")


async def test_an_upload_can_be_given_up(grace: User) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    await sent(grace, job_id, 1)

    for _ in range(2):
        assert (await grace.call("DELETE", f"/jobs/{job_id}/upload")).status_code == 204

    assert told(await completed(grace, job_id)) == (409, "upload_missing")
    body = {"size": SIZE, "numbers": [1]}
    refused = await grace.call("POST", f"/jobs/{job_id}/upload/parts", json=body)
    assert told(refused) == (409, "upload_missing")
    assert (await begun(grace, job_id))["parts"]["there"] == []


async def test_a_submitted_job_keeps_its_file(ada: User) -> None:
    job_id = await ada.submitted()
    for method, path in (("POST", "upload"), ("POST", "upload/complete"), ("DELETE", "upload")):
        body = None if method == "DELETE" else {"size": 5}
        refused = await ada.call(method, f"/jobs/{job_id}/{path}", json=body)
        assert told(refused) == (409, "conflicting_state")


async def test_nobody_elses(grace: User, ben: User) -> None:
    job_id = await drafted(grace)
    await begun(grace, job_id)
    for method, path, body in (
        ("POST", "upload", {"size": 5}),
        ("POST", "upload/parts", {"size": 5, "numbers": [1]}),
        ("POST", "upload/complete", {"size": 5}),
        ("DELETE", "upload", None),
    ):
        refused = await ben.call(method, f"/jobs/{job_id}/{path}", json=body)
        assert told(refused) == (404, "job_not_found")


async def test_a_drafts_genome_can_be_changed_until_it_is_submitted(ada: User) -> None:
    job_id = await ada.uploaded()
    changed = await ada.call("PATCH", f"/jobs/{job_id}", json={"genome": "GRCh38"})
    assert (changed.status_code, changed.json()["genome"]) == (200, "GRCh38")
    named = await ada.call("PATCH", f"/jobs/{job_id}", json={"name": "Trio"})
    assert (named.json()["name"], named.json()["genome"]) == ("Trio", "GRCh38")
    again = await ada.call("PATCH", f"/jobs/{job_id}", json={"genome": "rCRS"})
    assert (again.json()["name"], again.json()["genome"]) == ("Trio", "rCRS")

    unknown = await ada.call("PATCH", f"/jobs/{job_id}", json={"genome": "GRCh36"})
    assert told(unknown) == (422, "unknown_genome")
    await ada.call("POST", f"/jobs/{job_id}/submit")
    late = await ada.call("PATCH", f"/jobs/{job_id}", json={"genome": "GRCh38"})
    assert told(late) == (409, "conflicting_state")
