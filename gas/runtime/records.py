"""Writing a change, and saying what happened: the transactional outbox (rule R4)."""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from gas.domain.change import Change
from gas.domain.errors import LostRaceError, TransientError
from gas.domain.job import Job
from gas.domain.owner_steps import rebased
from gas.domain.schedule import Timings, next_look
from gas.ports import JobStore, Publisher

Clock = Callable[[], datetime]

log = structlog.get_logger()


def utc_now() -> datetime:
    return datetime.now(UTC)


class Records:
    """Commits changes of jobs and relays their events.

    The events are part of the record's write. They are published right after it; whatever is
    not published then, the reconciler publishes later, through the same ``relay``.
    """

    def __init__(
        self,
        jobs: JobStore,
        publisher: Publisher,
        timings: Timings,
        clock: Clock = utc_now,
    ) -> None:
        self._jobs = jobs
        self._publisher = publisher
        self._timings = timings
        self._clock = clock

    async def commit(self, change: Change) -> Job:
        """Write the change, then publish its events; gives the record as it is now.

        Raises LostRaceError when the record is no longer as it was read, unless only its owner
        named or discarded it meanwhile. A publication that fails does not undo the change, so it
        is no error here.
        """
        after = await self._write(change)
        if not after.outbox:
            return after
        try:
            return await self.relay(after)
        except (TransientError, LostRaceError) as error:
            log.warning("events left to the reconciler", job_id=after.job_id, reason=str(error))
            return after

    async def _write(self, change: Change) -> Job:
        """Every further try found another edit of the owner's, so it ends."""
        while True:
            due_at = next_look(change.after, self._clock(), self._timings)
            after = change.after.model_copy(update={"due_at": due_at})
            try:
                await self._jobs.commit(Change(change.before, after))
            except LostRaceError:
                latest = await self._jobs.get(after.user_id, after.job_id)
                onto_latest = rebased(change, latest) if latest else None
                if onto_latest is None:
                    raise
                change = onto_latest
            else:
                return after

    async def relay(self, job: Job) -> Job:
        """Publish what is in the outbox, then empty it. At least once: never the other way."""
        for event in job.outbox:
            await self._publisher.publish(event)
        silent = job.model_copy(update={"outbox": ()})
        silent = silent.model_copy(
            update={"due_at": next_look(silent, self._clock(), self._timings)}
        )
        await self._jobs.mark_published(silent, [event.event_id for event in job.outbox])
        return silent
