"""One round after another, until told to stop."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta

import structlog

from gas.domain.errors import GasError
from gas.runtime.topology import DUE_SHARDS
from gas.runtime.worker import Beat
from services.reconciler.dead_letters import DeadLetters
from services.reconciler.due import DueWork
from services.reconciler.orphans import OrphanSweep

log = structlog.get_logger()


class Reconciler:
    """Looks at everything that could have been missed; two at a time do no harm."""

    def __init__(
        self,
        *,
        due: DueWork,
        dead_letters: DeadLetters,
        sweeps: Sequence[OrphanSweep],
        interval: timedelta,
        beat: Beat = lambda: None,
    ) -> None:
        self._due = due
        self._dead_letters = dead_letters
        self._sweeps = sweeps
        self._interval = interval
        self._beat = beat

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await self.round()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._interval.total_seconds())

    async def round(self) -> None:
        """One look at everything. A part that fails is tried again in the next round.

        The heart beats before each part: while AWS is away, every one of them takes its time.
        """
        parts = [
            *(self._due.look(shard) for shard in range(DUE_SHARDS)),
            self._dead_letters.look(),
            *(sweep.look_at_a_page() for sweep in self._sweeps),
        ]
        for part in parts:
            self._beat()
            try:
                await part
            except GasError as error:
                log.warning("look cut short", code=error.code, reason=error.message)
            except Exception:
                log.exception("look cut short")
