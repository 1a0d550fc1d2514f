"""Bearer tokens: how the command line signs in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select

from gas.domain.plan import Account
from gas.messages import new_id
from gas.runtime.records import Clock, utc_now
from services.api.store.audit import Action, note
from services.api.store.credentials import digest, new_token
from services.api.store.database import Database
from services.api.store.tables import AccountRow, TokenRow

_USE_PRECISION = timedelta(minutes=1)


@dataclass(frozen=True)
class Token:
    """What is known of a token; its secret is not."""

    token_id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class Tokens:
    """The tokens of all users; only hashes are kept."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def create(
        self, user_id: str, name: str, expires_at: datetime | None, correlation_id: str
    ) -> tuple[Token, str]:
        """A new token and its secret, which is shown this once."""
        secret, now = new_token(), self._clock()
        row = TokenRow(
            token_id=new_id(),
            user_id=user_id,
            token_hash=digest(secret),
            name=name,
            created_at=now,
            last_used_at=None,
            expires_at=expires_at,
        )
        async with self._database.transaction() as session:
            session.add(row)
            note(
                session,
                Action.TOKEN_CREATED,
                user_id=user_id,
                now=now,
                correlation_id=correlation_id,
                token_id=row.token_id,
                name=name,
            )
        return _token(row), secret

    async def list(self, user_id: str) -> Sequence[Token]:
        """Newest first."""
        query = (
            select(TokenRow)
            .where(TokenRow.user_id == user_id)
            .order_by(TokenRow.created_at.desc(), TokenRow.token_id.desc())
        )
        async with self._database.transaction() as session:
            return [_token(row) for row in await session.scalars(query)]

    async def revoke(self, user_id: str, token_id: str, correlation_id: str) -> bool:
        """Whether there was such a token of this user's."""
        return await self._revoke(user_id, correlation_id, TokenRow.token_id == token_id) > 0

    async def revoke_all(self, user_id: str, correlation_id: str) -> int:
        """How many there were."""
        return await self._revoke(user_id, correlation_id)

    async def _revoke(self, user_id: str, correlation_id: str, *which: ColumnElement[bool]) -> int:
        statement = (
            delete(TokenRow)
            .where(TokenRow.user_id == user_id, *which)
            .returning(TokenRow.token_id, TokenRow.name)
        )
        async with self._database.transaction() as session:
            revoked = (await session.execute(statement)).all()
            for token_id, name in revoked:
                note(
                    session,
                    Action.TOKEN_REVOKED,
                    user_id=user_id,
                    now=self._clock(),
                    correlation_id=correlation_id,
                    token_id=token_id,
                    name=name,
                )
            return len(revoked)

    async def account_of(self, secret: str) -> Account | None:
        """Whose token it is, or None when it is unknown or has expired."""
        now = self._clock()
        query = (
            select(TokenRow, AccountRow)
            .join(AccountRow, AccountRow.user_id == TokenRow.user_id)
            .where(
                TokenRow.token_hash == digest(secret),
                or_(TokenRow.expires_at.is_(None), TokenRow.expires_at > now),
            )
        )
        async with self._database.transaction() as session:
            found = (await session.execute(query)).one_or_none()
            if found is None:
                return None
            row, account = found
            if row.last_used_at is None or now - row.last_used_at >= _USE_PRECISION:
                row.last_used_at = now
            return account.to_account()


def _token(row: TokenRow) -> Token:
    return Token(row.token_id, row.name, row.created_at, row.last_used_at, row.expires_at)
