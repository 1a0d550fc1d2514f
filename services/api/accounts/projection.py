"""Bringing accounts from PostgreSQL into DynamoDB, where the workers read them.

PostgreSQL commits first, with ``version`` raised. The projection then holds the account's row
locked while it writes to DynamoDB, and notes in the same transaction which version is there. A
crash anywhere in between leaves ``projected_version`` behind ``version``, so the next round
writes again; the lock keeps an older state from being written after a newer one.
"""

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import select

from gas.domain.errors import ErrorCode, TransientError
from gas.messages import PlanChanged, new_id
from gas.ports import AccountStore, PlanChange, Publisher
from gas.runtime.records import Clock, utc_now
from services.api.store.accounts import Accounts
from services.api.store.database import Database
from services.api.store.tables import AccountRow

log = structlog.get_logger()

_WRITE_TIMEOUT = timedelta(seconds=10)
_ACCOUNTS_AT_A_TIME = 100


class Projector:
    """Writes accounts to the AccountStore, and says so when a plan has changed.

    ``unheard`` is how long the message about a change may show no effect before the
    reconciler repeats it.
    """

    def __init__(
        self,
        database: Database,
        store: AccountStore,
        publisher: Publisher,
        unheard: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._accounts = Accounts(database, clock)
        self._store = store
        self._publisher = publisher
        self._unheard = unheard
        self._clock = clock

    async def try_project(self, user_id: str, correlation_id: str) -> None:
        """Project now if possible; otherwise the next round does, so it is no error here."""
        try:
            await self.project(user_id, correlation_id)
        except TransientError as error:
            log.warning("account left to the next round", user_id=user_id, reason=str(error))

    async def project(self, user_id: str, correlation_id: str) -> None:
        """Write an account that DynamoDB has not got yet. Raises TransientError."""
        change: PlanChange | None = None
        async with self._database.transaction() as session:
            query = select(AccountRow).where(AccountRow.user_id == user_id).with_for_update()
            row = (await session.scalars(query)).one_or_none()
            if row is None or row.projected_version >= row.version:
                return
            if row.announced_plan_version < row.plan_version:
                change = self._change(row, correlation_id)
            await self._write(row, change)
            row.projected_version = row.version
            row.announced_plan_version = row.plan_version
        if change:
            await self._announce(change)

    async def project_pending(self) -> None:
        """Project the accounts that wait; one that fails does not hold up the others.

        As many as there are, as long as all goes well: after a loss that is every account. When
        the store itself is away, the round is over. Raises TransientError.
        """
        while waiting := await self._accounts.to_project(_ACCOUNTS_AT_A_TIME):
            failed = [user_id for user_id in waiting if not await self._is_projected(user_id)]
            if failed or len(waiting) < _ACCOUNTS_AT_A_TIME:
                return

    async def _is_projected(self, user_id: str) -> bool:
        try:
            await self.project(user_id, new_id())
        except TransientError:
            raise
        except Exception:
            log.exception("account cannot be projected", user_id=user_id)
            return False
        return True

    def _change(self, row: AccountRow, correlation_id: str) -> PlanChange:
        return PlanChange(
            user_id=row.user_id,
            plan_version=row.plan_version,
            event=PlanChanged(user_id=row.user_id, correlation_id=correlation_id),
            due_at=self._clock() + self._unheard,
        )

    async def _write(self, row: AccountRow, change: PlanChange | None) -> None:
        try:
            async with asyncio.timeout(_WRITE_TIMEOUT.total_seconds()):
                await self._store.project(row.to_account(), change)
        except TimeoutError as error:
            reason = "The account store does not answer."
            raise TransientError(ErrorCode.INTERNAL_ERROR, reason) from error

    async def _announce(self, change: PlanChange) -> None:
        """The pending change is stored, so a lost message only costs time (rule R6)."""
        try:
            await self._publisher.publish(change.event)
        except TransientError as error:
            log.warning(
                "plan change left to the reconciler", user_id=change.user_id, reason=str(error)
            )
