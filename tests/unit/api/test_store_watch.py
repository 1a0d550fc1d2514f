"""A job store that is another than before: accounts come back, and losses are told plainly."""

import asyncio
from datetime import datetime, timedelta

import pytest
from structlog.testing import CapturingLogger

from gas.domain.errors import ErrorCode, TransientError
from gas.domain.plan import Plan
from gas.messages import new_id
from gas.ports import StoreIdentity
from services.api import background as background_module
from services.api import store_watch
from services.api.background import background
from services.api.settings import ApiSettings
from services.api.store.database import Database
from services.api.store_watch import StoreWatch
from tests.unit.api.world import User, World

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


async def emulator_restarted(world: World) -> None:
    """The store comes up empty; some time later a replica looks."""
    world.ports.jobs._table.empty()
    world.clock.advance(MINUTE)


@pytest.fixture
async def watch(world: World) -> StoreWatch:
    """The watch of a store that was met a minute ago."""
    watch = world.context.store_watch
    await watch.look()
    world.clock.advance(MINUTE)
    return watch


async def _losses(*watches: StoreWatch) -> int:
    """Have all look at once; gives how often a loss was told."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store_watch, "log", told := CapturingLogger())
        await asyncio.gather(*(watch.look() for watch in watches))
    return len([call for call in told.calls if call.method_name == "error"])


async def test_the_first_start_is_no_loss(ada: User, world: World) -> None:
    watch = world.context.store_watch
    assert await watch.jobs_lost_before() is None
    assert await _losses(watch, watch, watch) == 0
    assert await watch.jobs_lost_before() is None
    assert list(await world.context.accounts.to_project(100)) == []


async def test_a_store_that_stays_is_no_loss(ada: User, watch: StoreWatch) -> None:
    assert await _losses(watch) == 0
    assert await watch.jobs_lost_before() is None


async def test_plans_come_back_after_the_store_was_replaced(
    ada: User, ben: User, world: World, watch: StoreWatch
) -> None:
    await ada.call("PUT", "/account/plan", json={"plan": "premium"})
    await emulator_restarted(world)
    assert await world.ports.accounts.get(ada.account.user_id) is None

    await watch.look()
    await world.context.projector.project_pending()

    for user, plan in ((ada, Plan.PREMIUM), (ben, Plan.FREE)):
        account = await world.ports.accounts.get(user.account.user_id)
        assert account is not None
        assert account.plan is plan
        # Should the store be an old one, its jobs are brought in line with the plan.
        assert await world.ports.accounts.pending_change(user.account.user_id) is not None


async def test_of_many_replicas_one_acts(
    ada: User, world: World, watch: StoreWatch, database: Database
) -> None:
    replicas = [StoreWatch(database, world.ports.jobs, world.clock) for _ in range(4)]
    await emulator_restarted(world)
    assert await _losses(*replicas) == 1
    assert await watch.jobs_lost_before() == world.clock()


async def test_a_replica_that_was_away_does_not_take_the_former_store_for_new(
    ada: User, world: World, watch: StoreWatch, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    identify = world.ports.jobs.identify
    before = await identify(StoreIdentity(new_id(), world.clock()))
    await emulator_restarted(world)
    await watch.look()
    lost_before = await watch.jobs_lost_before()
    world.clock.advance(MINUTE)
    answers = [before]

    async def stale_at_first(new: StoreIdentity) -> StoreIdentity:
        return answers.pop() if answers else await identify(new)

    monkeypatch.setattr(world.ports.jobs, "identify", stale_at_first)
    assert await _losses(StoreWatch(database, world.ports.jobs, world.clock)) == 0
    assert await watch.jobs_lost_before() == lost_before


async def test_every_loss_is_noticed(ada: User, world: World, watch: StoreWatch) -> None:
    for _ in range(2):
        await emulator_restarted(world)
        assert await _losses(watch) == 1
        assert await watch.jobs_lost_before() == world.clock()


async def test_a_store_that_is_away_is_no_loss(
    ada: User, world: World, watch: StoreWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_new: object) -> StoreIdentity:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(world.ports.jobs, "identify", hang)
    monkeypatch.setattr(store_watch, "_TIMEOUT", timedelta(milliseconds=20))
    with pytest.raises(TransientError):
        await watch.look()
    assert await watch.jobs_lost_before() is None


async def test_whoever_asks_for_a_lost_job_learns_why_it_is_not_there(
    ada: User, ben: User, world: World, watch: StoreWatch
) -> None:
    """And the same of an id that never was a job, or another's: nothing is revealed."""
    lost, never = await ada.submitted(), new_id()
    await emulator_restarted(world)
    world.clock.now = datetime.now(world.clock.now.tzinfo)  # ids have the true time in them
    await watch.look()
    when = world.clock().strftime("%Y-%m-%d %H:%M:%S UTC")
    sentence = (
        f"There is no such job. Jobs from before {when} were lost when the job store was replaced."
    )
    for user, job_id in ((ada, lost), (ben, lost), (ada, never), (ben, never)):
        for method, path in (("GET", ""), ("POST", "/submit"), ("GET", "/files/input")):
            answer = await user.call(method, f"/jobs/{job_id}{path}")
            assert (answer.status_code, answer.json()["code"]) == (404, "job_not_found")
            assert answer.json()["detail"] == sentence


