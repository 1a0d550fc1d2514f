"""Wiring of the restorer."""

import asyncio

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.records import Records
from gas.runtime.retrievals import Retrievals
from gas.runtime.service import run_service, work_on
from gas.runtime.topology import Queue
from services.restorer.handlers import Restorer
from services.restorer.settings import RestorerSettings


def main() -> None:
    settings = RestorerSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=settings.concurrency * 4) as ports:
            records = Records(ports.jobs, ports.publisher, settings.timings)
            restorer = Restorer(
                jobs=ports.jobs,
                accounts=ports.accounts,
                retrievals=Retrievals(ports.archive, records),
                publisher=ports.publisher,
                records=records,
                free_retention=settings.free_retention,
                page_size=settings.page_size,
            )
            await work_on(ports.queue(Queue.RESTORE), restorer.handle, settings, stop)

    run_service("restorer", settings, serve)


if __name__ == "__main__":
    main()
