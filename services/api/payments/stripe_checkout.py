"""Payments by Stripe: Checkout for subscribing, the customer portal for cards and invoices.

https://docs.stripe.com/payments/checkout/build-subscriptions
"""

from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from stripe import (
    HTTPXClient,
    SignatureVerificationError,
    StripeClient,
    StripeError,
    WebhookSignature,
)
from stripe import Subscription as StripeSubscription

from gas.domain.plan import Account
from services.api.payments.port import PaymentEvent, Subscription
from services.api.problems import ApiCode, Problem, unavailable

log = structlog.get_logger()

_TIMEOUT_SECONDS = 10
_RETRIES = 1
_TOLERANCE_SECONDS = 300
"""The age of a signature at most, against an event that was recorded and is sent again later."""

_OWNER = "gas_user_id"
"""Our mark on a subscription: others of the same customer are none of our business."""

# https://docs.stripe.com/billing/subscriptions/overview#subscription-statuses
_PAID = frozenset({"active", "trialing", "past_due"})  # past_due: Stripe is still trying to collect
_OVER = frozenset({"canceled", "incomplete", "incomplete_expired"})

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _asking(
    call: Callable[Given, Coroutine[Any, Any, Answer]],
) -> Callable[Given, Coroutine[Any, Any, Answer]]:
    """Whatever Stripe says no with, users can only wait; the log has what operators need."""

    @wraps(call)
    async def ask(*given: Given.args, **named: Given.kwargs) -> Answer:
        try:
            return await call(*given, **named)
        except StripeError as error:
            raise _unavailable(call.__name__, error) from error

    return ask


class StripeCheckout:
    """Satisfies ``Payments``. ``origin`` is ours: Stripe's pages lead back to it."""

    def __init__(
        self,
        *,
        secret_key: str,
        webhook_secret: str,
        price: str,
        origin: str,
        page_origins: Sequence[str],
        api_url: str,
    ) -> None:
        self.origins = page_origins
        self._webhook_secret = webhook_secret
        self._price = price
        self._origin = origin
        self._http = HTTPXClient(timeout=_TIMEOUT_SECONDS)
        self._stripe = StripeClient(
            secret_key,
            http_client=self._http,
            max_network_retries=_RETRIES,
            base_addresses={"api": api_url.rstrip("/")},
        ).v1

    @_asking
    async def open_customer(self, account: Account) -> str:
        customer = await self._stripe.customers.create_async(
            {"email": account.email, "name": account.name, "metadata": {_OWNER: account.user_id}}
        )
        return customer.id

    @_asking
    async def checkout(self, user_id: str, customer: str) -> str:
        sessions = self._stripe.checkout.sessions
        before = await sessions.list_async({"customer": customer, "status": "open"})
        for session in before.data:
            await sessions.expire_async(session.id)
        session = await sessions.create_async(
            {
                "mode": "subscription",
                "customer": customer,
                "client_reference_id": user_id,
                "line_items": [{"price": self._price, "quantity": 1}],
                "subscription_data": {"metadata": {_OWNER: user_id}},
                "success_url": f"{self._origin}/account/plan/thanks",
                "cancel_url": f"{self._origin}/account/plan",
            }
        )
        if session.url is None:
            raise StripeError("a session of Checkout came without its address")
        return session.url

    @_asking
    async def portal(self, customer: str) -> str:
        session = await self._stripe.billing_portal.sessions.create_async(
            {"customer": customer, "return_url": f"{self._origin}/account/plan"}
        )
        return session.url

    @_asking
    async def subscription(self, user_id: str, customer: str) -> Subscription | None:
        listed = await self._stripe.subscriptions.list_async(
            {"customer": customer, "status": "all", "limit": 100}
        )
        ours = [_seen(one) for one in listed.data if one.metadata.to_dict().get(_OWNER) == user_id]
        return max(ours, key=lambda one: (one.is_paid, one.is_open), default=None)

    @_asking
    async def end_with_period(self, subscription_id: str) -> None:
        await self._stripe.subscriptions.update_async(
            subscription_id, {"cancel_at_period_end": True}
        )

    @_asking
    async def keep(self, subscription_id: str) -> None:
        """The customer portal decides on a date instead (billing mode "flexible")."""
        subscription = await self._stripe.subscriptions.retrieve_async(subscription_id)
        if subscription.cancel_at_period_end:
            await self._stripe.subscriptions.update_async(
                subscription_id, {"cancel_at_period_end": False}
            )
        elif subscription.cancel_at:
            await self._stripe.subscriptions.update_async(subscription_id, {"cancel_at": ""})

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        try:
            WebhookSignature.verify_header(
                body, signature, self._webhook_secret, _TOLERANCE_SECONDS
            )
            event = _Event.model_validate_json(body)
        except (SignatureVerificationError, UnicodeDecodeError, ValidationError) as error:
            log.warning("a payment event was refused", reason=type(error).__name__)
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                ApiCode.INVALID_SIGNATURE,
                "This is no event that the payment service signed just now.",
            ) from error
        return PaymentEvent(event.id, event.type, event.data.object.customer)

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]  # Stripe gives it no hints


class _Part(BaseModel):
    """What we read of an event; the version of its shape is the endpoint's affair at Stripe."""

    model_config = ConfigDict(frozen=True)


class _Subject(_Part):
    customer: str | None = None


class _Data(_Part):
    object: _Subject


class _Event(_Part):
    id: str
    type: str
    data: _Data


def _seen(subscription: StripeSubscription) -> Subscription:
    status = str(subscription.status)
    ends_at = subscription.cancel_at
    return Subscription(
        subscription_id=subscription.id,
        status=status,
        is_paid=status in _PAID,
        is_open=status not in _OVER,
        ends_at=datetime.fromtimestamp(ends_at, UTC) if ends_at else None,
    )


def _unavailable(asked: str, error: StripeError) -> Problem:
    log.error("the payment service refused", asked=asked, reason=str(error))
    return unavailable(
        "The payment service does not answer as it should. Nothing was changed; please try again "
        "later."
    )
