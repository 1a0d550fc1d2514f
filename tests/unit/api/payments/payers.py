"""What users of an api that takes payments do."""

import httpx

from tests.support.stripe.events import event, signature
from tests.support.stripe.stand_in import CHECKOUT, StripeStandIn
from tests.unit.api.world import User, World


async def plan_of(user: User) -> tuple[str, str | None]:
    """The plan, and when it ends."""
    plan = (await user.call("GET", "/account/plan")).json()
    return plan["plan"], plan["ends_at"]


async def choose(user: User, plan: str) -> str:
    """Where the page leads after a plan was chosen on it."""
    answer = await user.http.post("/account/plan", data={"plan": plan})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


async def post_event(
    world: World, body: bytes, stripe_signature: str | None = None
) -> httpx.Response:
    """As Stripe does: no cookie, no origin."""
    headers = {"Stripe-Signature": stripe_signature or signature(body)}
    async with world.browser(headers=headers) as client:
        return await client.post("/payments/stripe", content=body)


async def become_premium(user: User, stripe: StripeStandIn) -> None:
    """By paying, and by an event that says so."""
    address = await choose(user, "premium")
    customer = stripe.pay(address.removeprefix(CHECKOUT))["customer"]
    body = event("checkout.session.completed", customer=customer, id=f"evt_of_{customer}")
    assert (await post_event(user.world, body)).status_code == 204
