"""Share links: who has one may look at one job, without an account, until it expires."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from gas.messages import new_id
from gas.runtime.records import Clock, utc_now
from services.api.store.audit import Action, note
from services.api.store.credentials import digest, new_share_token
from services.api.store.database import Database
from services.api.store.tables import ShareRow

_USE_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class Share:
    """What is known of a link; what it says is not."""

    share_id: str
    user_id: str
    job_id: str
    label: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class Shares:
    """The links of all users; only hashes of their tokens are kept. Expired ones are gone."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self, user_id: str, job_id: str, label: str, lifetime: timedelta, correlation_id: str
    ) -> tuple[Share, str]:
        """A new link and its token, which is shown this once. The job must be the user's own."""
        token, now = new_share_token(), self._clock()
        row = ShareRow(
            share_id=new_id(),
            user_id=user_id,
            job_id=job_id,
            token_hash=digest(token),
            label=label,
            created_at=now,
            expires_at=now + lifetime,
            last_used_at=None,
        )
        async with self._database.transaction() as session:
            session.add(row)
            self._note(session, Action.SHARE_CREATED, row, correlation_id)
        return _share(row), token

    async def list(self, user_id: str, job_id: str) -> Sequence[Share]:
        """Those that work, newest first."""
        query = (
            select(ShareRow)
            .where(
                ShareRow.user_id == user_id,
                ShareRow.job_id == job_id,
                ShareRow.expires_at > self._clock(),
            )
            .order_by(ShareRow.created_at.desc(), ShareRow.share_id.desc())
        )
        async with self._database.transaction() as session:
            return [_share(row) for row in await session.scalars(query)]

    async def revoke(self, user_id: str, job_id: str, share_id: str, correlation_id: str) -> bool:
        """Whether this job of this user had such a link."""
        query = (
            select(ShareRow)
            .where(
                ShareRow.user_id == user_id,
                ShareRow.job_id == job_id,
                ShareRow.share_id == share_id,
            )
            .with_for_update()
        )
        async with self._database.transaction() as session:
            row = (await session.scalars(query)).one_or_none()
            if row is None:
                return False
            await session.delete(row)
            self._note(session, Action.SHARE_REVOKED, row, correlation_id)
            return True

    async def find(self, token: str) -> Share | None:
        """What a link is to; None when it is unknown, revoked or has expired."""
        now = self._clock()
        query = select(ShareRow).where(
            ShareRow.token_hash == digest(token), ShareRow.expires_at > now
        )
        async with self._database.transaction() as session:
            row = (await session.scalars(query)).one_or_none()
            if row is None:
                return None
            if row.last_used_at is None or now - row.last_used_at >= _USE_PRECISION:
                row.last_used_at = now
            return _share(row)

    async def forget_expired(self) -> None:
        async with self._database.transaction() as session:
            await session.execute(delete(ShareRow).where(ShareRow.expires_at <= self._clock()))

    def _note(
        self, session: AsyncSession, action: Action, row: ShareRow, correlation_id: str
    ) -> None:
        note(
            session,
            action,
            user_id=row.user_id,
            now=self._clock(),
            correlation_id=correlation_id,
            job_id=row.job_id,
            share_id=row.share_id,
            label=row.label,
        )


def _share(row: ShareRow) -> Share:
    return Share(
        row.share_id,
        row.user_id,
        row.job_id,
        row.label,
        row.created_at,
        row.expires_at,
        row.last_used_at,
    )
