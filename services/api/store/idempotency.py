"""Idempotency keys: the same request twice makes one job.

A key reserves the id of the job before the job is made. Whoever comes again with the key,
also after a crash in between, goes on with that id; the job store lets only one of them make it.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from gas.messages import new_id
from gas.runtime.records import Clock, utc_now
from services.api.store.database import Database
from services.api.store.tables import IdempotencyRow

LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Reservation:
    """The job that a key stands for; ``completed`` when it was made before."""

    job_id: str
    completed: bool
    same_request: bool


class IdempotencyKeys:
    """The keys of all users, each good for ``LIFETIME``."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def reserve(self, user_id: str, key: str, request: str) -> Reservation:
        fingerprint = hashlib.sha256(request.encode()).digest()
        reservation = (
            insert(IdempotencyRow)
            .values(
                user_id=user_id,
                key=key,
                fingerprint=fingerprint,
                job_id=new_id(),
                completed=False,
                created_at=self._clock(),
            )
            .on_conflict_do_nothing()
        )
        query = select(IdempotencyRow).where(*_is(user_id, key))
        async with self._database.transaction() as session:
            await session.execute(reservation)
            row = (await session.scalars(query)).one()
            return Reservation(row.job_id, row.completed, row.fingerprint == fingerprint)

    async def complete(self, user_id: str, key: str) -> None:
        """The job was made: from now on a missing one means that it was deleted."""
        async with self._database.transaction() as session:
            await session.execute(
                update(IdempotencyRow).where(*_is(user_id, key)).values(completed=True)
            )

    async def forget_expired(self) -> None:
        oldest = self._clock() - LIFETIME
        async with self._database.transaction() as session:
            await session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < oldest))


def _is(user_id: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return IdempotencyRow.user_id == user_id, IdempotencyRow.key == key
