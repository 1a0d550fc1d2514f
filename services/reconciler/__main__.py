"""Wiring of the reconciler."""

import asyncio
from datetime import timedelta

from gas.adapters.aws.wiring import aws_ports
from gas.runtime.records import Records
from gas.runtime.service import health_beat, run_service
from gas.runtime.tidying import Tidying
from gas.runtime.topology import Queue
from services.reconciler.dead_letters import DeadLetters
from services.reconciler.due import DueWork
from services.reconciler.erasing import Erasing
from services.reconciler.orphans import OrphanSweep
from services.reconciler.rounds import Reconciler
from services.reconciler.settings import ReconcilerSettings

_POOL_SIZE = 10


def main() -> None:
    settings = ReconcilerSettings.load()

    async def serve(stop: asyncio.Event) -> None:
        async with aws_ports(settings, pool_size=_POOL_SIZE) as ports:
            records = Records(ports.jobs, ports.publisher, settings.timings)
            reconciler = Reconciler(
                due=DueWork(
                    jobs=ports.jobs,
                    accounts=ports.accounts,
                    publisher=ports.publisher,
                    records=records,
                    tidying=Tidying(ports.results, ports.archive, records),
                    erasing=Erasing(
                        jobs=ports.jobs,
                        inputs=ports.inputs,
                        uploads=ports.uploads,
                        results=ports.results,
                        archive=ports.archive,
                    ),
                    timings=settings.timings,
                ),
                dead_letters=DeadLetters(ports.dead_letters(Queue.ANNOTATE), ports.jobs, records),
                sweeps=[
                    OrphanSweep(place, ports.jobs)
                    for place in (ports.inputs, ports.results, ports.vault_inventory)
                    if place is not None
                ],
                interval=timedelta(seconds=settings.reconcile_interval_seconds),
                beat=health_beat(settings.health_file),
            )
            await reconciler.run(stop)

    run_service("reconciler", settings, serve)


if __name__ == "__main__":
    main()
