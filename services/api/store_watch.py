"""Noticing that the job store is another than before, and putting right what follows from it.

A table that was lost and deployed again is empty, as is that of an emulator that was started
anew. PostgreSQL still says that the workers know all accounts, and users ask for jobs that are
nowhere. So the store has an identity, which PostgreSQL remembers. When it is another, every account
is projected anew, and whoever asks for a job from before is told what became of it.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gas.domain.errors import ErrorCode, TransientError
from gas.messages import new_id
from gas.ports import JobStore, StoreIdentity
from gas.runtime.records import Clock, utc_now
from services.api.store.database import Database
from services.api.store.tables import AccountRow, JobStoreRow

log = structlog.get_logger()

_TIMEOUT = timedelta(seconds=10)


class StoreWatch:
    """Any number of replicas may watch: one of them acts, the others find it done."""

    def __init__(self, database: Database, jobs: JobStore, clock: Clock = utc_now) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock

    async def look(self) -> None:
        """One look. Raises TransientError when the store does not answer."""
        identity = await self._identity()
        known = await self._known()
        if known is None or known.store_id != identity.store_id:
            await self._meet()

    async def jobs_lost_before(self, user_id: str | None = None) -> datetime | None:
        """When the store took the place of another; None if it never did.

        With ``user_id``: None also for a user who came later, and has lost nothing.
        """
        query = select(JobStoreRow.jobs_lost_before)
        if user_id is not None:
            query = query.join(
                AccountRow,
                and_(
                    AccountRow.user_id == user_id,
                    AccountRow.created_at < JobStoreRow.jobs_lost_before,
                ),
            )
        async with self._database.transaction() as session:
            return (await session.scalars(query)).one_or_none()

    async def _meet(self) -> None:
        """The store is asked once more while the row is locked.

        Otherwise a replica that was away since it asked could take the former store for new.
        """
        async with self._database.transaction() as session:
            first = insert(JobStoreRow).values(row_id=1, store_id="").on_conflict_do_nothing()
            await session.execute(first)
            row = (await session.scalars(select(JobStoreRow).with_for_update())).one()
            identity = await self._identity()
            if row.store_id == identity.store_id:
                return
            is_replaced = bool(row.store_id)
            row.store_id = identity.store_id
            if not is_replaced:
                return
            row.jobs_lost_before = identity.created_at
            accounts = await _project_all_anew(session)
        log.error(
            "the job store was replaced: all jobs from before are lost, all accounts are "
            "projected anew",
            jobs_lost_before=identity.created_at.isoformat(),
            accounts=accounts,
        )

    async def _known(self) -> JobStoreRow | None:
        async with self._database.transaction() as session:
            return (await session.scalars(select(JobStoreRow))).one_or_none()

    async def _identity(self) -> StoreIdentity:
        try:
            async with asyncio.timeout(_TIMEOUT.total_seconds()):
                return await self._jobs.identify(StoreIdentity(new_id(), self._clock()))
        except TimeoutError as error:
            reason = "The job store does not answer."
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, reason) from error


async def _project_all_anew(session: AsyncSession) -> int:
    """Gives how many accounts there are.

    The plan is announced again too: the new store may be an old one, with jobs that were brought
    in line with another plan. Where there are no jobs, the announcement does nothing.
    """
    result = await session.execute(
        update(AccountRow)
        .values(projected_version=0, announced_plan_version=0)
        .returning(AccountRow.user_id)
    )
    return len(result.all())
