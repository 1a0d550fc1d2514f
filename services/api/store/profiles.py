"""What users say of themselves, and which mails they want."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from gas.domain.mail_kinds import MailKind
from gas.domain.plan import Account
from gas.runtime.records import Clock, utc_now
from services.api.store.accounts import locked_account
from services.api.store.audit import Action, note
from services.api.store.database import Database
from services.api.store.tables import AccountRow


@dataclass(frozen=True)
class Profile:
    """An account with what only the api knows of it."""

    account: Account
    institution: str


@dataclass(frozen=True)
class ProfileChange:
    """What to change; None leaves a thing as it is."""

    name: str | None = None
    institution: str | None = None
    muted_mails: Iterable[MailKind] | None = None


class Profiles:
    """The profiles in PostgreSQL. Name and muted mails are projected: the notifier needs them."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def of(self, user_id: str) -> Profile:
        query = select(AccountRow).where(AccountRow.user_id == user_id)
        async with self._database.transaction() as session:
            return _profile((await session.scalars(query)).one())

    async def change(self, user_id: str, change: ProfileChange, correlation_id: str) -> Profile:
        """A name that is changed here is the user's own: no sign-in brings the issuer's back."""
        now = self._clock()
        async with self._database.transaction() as session:
            row = await locked_account(session, AccountRow.user_id == user_id)
            changed = _differences(row, change)
            if changed:
                for column, value in changed.items():
                    setattr(row, column, value)
                row.name_is_own = row.name_is_own or "name" in changed
                row.version += 1
                row.updated_at = now
                note(
                    session,
                    Action.PROFILE_CHANGED,
                    user_id=user_id,
                    now=now,
                    correlation_id=correlation_id,
                    fields=" ".join(changed),
                )
            return _profile(row)


def _differences(row: AccountRow, change: ProfileChange) -> dict[str, object]:
    """New values by column, of those columns that are to become other than they are."""
    wanted = {
        "name": change.name,
        "institution": change.institution,
        "muted_mails": None if change.muted_mails is None else sorted(set(change.muted_mails)),
    }
    return {
        column: value
        for column, value in wanted.items()
        if value is not None and value != getattr(row, column)
    }


def _profile(row: AccountRow) -> Profile:
    return Profile(row.to_account(), row.institution)
