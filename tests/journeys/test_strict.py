"""Whole lives of results where AWS is strict, slow, and fails in every way it can.

All services talk to the emulator through the façade of tests/support/facade, so this runs on the
embedded stack only.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from gas.cli.errors import RefusedError, UnreachableError
from gas.cli.views import JobView
from gas.domain.plan import Plan
from gas.domain.states import ARCHIVED, AVAILABLE
from gas.embedded.options import StackOptions
from gas.embedded.ports import HOST, claim_ports
from gas.embedded.stack import EmbeddedStack
from gas.runtime.topology import Queue
from tests.support.facade import Facade, Fault, Kind
from tests.support.journey import ENVIRONMENT, Journey, journey_on
from tests.support.live_embedded import LiveEmbeddedStack
from tests.support.users import User, archived_files

RETENTION = timedelta(seconds=2)
RESTORE_DELAY = timedelta(seconds=3)
SETTINGS = {
    **ENVIRONMENT,
    "GAS_VISIBILITY_SECONDS": "4",
    "GAS_LEASE_SECONDS": "4",
    "GAS_RECONCILE_INTERVAL_SECONDS": "2",
}

FAULTS = [
    # Three in a row are what the SDK does not get over by itself.
    Fault("dynamodb", "GetItem", Kind.THROTTLED, every=199, in_a_row=3),
    Fault("dynamodb", "PutItem", Kind.FAILED, every=67, in_a_row=3),
    Fault("dynamodb", "Query", Kind.THROTTLED, every=97, in_a_row=3),
    Fault("dynamodb", "UpdateItem", Kind.ANSWER_FAILED, every=41, in_a_row=3),
    Fault("s3", "CopyObject", Kind.THROTTLED, every=29, in_a_row=3),
    Fault("s3", "DeleteObject", Kind.ANSWER_FAILED, every=41, in_a_row=3),
    Fault("s3", "PutObject", Kind.THROTTLED, every=31, in_a_row=3),
    Fault("sns", "Publish", Kind.ANSWER_FAILED, every=31, in_a_row=3),
    Fault("sqs", "DeleteMessage", Kind.FAILED, every=61, in_a_row=3),
    Fault("sqs", "SendMessage", Kind.THROTTLED, every=41, in_a_row=3),
    # One alone it repeats, and a call that was applied is then made a second time.
    Fault("dynamodb", "PutItem", Kind.ANSWER_FAILED, every=4),
    Fault("dynamodb", "PutItem", Kind.ANSWER_CUT, every=7),
    Fault("dynamodb", "TransactWriteItems", Kind.ANSWER_FAILED, every=2),
    Fault("dynamodb", "UpdateItem", Kind.CUT, every=3),
    Fault("s3", "CopyObject", Kind.ANSWER_FAILED, every=3),
    Fault("s3", "GetObject", Kind.ANSWER_CUT, every=5),
    Fault("s3", "HeadObject", Kind.CUT, every=11),
    Fault("s3", "ListObjectVersions", Kind.FAILED, every=11),
    Fault("s3", "PostObject", Kind.THROTTLED, every=2),
    Fault("s3", "PutObject", Kind.ANSWER_CUT, every=3),
    Fault("s3", "RestoreObject", Kind.ANSWER_CUT, every=7),
    Fault("s3", "RestoreObject", Kind.CUT, every=9),
    Fault("ses", "SendEmail", Kind.THROTTLED, every=2),
    Fault("sns", "Publish", Kind.TWICE, every=2),
    Fault("sns", "Publish", Kind.THROTTLED, every=5),
    Fault("sqs", "DeleteMessage", Kind.ANSWER_FAILED, every=3),
    Fault("sqs", "ReceiveMessage", Kind.ANSWER_CUT, every=19),
    Fault("sqs", "ReceiveMessage", Kind.CUT, every=13),
    Fault("sqs", "SendMessage", Kind.TWICE, every=4),
]
MADE_CODES = {
    "GlacierExpeditedRetrievalNotAvailable",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "InvalidObjectState",
    "ProvisionedThroughputExceededException",
    "RequestThrottled",
    "RestoreAlreadyInProgress",
    "SlowDown",
    "Throttled",
    "Throttling",
}

Done = TypeVar("Done")


class BehindTheFacade(LiveEmbeddedStack):
    """What looks behind the stack meets no fault: it asks the emulator itself."""

    def environment(self) -> Mapping[str, str]:
        return {**super().environment(), "AWS_ENDPOINT_URL": self.aws_endpoint}


@dataclass(frozen=True)
class Strict:
    journey: Journey
    facade: Facade


@asynccontextmanager
async def strict_stack(state: Path) -> AsyncIterator[Strict]:
    """All services, and a façade with faults between them and the emulator."""
    ports = claim_ports(0)

    def credentials() -> Mapping[str, str]:
        made = stack.environment()
        return {made["AWS_ACCESS_KEY_ID"]: made["AWS_SECRET_ACCESS_KEY"]}

    facade = Facade(
        f"http://{HOST}:{ports.emulator}",
        credentials,
        faults=FAULTS,
        restore_delay=RESTORE_DELAY,
        expedited_available=False,
    )
    async with facade:
        addresses = {"AWS_ENDPOINT_URL": facade.url, "GAS_S3_PUBLIC_ENDPOINT": facade.url}
        options = StackOptions(
            ports_from=ports.api,
            state=state,
            free_retention=RETENTION,
            environment=SETTINGS | addresses,
        )
        stack = EmbeddedStack(options)
        async with stack, journey_on(BehindTheFacade(stack)) as journey:
            yield Strict(journey, facade)


@pytest.fixture(scope="module")
async def strict(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Strict]:
    async with strict_stack(tmp_path_factory.mktemp("strict")) as strict:
        yield strict


async def test_nothing_is_lost_whatever_aws_does(strict: Strict, tmp_path: Path) -> None:
    journey = strict.journey
    kept, deleted = await asyncio.gather(journey.user(), journey.user())
    await asyncio.gather(
        a_result_comes_back(journey, kept, tmp_path),
        a_result_is_deleted_while_archived(journey, deleted),
    )
    for queue in Queue:
        await journey.until_idle(queue)
        assert await journey.ports.dead_letters(queue).depth() == 0
    all_was_tried(strict.facade)


async def a_result_comes_back(journey: Journey, user: User, folder: Path) -> None:
    job = await again(user.submit)
    job = await user.until(job.id, AVAILABLE)
    before = {file.name: file.sha256 for file in job.files}
    job = await user.until(job.id, ARCHIVED)
    assert archived_files(job)

    await user.client.change_plan(Plan.PREMIUM)
    job = await user.until(job.id, AVAILABLE)
    assert job.restored_at
    assert await downloaded(user, job, folder) == before
    await journey.until_mailed(job.id, "Your result is back")
    await journey.until_kept(user, job.id)


async def a_result_is_deleted_while_archived(journey: Journey, user: User) -> None:
    job = await again(user.submit)
    await user.until(job.id, ARCHIVED)
    await journey.until_mailed(job.id, "Your result was archived")
    await user.client.delete(job.id)
    await journey.until_erased(user, job.id)


def all_was_tried(facade: Facade) -> None:
    """Every fault was met; what was refused was refused by plan; all retrievals took their time."""
    assert facade.faults.missing == []
    assert {fault.kind for fault in facade.faults.made} == set(Kind)
    assert set(facade.refused) <= MADE_CODES
    assert min(facade.verified[how] for how in ("header", "form", "address")) > 0
    events = facade.archive.events
    assert events["RestoreObject GlacierExpeditedRetrievalNotAvailable"] >= 4
    assert events["RestoreObject Expedited"] == 0
    assert events["restored 202"] == 4


async def downloaded(user: User, job: JobView, folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a result, as downloaded."""
    digests = {}
    for file in job.files:
        path = await again(partial(user.client.download, job.id, file, folder))
        digests[file.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests


async def again(step: Callable[[], Awaitable[Done]]) -> Done:
    """As users do, where the store is busy or a transfer breaks off."""
    for _ in range(5):
        try:
            return await step()
        except UnreachableError:
            continue
        except RefusedError as refused:
            if refused.status < 500:
                raise
    return await step()
