"""Wiring of the archiver."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.leases import Leases
from gas.runtime.records import Records
from gas.runtime.service import run_service, work_on
from gas.runtime.tidying import Tidying
from gas.runtime.topology import Queue
from services.archiver.handlers import Archiver
from services.archiver.settings import ArchiverSettings


def main() -> None:
    settings = ArchiverSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=settings.concurrency * 4) as ports:
            records = Records(ports.jobs, ports.publisher, settings.timings)
            archiver = Archiver(
                jobs=ports.jobs,
                accounts=ports.accounts,
                results=ports.results,
                archive=ports.archive,
                records=records,
                leases=Leases(ports.jobs, settings.lease),
                tidying=Tidying(ports.results, ports.archive, records),
                free_retention=settings.free_retention,
            )
            await work_on(ports.queue(Queue.ARCHIVE), archiver.handle, settings, stop)

    run_service("archiver", settings, serve)


if __name__ == "__main__":
    main()
