"""Wiring of the thawer."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.leases import Leases
from gas.runtime.records import Records
from gas.runtime.retrievals import Retrievals
from gas.runtime.service import run_service, work_on
from gas.runtime.tidying import Tidying
from gas.runtime.topology import Queue
from services.thawer.handlers import Thawer
from services.thawer.settings import ThawerSettings


def main() -> None:
    settings = ThawerSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=settings.concurrency * 4) as ports:
            records = Records(ports.jobs, ports.publisher, settings.timings)
            thawer = Thawer(
                jobs=ports.jobs,
                results=ports.results,
                archive=ports.archive,
                retrievals=Retrievals(ports.archive, records),
                records=records,
                leases=Leases(ports.jobs, settings.lease),
                tidying=Tidying(ports.results, ports.archive, records),
                free_retention=settings.free_retention,
                poll=settings.retrieval_poll,
            )
            await work_on(ports.queue(Queue.THAW), thawer.handle, settings, stop)

    run_service("thawer", settings, serve)


if __name__ == "__main__":
    main()
