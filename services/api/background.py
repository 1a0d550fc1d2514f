"""What goes on beside the requests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import structlog

from gas.domain.errors import TransientError
from services.api.context import Context

log = structlog.get_logger()

_TIDY_INTERVAL = timedelta(hours=1)

Action = Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def background(context: Context) -> AsyncIterator[None]:
    """Runs until the end of the block: watching the job store, late projections, forgetting."""
    rounds: list[tuple[Action, timedelta]] = [
        (context.store_watch.look, context.settings.projection_retry),
        (context.projector.project_pending, context.settings.projection_retry),
        (context.sessions.forget_expired, _TIDY_INTERVAL),
        (context.billing.look_again, _TIDY_INTERVAL),
        (context.idempotency.forget_expired, _TIDY_INTERVAL),
        (context.shares.forget_expired, _TIDY_INTERVAL),
        (context.explorer.forget_unused, _TIDY_INTERVAL),
    ]
    tasks = [asyncio.create_task(_repeat(action, pause)) for action, pause in rounds]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await context.billing.close()
        await context.explorer.close()


async def _repeat(action: Action, pause: timedelta) -> None:
    """For ever: a round that fails is logged, and the next one tries again."""
    while True:
        try:
            await action()
        except TransientError as error:
            log.warning("background round put off", action=action.__qualname__, reason=str(error))
        except Exception:
            log.exception("background round failed", action=action.__qualname__)
        await asyncio.sleep(pause.total_seconds())
