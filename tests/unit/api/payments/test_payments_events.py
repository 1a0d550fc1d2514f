"""What Stripe posts to us: signed, twice, late, out of order, and about others."""

import asyncio
import json
import time
from random import Random

import pytest
from sqlalchemy import text

from services.api.app import _BODY_BYTES
from tests.support.stripe.events import event, signature
from tests.support.stripe.stand_in import CHECKOUT, StripeStandIn
from tests.unit.api.payments.payers import become_premium, choose, plan_of, post_event
from tests.unit.api.world import User, World

pytestmark = pytest.mark.usefixtures("paying_world")

COMPLETED = "checkout.session.completed"
DELETED = "customer.subscription.deleted"
OF_A_LIFE = (
    "customer.subscription.created",
    "customer.subscription.updated",
    COMPLETED,
    "invoice.payment_failed",
    "customer.subscription.past_due",
    DELETED,
)


async def test_who_paid_is_premium_and_workers_know(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    await become_premium(ada, stripe)

    assert await plan_of(ada) == ("premium", None)
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert (projected.plan, projected.plan_version) == ("premium", 2)
    assert len(world.ports.publisher.published) == 1


async def test_a_signature_of_somebody_else_an_old_one_and_none_are_refused(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    """What they say is true, and still nothing comes of it."""
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    body, now = event(COMPLETED), time.time()
    changed = event(COMPLETED, id="evt_of_mallory")

    answers = [
        await post_event(world, body, signature(body, secret="whsec_of_mallory")),
        await post_event(world, body, signature(body, at=now - 301)),
        await post_event(world, changed, signature(body)),
        await post_event(world, body, "no signature"),
        await post_event(world, b"\xff", f"t={int(now)},v1=00"),
        await post_event(world, b"{}"),
    ]
    async with world.browser() as client:
        answers.append(await client.post("/payments/stripe", content=body))

    assert {answer.status_code for answer in answers} == {400}
    assert {answer.json()["code"] for answer in answers} == {"invalid_signature"}
    assert await plan_of(ada) == ("free", None)


async def test_a_late_signature_is_accepted_within_the_tolerance(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    body = event(COMPLETED)

    answer = await post_event(world, body, signature(body, at=time.time() - 200))

    assert answer.status_code == 204
    assert await plan_of(ada) == ("premium", None)


async def test_the_same_event_again_is_not_carried_out_again(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = "past_due"
    failed = event("invoice.payment_failed")
    for _ in range(3):
        assert (await post_event(world, failed)).status_code == 204

    asked = stripe.paths().count("GET /v1/subscriptions")
    assert asked == 3  # by the choice, by the payment, by the first of these
    assert await _trail(world) == ["signed in", "plan changed", "payment failed"]


async def test_the_same_event_at_two_replicas_at_once_is_carried_out_once(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    stripe.asked.clear()

    answers = await asyncio.gather(*(post_event(world, event(COMPLETED)) for _ in range(4)))

    assert [answer.status_code for answer in answers] == [204] * 4
    assert stripe.paths() == ["GET /v1/subscriptions"]
    assert await plan_of(ada) == ("premium", None)


@pytest.mark.parametrize("seed", range(6))
async def test_the_order_of_events_does_not_matter(
    ada: User,
    stripe: StripeStandIn,
    world: World,
    seed: int,
) -> None:
    """After all of a life, in any order and each one twice, what is so at Stripe is so here."""
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    bodies = [event(name) for name in OF_A_LIFE] * 2
    Random(seed).shuffle(bodies)  # noqa: S311 - an order, no secret

    for body in bodies[:5]:
        assert (await post_event(world, body)).status_code == 204
    during = await plan_of(ada)
    stripe.subscriptions["sub_1"]["status"] = "canceled"
    for body in bodies[5:]:
        assert (await post_event(world, body)).status_code == 204

    assert during == ("premium", None)
    assert await plan_of(ada) == ("free", None)


async def test_an_end_that_is_told_late_does_not_end_what_was_bought_anew(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = "canceled"
    again = await choose(ada, "premium")
    stripe.pay(again.removeprefix(CHECKOUT))
    await post_event(world, event(COMPLETED, id="evt_again"))

    await post_event(world, event(DELETED))

    assert await plan_of(ada) == ("premium", None)


@pytest.mark.parametrize(
    ("status", "plan"),
    [("past_due", "premium"), ("trialing", "premium"), ("unpaid", "free"), ("paused", "free")],
)
async def test_premium_stays_while_stripe_tries_to_collect(
    ada: User,
    stripe: StripeStandIn,
    world: World,
    status: str,
    plan: str,
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = status

    await post_event(world, event("customer.subscription.past_due"))

    assert await plan_of(ada) == (plan, None)


async def test_a_failed_payment_is_told_to_the_user_and_changes_nothing_else(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = "past_due"

    await post_event(world, event("invoice.payment_failed"))

    assert await plan_of(ada) == ("premium", None)
    for page in ("/account", "/account/plan"):
        assert "Your last payment failed" in (await ada.http.get(page)).text


async def test_an_event_of_one_account_says_nothing_of_another(
    ada: User,
    ben: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    """Also when it claims to: whose it is follows from the customer alone."""
    await become_premium(ada, stripe)
    await choose(ben, "premium")
    hers = json.loads(event(COMPLETED, id="evt_claims"))
    hers["data"]["object"]["client_reference_id"] = ben.account.user_id

    for body in (json.dumps(hers).encode(), event(COMPLETED, id="evt_2", customer="cus_2")):
        assert (await post_event(world, body)).status_code == 204

    assert await plan_of(ada) == ("premium", None)
    assert await plan_of(ben) == ("free", None)


async def test_other_subscriptions_of_a_customer_are_none_of_ours(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    """One account at Stripe may sell more than GAS."""
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    stripe.subscriptions["sub_1"]["metadata"] = {"product": "another"}

    await post_event(world, event(COMPLETED))

    assert await plan_of(ada) == ("free", None)


async def test_strangers_and_other_kinds_are_acknowledged_without_asking(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    """Otherwise Stripe would send them again, for days."""
    stranger = event(COMPLETED, customer="cus_of_another_product")
    other = event("customer.created")

    assert [(await post_event(world, body)).status_code for body in (stranger, other)] == [204] * 2
    assert stripe.asked == []
    assert await plan_of(ada) == ("free", None)


async def test_while_stripe_cannot_be_asked_it_is_told_to_come_again(
    ada: User,
    stripe: StripeStandIn,
    world: World,
) -> None:
    stripe.pay((await choose(ada, "premium")).removeprefix(CHECKOUT))
    stripe.refuses = 500
    refused = await post_event(world, event(COMPLETED))
    stripe.refuses = None
    heard = await post_event(world, event(COMPLETED))

    assert (refused.status_code, heard.status_code) == (503, 204)
    assert await plan_of(ada) == ("premium", None)


async def test_events_fit_into_what_the_api_reads(world: World) -> None:
    """Stripe embeds ten lines of an invoice at most, and this is one with ten of them."""
    document = json.loads(event("invoice.payment_failed", customer="cus_of_another_product"))
    document["data"]["object"]["lines"]["data"] *= 10
    body = json.dumps(document, indent=2).encode()

    assert len(body) < _BODY_BYTES / 2
    assert (await post_event(world, body)).status_code == 204
    assert (await post_event(world, body + b" " * _BODY_BYTES)).status_code == 413


async def _trail(world: World) -> list[str]:
    async with world.context.database.transaction() as session:
        rows = await session.execute(text("SELECT action FROM audit ORDER BY audit_id"))
        return [row.action for row in rows]
