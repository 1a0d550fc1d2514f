"""Wiring of the annotator."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.leases import Leases
from gas.runtime.records import Records
from gas.runtime.service import health_beat, run_service, worker_options
from gas.runtime.topology import Queue
from gas.runtime.worker import Worker
from services.annotator.handlers import Annotator
from services.annotator.settings import AnnotatorSettings
from services.annotator.workshop import Workshop


def main() -> None:
    settings = AnnotatorSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=settings.concurrency * 4) as ports:
            annotator = Annotator(
                jobs=ports.jobs,
                records=Records(ports.jobs, ports.publisher, settings.timings),
                leases=Leases(ports.jobs, settings.lease),
                workshop=Workshop(
                    inputs=ports.inputs,
                    results=ports.results,
                    limits=settings.limits,
                    scratch_dir=settings.scratch_dir,
                    free_retention=settings.free_retention,
                ),
                max_attempts=settings.max_attempts,
            )
            worker = Worker(
                ports.queue(Queue.ANNOTATE),
                annotator.handle,
                worker_options(settings),
                settle=annotator.settle,
                beat=health_beat(settings.health_file),
            )
            await worker.run(stop)

    run_service("annotator", settings, serve)


if __name__ == "__main__":
    main()
