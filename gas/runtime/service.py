"""The life of a worker process: settings, logs, signals, health, and an orderly end."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import start_http_server

from gas.domain.errors import MisconfiguredError
from gas.ports import Queue
from gas.runtime.logging import configure_logging
from gas.runtime.settings import BackgroundSettings, WorkerSettings
from gas.runtime.worker import Beat, Handle, Settle, Worker, WorkerOptions, nothing_to_settle

log = structlog.get_logger()

Serve = Callable[[asyncio.Event], Coroutine[Any, Any, None]]

_LAST_WORDS = timedelta(seconds=5)


def run_service(name: str, settings: BackgroundSettings, serve: Serve) -> None:
    """Run ``serve`` until SIGTERM or SIGINT sets the event that it is given.

    Work in hand gets its drain time, and everything else some seconds; what then still waits,
    for an AWS that does not answer for example, is cut off: nothing here is unsafe to interrupt.
    """
    configure_logging(settings, name)
    if settings.metrics_port is not None:
        start_http_server(settings.metrics_port, addr=settings.metrics_host)
    drain = settings.drain_seconds if isinstance(settings, WorkerSettings) else 0
    grace = timedelta(seconds=drain) + _LAST_WORDS
    try:
        asyncio.run(serve_until_signalled(name, serve, grace))
    except MisconfiguredError as error:
        log.critical("service cannot start", reason=str(error))
        raise SystemExit(1) from error


async def serve_until_signalled(name: str, serve: Serve, grace: timedelta) -> None:
    """As ``run_service``, in a loop that runs; ``grace`` is the time from signal to cut."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    log.info("service starts", service=name)
    serving = asyncio.create_task(serve(stop))
    cutting = asyncio.create_task(_cut_off(serving, stop, grace))
    await asyncio.wait({serving})
    cutting.cancel()
    if serving.cancelled():
        log.warning("service cut off", service=name)
        return
    serving.result()
    log.info("service stopped", service=name)


async def _cut_off(serving: asyncio.Task[None], stop: asyncio.Event, grace: timedelta) -> None:
    await stop.wait()
    await asyncio.sleep(grace.total_seconds())
    serving.cancel()


async def work_on(
    queue: Queue,
    handle: Handle,
    settings: WorkerSettings,
    stop: asyncio.Event,
    *,
    settle: Settle = nothing_to_settle,
) -> None:
    """Handle the messages of a queue, as the settings say, until ``stop`` is set."""
    options = WorkerOptions(
        concurrency=settings.concurrency,
        visibility=timedelta(seconds=settings.visibility_seconds),
        drain=timedelta(seconds=settings.drain_seconds),
    )
    beat = health_beat(settings.health_file)
    await Worker(queue, handle, options, settle=settle, beat=beat).run(stop)


def health_beat(health_file: Path | None) -> Beat:
    """Touch the health file, if there is one: a loop that hangs stops touching it.

    It says nothing of AWS: a worker that waits for AWS to come back does what it should, and
    starting it anew would bring nothing back.
    """
    if health_file is None:
        return lambda: None
    health_file.parent.mkdir(parents=True, exist_ok=True)
    return health_file.touch
