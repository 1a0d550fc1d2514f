"""The account, its plan and its tokens."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gas.domain.plan import Plan
from gas.messages import PlanChanged
from services.api.accounts import usage
from services.api.store.accounts import Identity
from tests.unit.api.world import VCF, User, World


async def test_the_account_is_shown(ada: User) -> None:
    assert (await ada.call("GET", "/account")).json() == {
        "user_id": ada.account.user_id,
        "email": "ada@example.org",
        "name": "Ada",
        "institution": "",
        "muted_mails": [],
        "plan": "free",
    }


async def test_what_is_given_is_changed_and_the_rest_stays(ada: User, world: World) -> None:
    await ada.call("PATCH", "/account", json={"institution": " Analytical  Engines "})
    muted = await ada.call("PATCH", "/account", json={"muted_mails": ["archived", "completed"]})

    assert muted.status_code == 200
    assert muted.json()["institution"] == "Analytical Engines"
    assert muted.json()["muted_mails"] == ["completed", "archived"]
    assert muted.json()["name"] == "Ada"
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert projected.muted_mails == {"completed", "archived"}
    wanted = await ada.call("PATCH", "/account", json={"muted_mails": []})
    assert wanted.json()["muted_mails"] == []


@pytest.mark.parametrize(
    "body", [{"name": " "}, {"name": "x\x1b[2J"}, {"muted_mails": ["spam"]}, {"plan": "premium"}]
)
async def test_what_makes_no_sense_is_refused(ada: User, body: dict[str, Any]) -> None:
    answer = await ada.call("PATCH", "/account", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_name_of_ones_own_stays_while_the_address_follows_the_issuer(
    ada: User, ben: User, world: World
) -> None:
    await ada.call("PATCH", "/account", json={"name": "Countess Lovelace"})
    await ben.call("PATCH", "/account", json={"name": "Ben", "institution": "ETH"})

    for subject in ("ada", "ben"):
        identity = Identity("https://issuer.test", subject, f"{subject}@new.example", "From Issuer")
        await world.context.accounts.sign_in(identity, "test")

    hers = (await ada.call("GET", "/account")).json()
    his = (await ben.call("GET", "/account")).json()
    assert (hers["name"], hers["email"]) == ("Countess Lovelace", "ada@new.example")
    assert (his["name"], his["institution"]) == ("From Issuer", "ETH")  # he left his name as it was


async def test_usage_counts_what_is_there_and_where(ada: User, ben: User) -> None:
    await ada.draft()
    await ada.submitted()
    await ada.archived()
    deleted = await ada.completed()
    await ada.call("DELETE", f"/jobs/{deleted}")
    await ben.completed()

    counted = (await ada.call("GET", "/account/usage")).json()

    files = (await ada.job(await ada.archived())).files
    one = len(VCF) + sum(file.size for file in files)
    assert counted == {
        "jobs": 3,
        "active_jobs": 1,
        "results_at_hand": 0,
        "results_archived": 1,
        "bytes": len(VCF) + one,
        "is_whole": True,
    }


async def test_counting_ends_somewhere_and_says_so(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "_PAGE", 1)
    monkeypatch.setattr(usage, "_JOBS_COUNTED", 2)
    for _ in range(3):
        await ada.draft()

    counted = (await ada.call("GET", "/account/usage")).json()

    assert (counted["jobs"], counted["is_whole"]) == (2, False)
    assert "2+" in (await ada.http.get("/account")).text


async def test_the_plan_says_what_it_allows(ada: User) -> None:
    free = (await ada.call("GET", "/account/plan")).json()
    premium = (await ada.call("PUT", "/account/plan", json={"plan": "premium"})).json()

    assert free == {
        "plan": "free",
        "max_upload_bytes": 153_600,
        "keeps_results": False,
        "retention_seconds": 300,
        "max_active_jobs": 5,
        "ends_at": None,
    }
    assert (premium["plan"], premium["keeps_results"]) == ("premium", True)


async def test_a_change_of_plan_reaches_the_workers(ada: User, world: World) -> None:
    response = await ada.call(
        "PUT", "/account/plan", json={"plan": "premium"}, headers={"X-Request-Id": "upgrade-1"}
    )

    assert response.status_code == 200
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert (projected.plan, projected.plan_version) == (Plan.PREMIUM, 2)
    pending = await world.ports.accounts.pending_change(ada.account.user_id)
    assert pending is not None
    assert pending.plan_version == 2
    assert pending.due_at == world.clock() + world.context.settings.timings.unheard
    assert world.ports.publisher.published == [pending.event]
    assert isinstance(pending.event, PlanChanged)
    assert pending.event.correlation_id == "upgrade-1"


async def test_the_plan_one_has_already_is_no_change(ada: User, world: World) -> None:
    response = await ada.call("PUT", "/account/plan", json={"plan": "free"})

    assert response.status_code == 200
    assert world.ports.publisher.published == []


async def test_a_plan_that_does_not_exist_is_refused(ada: User) -> None:
    response = await ada.call("PUT", "/account/plan", json={"plan": "platinum"})

    assert (response.status_code, response.json()["code"]) == (422, "invalid_request")


async def test_a_token_signs_in_without_cookie_and_origin(ada: User, world: World) -> None:
    made = await ada.call("POST", "/account/tokens", json={"name": "laptop"})

    assert made.status_code == 201
    secret = made.json()["token"]
    assert secret.startswith("gas_")
    async with world.browser(headers={"Authorization": f"Bearer {secret}"}) as cli:
        account = await cli.get("/api/v1/account")
        upgrade = await cli.put("/api/v1/account/plan", json={"plan": "premium"})
    assert account.json()["user_id"] == ada.account.user_id
    assert upgrade.status_code == 200
    (shown,) = (await ada.call("GET", "/account/tokens")).json()["tokens"]
    assert shown["name"] == "laptop"
    assert shown["last_used_at"] is not None
    assert "token" not in shown


async def test_a_token_is_kept_only_as_a_hash(ada: User, world: World) -> None:
    secret = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]

    assert secret.removeprefix("gas_") not in await _everything(world)


async def test_a_session_is_kept_only_as_a_hash(ada: User, world: World) -> None:
    (session_id,) = ada.http.cookies.values()

    assert session_id not in await _everything(world)


async def test_a_revoked_token_is_refused(ada: User, world: World) -> None:
    made = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()

    revoked = await ada.call("DELETE", f"/account/tokens/{made['id']}")
    again = await ada.call("DELETE", f"/account/tokens/{made['id']}")

    assert revoked.status_code == 204
    assert (again.status_code, again.json()["code"]) == (404, "token_not_found")
    async with world.browser(headers={"Authorization": f"Bearer {made['token']}"}) as cli:
        assert (await cli.get("/api/v1/account")).status_code == 401


async def test_nobody_revokes_the_token_of_somebody_else(ada: User, ben: User) -> None:
    hers = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["id"]

    assert (await ben.call("DELETE", f"/account/tokens/{hers}")).status_code == 404
    assert len((await ada.call("GET", "/account/tokens")).json()["tokens"]) == 1
    assert (await ben.call("GET", "/account/tokens")).json()["tokens"] == []


async def test_a_token_ends_when_it_was_said_to(ada: User, world: World) -> None:
    body = {"name": "x", "expires_in_days": 1}
    secret = (await ada.call("POST", "/account/tokens", json=body)).json()["token"]

    async with world.browser(headers={"Authorization": f"Bearer {secret}"}) as cli:
        world.clock.advance(timedelta(hours=23))
        before = await cli.get("/api/v1/account")
        world.clock.advance(timedelta(hours=2))
        after = await cli.get("/api/v1/account")

    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_token_cannot_make_another(ada: User, world: World) -> None:
    secret = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["token"]

    async with world.browser(headers={"Authorization": f"Bearer {secret}"}) as cli:
        response = await cli.post("/api/v1/account/tokens", json={"name": "y"})

    assert (response.status_code, response.json()["code"]) == (403, "session_required")


async def test_a_wrong_token_is_not_helped_by_a_session(ada: User) -> None:
    response = await ada.call("GET", "/account", headers={"Authorization": "Bearer gas_wrong"})

    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


async def test_what_matters_is_in_the_audit_trail(ada: User, world: World) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    token = (await ada.call("POST", "/account/tokens", json={"name": "x"})).json()["id"]
    await ada.call("DELETE", f"/account/tokens/{token}")
    job_id = await ada.submitted()
    for _ in range(2):
        await ada.call("DELETE", f"/jobs/{job_id}", headers={"X-Request-Id": "erase"})
    await ada.http.post("/sign-out")

    query = text("SELECT action, detail FROM audit WHERE user_id = :user ORDER BY audit_id")
    async with world.context.database.transaction() as session:
        trail = (await session.execute(query, {"user": ada.account.user_id})).all()

    assert [row.action for row in trail] == [
        "signed in",
        "plan changed",
        "token created",
        "token revoked",
        "job deleted",
        "signed out",
    ]
    assert trail[1].detail == {"before": "free", "after": "premium"}
    assert trail[4].detail == {"job_id": job_id}


async def _everything(world: World) -> str:
    """All rows of all tables, as text."""
    tables = ("accounts", "sessions", "tokens", "idempotency_keys", "audit")
    async with world.context.database.transaction() as session:
        rows = [
            str((await session.execute(text(f"SELECT * FROM {name}"))).all())  # noqa: S608 - names above
            for name in tables
        ]
    return "\n".join(rows)
