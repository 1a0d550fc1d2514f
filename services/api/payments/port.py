"""What is asked of a payment service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gas.domain.plan import Account


@dataclass(frozen=True)
class Subscription:
    """Somebody's paying for Premium, as the payment service knows it at this moment.

    ``status`` is the service's own word. ``is_paid`` says whether Premium is due for it,
    ``is_open`` whether it still lives, paid or not. It ends at ``ends_at``, if that is decided.
    """

    subscription_id: str
    status: str
    is_paid: bool
    is_open: bool
    ends_at: datetime | None


@dataclass(frozen=True)
class PaymentEvent:
    """That something happened to a customer. Only a hint (rule R1): what is so now is asked."""

    event_id: str
    kind: str
    customer: str | None


class Payments(Protocol):
    """A payment service. We never see a card: its own pages take payments.

    Errors: a Problem (503) when the service does not answer or refuses; then nothing is changed.
    """

    @property
    def origins(self) -> Sequence[str]:
        """Where its pages are: what our forms may lead to."""
        ...

    async def open_customer(self, account: Account) -> str:
        """Make a customer of this user, and give its id."""
        ...

    async def checkout(self, user_id: str, customer: str) -> str:
        """The address of a page to subscribe at. Those given before stop working: one pays once."""
        ...

    async def portal(self, customer: str) -> str:
        """The address of a page to change the card at, and to see and pay invoices."""
        ...

    async def subscription(self, user_id: str, customer: str) -> Subscription | None:
        """What this user pays for Premium with; a paid one before an open one before a past one."""
        ...

    async def end_with_period(self, subscription_id: str) -> None:
        """Let it end with the time that is paid for."""
        ...

    async def keep(self, subscription_id: str) -> None:
        """Take back that it should end."""
        ...

    def read_event(self, body: bytes, signature: str | None) -> PaymentEvent:
        """An event as it was posted to us. Raises a Problem (400) when it is not the service's."""
        ...

    async def close(self) -> None: ...
