"""Services that act in the test's own process, on the real stack, so that a test can hold them."""

import asyncio
from datetime import timedelta

from gas.adapters.aws.glacier import S3GlacierArchive
from gas.ports import ResultArchive
from gas.runtime.leases import Leases
from gas.runtime.records import Records, utc_now
from gas.runtime.retrievals import Retrievals
from gas.runtime.tidying import Tidying
from services.archiver.handlers import Archiver
from services.restorer.handlers import Restorer
from tests.support.journey import Journey


class HeldArchive(S3GlacierArchive):
    """The real archive, but a ``store`` that is done is told of only once it may ``go_on``."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey.s3, journey.settings.results_bucket)
        self.go_on = asyncio.Event()

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        archive_id = await super().store(source_key, target_key, size=size, sha256=sha256)
        await self.go_on.wait()
        return archive_id


def archiver(journey: Journey, archive: ResultArchive, *, ahead: timedelta) -> Archiver:
    """An archiver whose clock is ``ahead``, so that nobody has to wait for a retention."""
    ports, records = journey.ports, _records(journey)
    return Archiver(
        jobs=ports.jobs,
        accounts=ports.accounts,
        results=ports.results,
        archive=archive,
        records=records,
        leases=Leases(ports.jobs, journey.settings.lease),
        tidying=Tidying(ports.results, archive, records),
        free_retention=journey.settings.free_retention,
        clock=lambda: utc_now() + ahead,
    )


def restorer(journey: Journey) -> Restorer:
    ports, records = journey.ports, _records(journey)
    return Restorer(
        jobs=ports.jobs,
        accounts=ports.accounts,
        retrievals=Retrievals(ports.archive, records),
        publisher=ports.publisher,
        records=records,
        free_retention=journey.settings.free_retention,
        page_size=100,
    )


def _records(journey: Journey) -> Records:
    return Records(journey.ports.jobs, journey.ports.publisher, journey.settings.timings)
