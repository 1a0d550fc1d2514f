"""How somebody's plan stands with the payments for it."""

from dataclasses import dataclass, replace
from datetime import datetime

from gas.domain.plan import Account
from services.api.store.tables import AccountRow


@dataclass(frozen=True)
class Standing:
    """An account's plan, and how it is paid.

    ``is_paid`` says that a subscription stands behind Premium; it ends at ``ends_at``, if that is
    decided. ``is_overdue``: the last payment failed, and is tried again.
    """

    account: Account
    is_customer: bool = False
    is_paid: bool = False
    is_overdue: bool = False
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """What became of the wish for a plan; ``pay_at`` is where to go first, if anywhere."""

    standing: Standing
    pay_at: str | None = None


def standing_of(row: AccountRow) -> Standing:
    standing = Standing(row.to_account(), is_customer=row.payment_customer is not None)
    if row.payment_subscription is None:
        return standing
    return replace(
        standing,
        is_paid=True,
        is_overdue=row.payment_status == "past_due",
        ends_at=row.payment_ends_at,
    )