async def test_nothing_is_said_of_losses_about_what_came_later(
    ada: User, world: World, watch: StoreWatch
) -> None:
    await emulator_restarted(world)
    world.clock.now = datetime.now(world.clock.now.tzinfo) - SECOND
    await watch.look()
    deleted = await ada.submitted()
    await ada.call("DELETE", f"/jobs/{deleted}")
    for job_id in (deleted, new_id(), "nonsense", "0b6b8c2e-8f0e-4b6e-9d3c-0e6b8c2e8f0e"):
        answer = await ada.call("GET", f"/jobs/{job_id}")
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such job.")


async def test_the_list_tells_it_to_those_who_were_there(
    ada: User, world: World, watch: StoreWatch
) -> None:
    assert (await ada.call("GET", "/jobs")).json()["jobs_lost_before"] is None
    await emulator_restarted(world)
    await watch.look()
    lost_before = world.clock().isoformat().replace("+00:00", "Z")
    world.clock.advance(MINUTE)
    assert (await ada.call("GET", "/jobs")).json()["jobs_lost_before"] == lost_before
    async with world.user("carl") as carl:
        assert (await carl.call("GET", "/jobs")).json()["jobs_lost_before"] is None


async def test_the_background_notices_and_repairs(
    ada: User, world: World, watch: StoreWatch, settings: ApiSettings
) -> None:
    quick = ApiSettings.model_validate({**settings.model_dump(), "projection_retry_seconds": 0.01})
    object.__setattr__(world.context, "settings", quick)
    async with background(world.context), asyncio.timeout(5):
        await emulator_restarted(world)
        while await world.ports.accounts.get(ada.account.user_id) is None:
            await asyncio.sleep(0.01)
    assert await watch.jobs_lost_before() is not None


async def test_a_store_that_is_away_is_a_line_in_the_log_and_no_traceback(
    world: World, settings: ApiSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = ApiSettings.model_validate({**settings.model_dump(), "projection_retry_seconds": 0.05})
    object.__setattr__(world.context, "settings", quick)

    async def away(_new: object) -> StoreIdentity:
        raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, "There is no table.")

    monkeypatch.setattr(world.ports.jobs, "identify", away)
    monkeypatch.setattr(background_module, "log", told := CapturingLogger())
    async with background(world.context):
        await asyncio.sleep(0.1)
    assert 1 <= len(told.calls) <= 3
    for call in told.calls:
        assert (call.method_name, call.kwargs["reason"]) == ("warning", "There is no table.")
