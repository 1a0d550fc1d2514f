"""The audit trail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from gas.runtime.records import Clock, utc_now
from services.api.store.database import Database
from services.api.store.tables import AuditRow


class Action(StrEnum):
    """What is worth remembering."""

    SIGNED_IN = "signed in"
    SIGNED_OUT = "signed out"
    SIGNED_OUT_EVERYWHERE = "signed out everywhere"
    PROFILE_CHANGED = "profile changed"
    PLAN_CHANGED = "plan changed"
    PAYMENT_FAILED = "payment failed"
    TOKEN_CREATED = "token created"  # noqa: S105 - a phrase, no secret
    TOKEN_REVOKED = "token revoked"  # noqa: S105 - a phrase, no secret
    SHARE_CREATED = "share created"
    SHARE_REVOKED = "share revoked"
    JOB_DELETED = "job deleted"


def note(
    session: AsyncSession,
    action: Action,
    *,
    user_id: str,
    now: datetime,
    correlation_id: str,
    **detail: str | int,
) -> None:
    """Add an entry to the transaction in which the thing itself happens."""
    session.add(
        AuditRow(
            happened_at=now,
            user_id=user_id,
            action=action,
            correlation_id=correlation_id,
            detail=detail,
        )
    )


class AuditTrail:
    """For what happens outside PostgreSQL."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def job_deleted(self, user_id: str, job_id: str, correlation_id: str) -> None:
        async with self._database.transaction() as session:
            note(
                session,
                Action.JOB_DELETED,
                user_id=user_id,
                now=self._clock(),
                correlation_id=correlation_id,
                job_id=job_id,
            )
