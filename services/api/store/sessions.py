"""Browsers that are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, delete, select

from gas.domain.plan import Account
from gas.runtime.records import Clock, utc_now
from services.api.store.audit import Action, note
from services.api.store.credentials import digest, new_session_id
from services.api.store.database import Database
from services.api.store.tables import AccountRow, SessionRow

# Writing the time of every request would cost a write a request.
_SEEN_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedInBrowser:
    """A session as its user may see it; ``browser`` is empty where it is not known."""

    browser: str
    signed_in_at: datetime
    seen_at: datetime
    is_this: bool


class Sessions:
    """Sessions end ``lifetime`` after their start, and after ``idle`` without a request."""

    def __init__(
        self,
        database: Database,
        lifetime: timedelta,
        idle: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._lifetime = lifetime
        self._idle = idle
        self._clock = clock

    async def start(self, user_id: str, replaces: str | None, browser: str = "") -> str:
        """A new session's id, made here and never taken from a request (session fixation).

        The session that the browser had before, if any, ends. ``browser`` is a name for it that
        its user recognises, as "Firefox on Linux".
        """
        session_id, now = new_session_id(), self._clock()
        async with self._database.transaction() as session:
            if replaces:
                await session.execute(_deletion(replaces))
            session.add(
                SessionRow(
                    id_hash=digest(session_id),
                    user_id=user_id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + self._lifetime,
                    browser=browser,
                )
            )
        return session_id

    async def account_of(self, session_id: str) -> Account | None:
        """Whose session it is, or None when it ended or never was."""
        now = self._clock()
        query = (
            select(SessionRow, AccountRow)
            .join(AccountRow, AccountRow.user_id == SessionRow.user_id)
            .where(SessionRow.id_hash == digest(session_id), *self._lasts(now))
        )
        async with self._database.transaction() as session:
            found = (await session.execute(query)).one_or_none()
            if found is None:
                return None
            row, account = found
            if now - row.seen_at >= min(_SEEN_PRECISION, self._idle / 2):
                row.seen_at = now
            return account.to_account()

    async def end(self, session_id: str, user_id: str, correlation_id: str) -> None:
        async with self._database.transaction() as session:
            await session.execute(_deletion(session_id))
            note(
                session,
                Action.SIGNED_OUT,
                user_id=user_id,
                now=self._clock(),
                correlation_id=correlation_id,
            )

    async def of(self, user_id: str, session_id: str | None) -> Sequence[SignedInBrowser]:
        """The browsers that are signed in, the one with ``session_id`` first, then by last use."""
        query = (
            select(SessionRow)
            .where(SessionRow.user_id == user_id, *self._lasts(self._clock()))
            .order_by(SessionRow.seen_at.desc(), SessionRow.created_at.desc())
        )
        this = digest(session_id) if session_id else None
        async with self._database.transaction() as session:
            browsers = [
                SignedInBrowser(row.browser, row.created_at, row.seen_at, row.id_hash == this)
                for row in await session.scalars(query)
            ]
        return sorted(browsers, key=lambda browser: not browser.is_this)

    async def end_all(self, user_id: str, correlation_id: str) -> int:
        """Sign out everywhere. How many browsers were signed in."""
        statement = (
            delete(SessionRow).where(SessionRow.user_id == user_id).returning(SessionRow.id_hash)
        )
        async with self._database.transaction() as session:
            count = len((await session.scalars(statement)).all())
            note(
                session,
                Action.SIGNED_OUT_EVERYWHERE,
                user_id=user_id,
                now=self._clock(),
                correlation_id=correlation_id,
                browsers=count,
            )
        return count

    def _lasts(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        return SessionRow.expires_at > now, SessionRow.seen_at > now - self._idle

    async def forget_expired(self) -> None:
        now = self._clock()
        async with self._database.transaction() as session:
            await session.execute(
                delete(SessionRow).where(
                    (SessionRow.expires_at <= now) | (SessionRow.seen_at <= now - self._idle)
                )
            )


def _deletion(session_id: str) -> Delete:
    return delete(SessionRow).where(SessionRow.id_hash == digest(session_id))
