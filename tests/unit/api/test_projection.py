"""DynamoDB gets every account, whatever fails on the way."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from gas.domain.errors import ErrorCode, TransientError
from gas.domain.plan import Account, Plan
from gas.messages import PlanChanged
from gas.ports import PlanChange
from services.api.accounts import projection
from services.api.background import background
from services.api.settings import ApiSettings
from services.api.store.accounts import Identity
from services.api.store.tables import AccountRow
from tests.unit.api.world import User, World


class Outage:
    """Stands before the AccountStore, and lets nothing through while ``away``."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.away: Exception | None = TransientError(ErrorCode.INTERNAL_ERROR, "away")
        self.after_write: Exception | None = None
        self.passed = asyncio.Event()
        self._project = world.ports.accounts.project
        monkeypatch.setattr(world.ports.accounts, "project", self.project)

    async def project(self, account: Account, change: PlanChange | None) -> None:
        if self.away:
            raise self.away
        await self._project(account, change)
        self.passed.set()
        if self.after_write:
            raise self.after_write


@pytest.fixture
def outage(world: World, monkeypatch: pytest.MonkeyPatch) -> Outage:
    return Outage(world, monkeypatch)


async def _waiting(world: World) -> list[str]:
    return list(await world.context.accounts.to_project(100))


async def _upgrade(user: User) -> None:
    response = await user.call("PUT", "/account/plan", json={"plan": "premium"})
    assert (response.status_code, response.json()["plan"]) == (200, "premium")


async def test_a_change_during_an_outage_arrives_after_it(
    ada: User, world: World, outage: Outage
) -> None:
    await _upgrade(ada)
    during = await world.ports.accounts.get(ada.account.user_id)
    outage.away = None
    await world.context.projector.project_pending()
    after = await world.ports.accounts.get(ada.account.user_id)

    assert during is not None
    assert after is not None
    assert (during.plan, after.plan) == (Plan.FREE, Plan.PREMIUM)
    pending = await world.ports.accounts.pending_change(ada.account.user_id)
    assert pending is not None
    assert world.ports.publisher.published == [pending.event]
    assert await _waiting(world) == []


async def test_a_crash_after_the_write_converges(ada: User, world: World, outage: Outage) -> None:
    """DynamoDB has it, PostgreSQL does not know: it is written again, and changes nothing."""
    outage.away = None
    outage.after_write = TransientError(ErrorCode.INTERNAL_ERROR, "the answer was lost")
    await _upgrade(ada)
    assert await _waiting(world) == [ada.account.user_id]
    first = await world.ports.accounts.pending_change(ada.account.user_id)

    outage.after_write = None
    await world.context.projector.project_pending()

    assert await _waiting(world) == []
    assert await world.ports.accounts.pending_change(ada.account.user_id) == first
    assert all(isinstance(m, PlanChanged) for m in world.ports.publisher.published)
    assert len(world.ports.publisher.published) == 1


async def test_changes_back_and_forth_during_an_outage_end_as_they_should(
    ada: User, world: World, outage: Outage
) -> None:
    await _upgrade(ada)
    await ada.call("PUT", "/account/plan", json={"plan": "free"})
    outage.away = None
    await world.context.projector.project_pending()

    account = await world.ports.accounts.get(ada.account.user_id)
    change = await world.ports.accounts.pending_change(ada.account.user_id)
    assert account is not None
    assert change is not None
    assert (account.plan, account.plan_version) == (Plan.FREE, 3)
    assert change.plan_version == 3


async def test_changes_at_the_same_time_end_with_what_postgresql_says(
    ada: User, world: World
) -> None:
    plans = ["premium", "free"] * 5

    await asyncio.gather(*(ada.call("PUT", "/account/plan", json={"plan": plan}) for plan in plans))

    async with world.context.database.transaction() as session:
        row = (await session.scalars(select(AccountRow))).one()
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected == row.to_account()
    assert row.projected_version == row.version


async def test_a_new_name_is_projected_without_talk_of_plans(ada: User, world: World) -> None:
    identity = Identity("https://issuer.test", "ada", "new@example.org", "Ada Lovelace")
    await world.context.accounts.sign_in(identity, "test")
    await world.context.projector.project(ada.account.user_id, "test")

    account = await world.ports.accounts.get(ada.account.user_id)
    assert account is not None
    assert (account.email, account.name) == ("new@example.org", "Ada Lovelace")
    assert world.ports.publisher.published == []
    assert await world.ports.accounts.pending_change(ada.account.user_id) is None


async def test_one_account_that_fails_does_not_hold_up_the_others(
    ada: User, ben: User, world: World, monkeypatch: pytest.MonkeyPatch, outage: Outage
) -> None:
    for user in (ada, ben):
        await _upgrade(user)

    async def fail_for_ada(account: Account, change: PlanChange | None) -> None:
        if account.user_id == ada.account.user_id:
            raise RuntimeError("an item that DynamoDB does not take")
        outage.away = None
        await outage.project(account, change)

    monkeypatch.setattr(world.ports.accounts, "project", fail_for_ada)

    await world.context.projector.project_pending()

    assert await _waiting(world) == [ada.account.user_id]


async def test_a_store_that_hangs_is_given_up(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(world.ports.accounts, "project", hang)
    monkeypatch.setattr(projection, "_WRITE_TIMEOUT", timedelta(milliseconds=20))

    await _upgrade(ada)

    assert await _waiting(world) == [ada.account.user_id]


async def test_a_topic_that_is_away_leaves_the_change_to_the_reconciler(
    ada: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_message: object) -> None:
        raise TransientError(ErrorCode.INTERNAL_ERROR, "away")

    monkeypatch.setattr(world.ports.publisher, "publish", away)

    await _upgrade(ada)

    change = await world.ports.accounts.pending_change(ada.account.user_id)
    assert change is not None
    assert change.due_at > world.clock()
    assert await _waiting(world) == []


async def test_the_background_goes_on_after_failures(
    ada: User, world: World, outage: Outage, settings: ApiSettings
) -> None:
    quick = ApiSettings.model_validate({**settings.model_dump(), "projection_retry_seconds": 0.01})
    object.__setattr__(world.context, "settings", quick)
    await _upgrade(ada)
    outage.away = RuntimeError("nobody foresaw this")

    async with background(world.context):
        await asyncio.sleep(0.1)
        assert await _waiting(world) == [ada.account.user_id]
        outage.away = None
        await asyncio.wait_for(outage.passed.wait(), timeout=5)

    account = await world.ports.accounts.get(ada.account.user_id)
    assert account is not None
    assert account.plan is Plan.PREMIUM
