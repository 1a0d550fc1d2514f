"""The projection of accounts, in memory."""

from dataclasses import replace
from datetime import datetime

from gas.adapters.memory.table import MemoryTable
from gas.domain.plan import Account
from gas.ports import PlanChange


class MemoryAccountStore:
    """An AccountStore."""

    def __init__(self, table: MemoryTable) -> None:
        self._table = table

    async def get(self, user_id: str) -> Account | None:
        return self._table.accounts.get(user_id)

    async def project(self, account: Account, change: PlanChange | None) -> None:
        stored = self._table.accounts.get(account.user_id)
        if stored is None or account.plan_version > stored.plan_version:
            self._table.accounts[account.user_id] = account
            if change:
                self._table.changes[change.user_id] = change
        elif account.plan_version == stored.plan_version:
            contact = account.model_dump(include={"name", "email", "muted_mails"})
            self._table.accounts[account.user_id] = stored.model_copy(update=contact)

    async def pending_change(self, user_id: str) -> PlanChange | None:
        return self._table.changes.get(user_id)

    async def postpone_change(self, change: PlanChange, due_at: datetime) -> None:
        if stored := self._if_still_pending(change):
            self._table.changes[change.user_id] = replace(stored, due_at=due_at)

    async def finish_change(self, change: PlanChange) -> None:
        if self._if_still_pending(change):
            del self._table.changes[change.user_id]

    def _if_still_pending(self, change: PlanChange) -> PlanChange | None:
        stored = self._table.changes.get(change.user_id)
        return stored if stored and stored.plan_version == change.plan_version else None
