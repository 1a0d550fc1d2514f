"""The life of a worker process: settings, logs, signals, health, and an orderly end."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import structlog
from prometheus_client import start_http_server

from gas.ports import Queue
from gas.runtime.logging import configure_logging
from gas.runtime.settings import BackgroundSettings, WorkerSettings
from gas.runtime.worker import Beat, Handle, Settle, Worker, WorkerOptions, nothing_to_settle

log = structlog.get_logger()

Serve = Callable[[asyncio.Event], Awaitable[None]]


def run_service(name: str, settings: BackgroundSettings, serve: Serve) -> None:
    """Run ``serve`` until SIGTERM or SIGINT sets the event that it is given."""
    configure_logging(settings, name)
    if settings.metrics_port is not None:
        start_http_server(settings.metrics_port, addr=settings.metrics_host)
    asyncio.run(_serve_until_signalled(name, serve))


async def _serve_until_signalled(name: str, serve: Serve) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    log.info("service starts", service=name)
    await serve(stop)
    log.info("service stopped", service=name)


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
    """Touch the health file, if there is one: a loop that hangs stops touching it."""
    if health_file is None:
        return lambda: None
    health_file.parent.mkdir(parents=True, exist_ok=True)
    return health_file.touch
