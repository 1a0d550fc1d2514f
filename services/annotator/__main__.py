"""Wiring of the annotator."""

import asyncio
from contextlib import AsyncExitStack

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.leases import Leases
from gas.runtime.records import Records
from gas.runtime.scratch import scratch_folder
from gas.runtime.service import run_service, work_on
from gas.runtime.topology import Queue
from services.annotator.handlers import Annotator
from services.annotator.settings import AnnotatorSettings
from services.annotator.workshop import Workshop


def main() -> None:
    settings = AnnotatorSettings.load()
    engine = settings.engine()

    async def serve(stop: asyncio.Event) -> None:
        async with AsyncExitStack() as stack:
            scratch = stack.enter_context(scratch_folder(settings.scratch_dir, "annotator"))
            pool_size = settings.concurrency * 4
            ports = await stack.enter_async_context(aws_ports(settings, pool_size=pool_size))
            annotator = Annotator(
                jobs=ports.jobs,
                records=Records(ports.jobs, ports.publisher, settings.timings),
                leases=Leases(ports.jobs, settings.lease),
                workshop=Workshop(
                    inputs=ports.inputs,
                    results=ports.results,
                    engine=engine,
                    limits=settings.limits,
                    scratch_dir=scratch,
                    free_retention=settings.free_retention,
                ),
                max_attempts=settings.max_attempts,
            )
            await work_on(
                ports.queue(Queue.ANNOTATE),
                annotator.handle,
                settings,
                stop,
                settle=annotator.settle,
            )

    run_service("annotator", settings, serve)


if __name__ == "__main__":
    main()
