"""Paying for Premium: Stripe's own library, a stand-in for its API, a user in between."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from gas.domain.plan import Plan
from services.api.settings import ApiSettings
from tests.support.stripe.stand_in import CHECKOUT, PERIOD_END, PORTAL, StripeStandIn
from tests.unit.api.payments.payers import become_premium, choose, plan_of
from tests.unit.api.world import User, World

ENDS_AT = datetime.fromtimestamp(PERIOD_END, UTC)


pytestmark = pytest.mark.usefixtures("paying_world")


async def test_premium_leads_to_stripe_with_what_stripe_must_know(
    ada: User, stripe: StripeStandIn
) -> None:
    address = await choose(ada, "premium")

    assert address.startswith(CHECKOUT)
    assert await plan_of(ada) == ("free", None)
    assert stripe.paths() == [
        "POST /v1/customers",
        "GET /v1/subscriptions",
        "GET /v1/checkout/sessions",
        "POST /v1/checkout/sessions",
    ]
    assert {asked.authorization for asked in stripe.asked} == {"Bearer sk_test_of_these_tests"}
    assert stripe.asked[0].form == {
        "email": "ada@example.org",
        "name": "Ada",
        "metadata[gas_user_id]": ada.account.user_id,
    }
    assert stripe.asked[-1].form == {
        "mode": "subscription",
        "customer": "cus_1",
        "client_reference_id": ada.account.user_id,
        "line_items[0][price]": "price_premium",
        "line_items[0][quantity]": "1",
        "subscription_data[metadata][gas_user_id]": ada.account.user_id,
        "success_url": "https://gas.test/account/plan/thanks",
        "cancel_url": "https://gas.test/account/plan",
    }


async def test_a_second_attempt_ends_the_first_so_that_nobody_pays_twice(
    ada: User, stripe: StripeStandIn
) -> None:
    first, second = await choose(ada, "premium"), await choose(ada, "premium")

    assert [session["status"] for session in stripe.sessions.values()] == ["expired", "open"]
    with pytest.raises(ValueError, match="expired"):
        stripe.pay(first.removeprefix(CHECKOUT))
    assert second != first
    assert len(stripe.customers) == 1


async def test_two_clicks_at_once_make_one_customer_and_one_open_checkout(
    ada: User, stripe: StripeStandIn
) -> None:
    await asyncio.gather(*(choose(ada, "premium") for _ in range(3)))

    statuses = sorted(session["status"] for session in stripe.sessions.values())
    assert statuses == ["expired", "expired", "open"]
    assert len(stripe.customers) == 1


async def test_the_interface_refuses_with_the_address_to_pay_at(
    ada: User, stripe: StripeStandIn
) -> None:
    answer = await ada.call("PUT", "/account/plan", json={"plan": "premium"})

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (402, "payment_required")
    assert problem["address"] == CHECKOUT + "cs_test_1"
    assert problem["address"] in problem["detail"]
    assert await plan_of(ada) == ("free", None)


async def test_back_from_paying_the_plan_is_there_though_no_event_came(
    ada: User, stripe: StripeStandIn, world: World
) -> None:
    address = await choose(ada, "premium")
    waiting = await ada.http.get("/account/plan/thanks")
    stripe.pay(address.removeprefix(CHECKOUT))
    polled = await ada.http.get("/account/plan/thanks", headers={"HX-Request": "true"})

    assert "Waiting for your payment" in waiting.text
    assert 'hx-trigger="load delay:' in waiting.text
    assert "you are on Premium" in polled.text
    assert "hx-trigger" not in polled.text
    assert "<html" not in polled.text
    assert await plan_of(ada) == ("premium", None)
    projected = await world.ports.accounts.get(ada.account.user_id)
    assert projected is not None
    assert projected.plan == "premium"


async def test_who_leaves_premium_keeps_it_for_the_time_that_is_paid(
    ada: User, stripe: StripeStandIn
) -> None:
    await become_premium(ada, stripe)

    changed = await ada.call("PUT", "/account/plan", json={"plan": "free"})
    page = (await ada.http.get("/account/plan")).text

    assert changed.json()["plan"] == "premium"
    assert changed.json()["ends_at"] == ENDS_AT.isoformat().replace("+00:00", "Z")
    assert stripe.subscriptions["sub_1"]["cancel_at_period_end"] is True
    assert "Premium ends" in page
    assert "Keep Premium" in page


@pytest.mark.parametrize("by_date", [False, True], ids=["with the period", "by date"])
async def test_who_stays_after_all_does_not_pay_again(
    ada: User, stripe: StripeStandIn, by_date: bool
) -> None:
    """Stripe's portal sets a date instead, where a subscription's billing mode is flexible."""
    await become_premium(ada, stripe)
    await choose(ada, "free")
    if by_date:
        stripe.subscriptions["sub_1"]["cancel_at_period_end"] = False

    address = await choose(ada, "premium")

    assert address == "/account/plan?done=changed"
    assert await plan_of(ada) == ("premium", None)
    assert stripe.subscriptions["sub_1"]["cancel_at"] is None
    assert len(stripe.sessions) == 1


async def test_who_owes_is_led_to_the_invoices_rather_than_to_a_second_subscription(
    ada: User, stripe: StripeStandIn
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = "unpaid"

    address = await choose(ada, "premium")

    assert address == PORTAL + "cus_1"
    assert await plan_of(ada) == ("free", None)


async def test_card_and_invoices_are_at_stripe(ada: User, ben: User, stripe: StripeStandIn) -> None:
    await become_premium(ada, stripe)

    hers = await ada.http.post("/account/plan/payments")
    his = await ben.http.post("/account/plan/payments")

    assert (hers.status_code, hers.headers["Location"]) == (303, PORTAL + "cus_1")
    assert his.status_code == 404


async def test_premium_that_was_not_paid_for_stays_and_can_be_left(
    ada: User, stripe: StripeStandIn, world: World
) -> None:
    """Somebody may have it by grace of the operator, or from before payments were taken."""
    await world.context.accounts.change_plan(ada.account.user_id, Plan.PREMIUM, "test")

    assert await choose(ada, "premium") == "/account/plan?done=changed"
    assert await plan_of(ada) == ("premium", None)
    assert stripe.sessions == {}
    await choose(ada, "free")
    assert await plan_of(ada) == ("free", None)
    assert (await choose(ada, "premium")).startswith(CHECKOUT)


async def test_a_daily_look_notices_what_no_event_told(
    ada: User, ben: User, stripe: StripeStandIn, world: World
) -> None:
    await become_premium(ada, stripe)
    stripe.subscriptions["sub_1"]["status"] = "canceled"
    stripe.asked.clear()

    await world.context.billing.look_again()
    too_early = (await plan_of(ada), stripe.paths())
    world.clock.advance(timedelta(hours=23, minutes=59))
    await ada.call("GET", "/account")  # a session ends after a day without use
    world.clock.advance(timedelta(minutes=2))
    await world.context.billing.look_again()

    assert too_early == (("premium", None), [])
    assert await plan_of(ada) == ("free", None)
    assert stripe.paths() == ["GET /v1/subscriptions"]


@pytest.mark.parametrize("status", [401, 500])
async def test_while_stripe_is_away_nothing_changes_and_the_page_says_so(
    ada: User, stripe: StripeStandIn, status: int
) -> None:
    stripe.refuses = status

    page = await ada.http.post(
        "/account/plan", data={"plan": "premium"}, headers={"Accept": "text/html"}
    )

    assert page.status_code == 503
    assert "The payment service does not answer" in page.text
    assert "sk_test" not in page.text
    assert await plan_of(ada) == ("free", None)


async def test_what_was_begun_before_an_outage_is_not_begun_twice(
    ada: User, stripe: StripeStandIn, world: World
) -> None:
    await choose(ada, "premium")
    stripe.refuses = 500
    await ada.http.post("/account/plan", data={"plan": "premium"})
    stripe.refuses = None

    assert (await choose(ada, "premium")).startswith(CHECKOUT)
    assert len(stripe.customers) == 1


async def test_forms_may_lead_to_stripe_from_the_page_of_the_plan_alone(ada: User) -> None:
    policies = {
        path: (await ada.http.get(path)).headers["Content-Security-Policy"]
        for path in ("/account", "/account/plan", "/tokens")
    }

    allowed = [path for path, policy in policies.items() if "stripe.com" in policy]
    assert allowed == ["/account/plan"]
    assert (
        "form-action 'self' https://checkout.stripe.com https://billing.stripe.com;"
        in policies["/account/plan"]
    )


def test_keys_come_together_or_not_at_all(settings: ApiSettings) -> None:
    half = {**settings.model_dump(), "stripe_price": None}

    with pytest.raises(ValidationError, match="GAS_STRIPE_PRICE"):
        ApiSettings.model_validate(half)
