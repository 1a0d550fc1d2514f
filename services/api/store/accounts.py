"""Accounts: made at the first sign-in, changed by later ones and by changes of plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncSession

from gas.domain.plan import Account, Plan
from gas.messages import new_id
from gas.runtime.records import Clock, utc_now
from services.api.store.audit import Action, note
from services.api.store.database import Database
from services.api.store.tables import AccountRow


@dataclass(frozen=True)
class Identity:
    """Who somebody is, by the word of an issuer: ``issuer`` and ``subject`` never change."""

    issuer: str
    subject: str
    email: str
    name: str


class Accounts:
    """The accounts in PostgreSQL. Every change raises ``version``, and so asks for a projection."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def sign_in(self, identity: Identity, correlation_id: str) -> Account:
        """The account of an identity, new or with its name and e-mail brought up to date.

        A name that its owner chose stays.
        """
        now = self._clock()
        async with self._database.transaction() as session:
            await session.execute(_insert_unless_there(identity, now))
            row = await locked_account(
                session,
                AccountRow.issuer == identity.issuer,
                AccountRow.subject == identity.subject,
            )
            name = row.name if row.name_is_own else identity.name
            if (row.email, row.name) != (identity.email, name):
                row.email, row.name = identity.email, name
                row.version += 1
                row.updated_at = now
            note(
                session,
                Action.SIGNED_IN,
                user_id=row.user_id,
                now=now,
                correlation_id=correlation_id,
            )
            return row.to_account()

    async def change_plan(self, user_id: str, plan: Plan, correlation_id: str) -> Account:
        """Put a user on a plan; to be on it already is no change."""
        async with self._database.transaction() as session:
            row = await locked_account(session, AccountRow.user_id == user_id)
            put_on_plan(session, row, plan, self._clock(), correlation_id)
            return row.to_account()

    async def to_project(self, limit: int) -> Sequence[str]:
        """Users whom DynamoDB does not know as they are, the longest waiting first."""
        query = (
            select(AccountRow.user_id)
            .where(AccountRow.projected_version < AccountRow.version)
            .order_by(AccountRow.updated_at)
            .limit(limit)
        )
        async with self._database.transaction() as session:
            return (await session.scalars(query)).all()


async def locked_account(session: AsyncSession, *conditions: ColumnElement[bool]) -> AccountRow:
    """The one account of which this is true; until the transaction ends, nobody else changes it."""
    query = select(AccountRow).where(*conditions).with_for_update()
    return (await session.scalars(query)).one()


def put_on_plan(
    session: AsyncSession, row: AccountRow, plan: Plan, now: datetime, correlation_id: str
) -> None:
    """Within the transaction that holds the row; to be on the plan already is no change."""
    if row.plan == plan:
        return
    note(
        session,
        Action.PLAN_CHANGED,
        user_id=row.user_id,
        now=now,
        correlation_id=correlation_id,
        before=row.plan,
        after=plan,
    )
    row.plan = plan
    row.plan_version += 1
    row.version += 1
    row.updated_at = now


def _insert_unless_there(identity: Identity, now: datetime) -> Insert:
    return (
        insert(AccountRow)
        .values(
            user_id=new_id(),
            issuer=identity.issuer,
            subject=identity.subject,
            email=identity.email,
            name=identity.name,
            plan=Plan.FREE,
            plan_version=1,
            announced_plan_version=1,
            version=1,
            projected_version=0,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["issuer", "subject"])
    )
