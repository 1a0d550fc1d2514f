"""The contract of AccountStore."""

from datetime import timedelta

from gas.adapters.keys import due_shard
from gas.domain.plan import Account, Plan
from gas.messages import PlanChanged, new_id
from gas.ports import DueEntry, PlanChange
from tests.support.jobs import now
from tests.support.ports import Ports

LONG_AGO = now() - timedelta(days=30)


def account(user_id: str, plan_version: int, plan: Plan = Plan.FREE, **changed: str) -> Account:
    contact = {"email": "ada@example.org", "name": "Ada"} | changed
    return Account(user_id=user_id, plan=plan, plan_version=plan_version, **contact)


def plan_change(user_id: str, plan_version: int) -> PlanChange:
    event = PlanChanged(user_id=user_id, correlation_id=new_id())
    return PlanChange(user_id, plan_version, event, LONG_AGO)


async def test_an_unknown_user_has_no_plan(ports: Ports, user_id: str) -> None:
    assert await ports.accounts.get(user_id) is None
    assert await ports.accounts.pending_change(user_id) is None


async def test_projects_account_and_change_together(ports: Ports, user_id: str) -> None:
    await ports.accounts.project(account(user_id, 1), None)
    assert await ports.accounts.get(user_id) == account(user_id, 1)
    assert await ports.accounts.pending_change(user_id) is None

    change = plan_change(user_id, 2)
    premium = account(user_id, 2, Plan.PREMIUM)
    await ports.accounts.project(premium, change)
    assert await ports.accounts.get(user_id) == premium
    assert await ports.accounts.pending_change(user_id) == change


async def test_ignores_an_older_plan(ports: Ports, user_id: str) -> None:
    newer = account(user_id, 5, Plan.PREMIUM)
    change = plan_change(user_id, 5)
    await ports.accounts.project(newer, change)
    await ports.accounts.project(account(user_id, 4, name="Old"), plan_change(user_id, 4))
    assert await ports.accounts.get(user_id) == newer
    assert await ports.accounts.pending_change(user_id) == change


async def test_the_same_version_changes_only_name_and_address(ports: Ports, user_id: str) -> None:
    """And it does not bring back a change that is finished."""
    premium = account(user_id, 1, Plan.PREMIUM)
    change = plan_change(user_id, 1)
    await ports.accounts.project(premium, change)
    await ports.accounts.finish_change(change)
    renamed = account(user_id, 1, Plan.FREE, name="Ada King", email="king@example.org")
    await ports.accounts.project(renamed, change)
    assert await ports.accounts.get(user_id) == renamed.model_copy(update={"plan": Plan.PREMIUM})
    assert await ports.accounts.pending_change(user_id) is None


async def test_the_same_version_changes_the_mails_that_are_not_wanted(
    ports: Ports, user_id: str
) -> None:
    for unwanted in (frozenset({"completed", "archived"}), frozenset[str]()):
        wish = account(user_id, 1).model_copy(update={"muted_mails": unwanted})
        await ports.accounts.project(wish, None)
        assert await ports.accounts.get(user_id) == wish


async def test_a_pending_change_is_due_until_it_is_postponed(ports: Ports, user_id: str) -> None:
    change = plan_change(user_id, 1)
    await ports.accounts.project(account(user_id, 1), change)
    shard = due_shard(user_id)
    due = (await ports.jobs.due_page(shard, now(), limit=100)).items
    assert DueEntry(user_id, None, LONG_AGO) in due

    later = now() + timedelta(hours=1)
    await ports.accounts.postpone_change(change, later)
    due = (await ports.jobs.due_page(shard, now(), limit=100)).items
    assert user_id not in {entry.user_id for entry in due}
    pending = await ports.accounts.pending_change(user_id)
    assert pending is not None
    assert (pending.due_at, pending.event) == (later, change.event)


async def test_a_newer_change_is_neither_postponed_nor_finished(ports: Ports, user_id: str) -> None:
    older, newer = plan_change(user_id, 1), plan_change(user_id, 2)
    await ports.accounts.project(account(user_id, 1), older)
    await ports.accounts.project(account(user_id, 2), newer)
    await ports.accounts.postpone_change(older, now())
    await ports.accounts.finish_change(older)
    assert await ports.accounts.pending_change(user_id) == newer

    await ports.accounts.finish_change(newer)
    await ports.accounts.finish_change(newer)
    await ports.accounts.postpone_change(newer, now())
    assert await ports.accounts.pending_change(user_id) is None
