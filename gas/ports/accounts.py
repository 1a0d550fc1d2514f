"""What the workers know of users, and the work that a change of plan leaves behind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gas.domain.plan import Account
from gas.messages import PlanChanged


@dataclass(frozen=True)
class PlanChange:
    """A change of plan that the results of a user were not yet brought in line with."""

    user_id: str
    plan_version: int
    event: PlanChanged
    due_at: datetime


class AccountStore(Protocol):
    """The projection of accounts (only the api writes it) and the pending plan changes.

    Errors: TransientError when the store cannot answer.
    """

    async def get(self, user_id: str) -> Account | None:
        """Consistent. None means that the plan is unknown: then nothing may be archived."""
        ...

    async def project(self, account: Account, change: PlanChange | None) -> None:
        """Write the account and, in the same transaction, the pending change.

        An account with an older or equal ``plan_version`` than the stored one may only change
        name, e-mail and the mails that are not wanted; an older one is ignored.
        """
        ...

    async def pending_change(self, user_id: str) -> PlanChange | None: ...

    async def postpone_change(self, change: PlanChange, due_at: datetime) -> None:
        """Move the next look, unless a newer change is pending."""
        ...

    async def finish_change(self, change: PlanChange) -> None:
        """Remove the pending change, unless a newer one took its place."""
        ...
