"""The whole of GAS as it runs, seen from outside and, where a test must, from behind."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gas.adapters.aws import AwsPorts, aws_ports
from gas.cli.behind import StoredObject, sent_mails, stored_objects
from gas.cli.client import GasClient, Patience
from gas.cli.demo_user import token_of
from gas.cli.mailboxes import SentMail
from gas.domain.job import Job, job_prefix
from gas.domain.plan import Plan
from gas.domain.states import AVAILABLE
from gas.messages import new_id
from gas.runtime.settings import WorkerSettings
from gas.runtime.topology import Queue, queue_name
from tests.support.live import LiveStack, is_compose
from tests.support.patience import until
from tests.support.users import User

UPLOAD_PART_BYTES = 600_000
"""Far less than S3 takes; the emulator takes any."""

ENVIRONMENT: Mapping[str, str] = {
    # Minutes on AWS are seconds here, and still several times what any one step takes.
    "GAS_UNHEARD_SECONDS": "5",
    "GAS_VISIBILITY_SECONDS": "8",
    "GAS_LEASE_SECONDS": "8",
    "GAS_DRAIN_SECONDS": "5",
    "GAS_RECONCILE_INTERVAL_SECONDS": "1",
    "GAS_ARCHIVE_NOTICE_SECONDS": "5",
    "GAS_RETRIEVAL_POLL_SECONDS": "1",
    "GAS_DRAFT_LIFETIME_SECONDS": "20",
    "GAS_CONCURRENCY": "4",
    "GAS_UNDO_SECONDS": "4",
    "GAS_FREE_ACTIVE_JOBS": "100",
    "GAS_PREMIUM_ACTIVE_JOBS": "200",
    "GAS_PAGE_SIZE": "2",  # so that three jobs are more than a page
    # S3, and LocalStack too, takes no part below 5 MiB but the last (S3 User Guide, "Limits").
    **({} if is_compose() else {"GAS_UPLOAD_PART_BYTES": str(UPLOAD_PART_BYTES)}),
}
RETENTION = timedelta(seconds=6)
ARCHIVE_SOON = "Will be archived soon"
_PATIENCE = Patience(first=timedelta(seconds=0.1), request=timedelta(seconds=20))
_A_LOOK = timedelta(seconds=5)


class Journey:
    """A running stack, and a look behind it."""

    def __init__(
        self, stack: LiveStack, ports: AwsPorts, settings: WorkerSettings, exits: AsyncExitStack
    ) -> None:
        self.stack = stack
        self.ports = ports
        self.settings = settings
        self._exits = exits

    async def user(self, plan: Plan = Plan.FREE) -> User:
        """A new user, signed in at the issuer."""
        email = f"{new_id()}@example.org"
        token = await token_of(self.stack.api_url, email)
        client = await self._exits.enter_async_context(
            GasClient(self.stack.api_url, token, patience=_PATIENCE)
        )
        if plan is not Plan.FREE:
            await client.change_plan(plan)
        return User(client, (await client.account()).user_id, email)

    async def record(self, user: User, job_id: str) -> Job | None:
        return await self.ports.jobs.get(user.user_id, job_id)

    async def results(self, user: User, job_id: str) -> Sequence[StoredObject]:
        """Every version of every object of a job in the bucket of results."""
        return await self.versions(self.settings.results_bucket, job_prefix(user.user_id, job_id))

    async def inputs(self, user: User, job_id: str) -> Sequence[StoredObject]:
        return await self.versions(self.settings.inputs_bucket, job_prefix(user.user_id, job_id))

    async def mails(self, job_id: str) -> Sequence[SentMail]:
        """The mails about a job, oldest first."""
        return await sent_mails(self.stack.aws_endpoint, job_id)

    async def news(self, job_id: str) -> Sequence[str]:
        """The subjects of the mails about what happened to a job, oldest first.

        Without those about what will: they come while it is true, or not at all.
        """
        subjects = [mail.subject for mail in await self.mails(job_id)]
        return [subject for subject in subjects if not subject.startswith(ARCHIVE_SOON)]

    async def until_mailed(self, job_id: str, subject: str) -> SentMail:
        """The mail about a job whose subject begins so."""
        mails = await until(
            lambda: self.mails(job_id),
            lambda mails: any(mail.subject.startswith(subject) for mail in mails),
            what=f"a mail {subject!r}",
            told=lambda mails: str([mail.subject for mail in mails]),
        )
        return next(mail for mail in mails if mail.subject.startswith(subject))

    async def until_erased(self, user: User, job_id: str) -> None:
        """Neither the record nor any version of any object of the job is left."""

        async def left() -> list[object]:
            return [
                await self.record(user, job_id),
                *await self.inputs(user, job_id),
                *await self.results(user, job_id),
            ]

        await until(left, lambda found: found == [None], what=f"job {job_id} erased")

    async def until_kept(self, user: User, job_id: str) -> None:
        """A result is at hand, to stay there: it has no due time any more, nor has its record."""
        await until(
            lambda: self.record(user, job_id),
            lambda job: (
                job is not None
                and (job.state, job.archive_due_at, job.due_at) == (AVAILABLE, None, None)
            ),
            what=f"the result of {job_id} kept",
            told=lambda job: f"{job and (str(job.state), job.archive_due_at, job.due_at)}",
        )

    async def until_dead_letter(self, queue: Queue, content: str) -> None:
        """A message with this content is among the dead letters, and stays there."""
        letters = self.ports.dead_letters(queue)

        async def look() -> list[str]:
            found = await letters.receive(limit=10, wait=timedelta(0), visibility=_A_LOOK)
            for letter in found:
                await letters.hide(letter, timedelta(0))
            return [letter.body for letter in found]

        await until(
            look,
            lambda bodies: any(content in body for body in bodies),
            what=f"{content!r} among the dead letters",
        )

    async def until_idle(self, queue: Queue) -> None:
        """Nothing waits in a queue, is held back, or is being worked on."""
        await until(
            lambda: self._counts(queue),
            lambda counts: not any(counts),
            what=f"{queue} queue idle",
        )

    async def lose_messages(self, queue: Queue) -> None:
        """What waits in a queue, is held back, or was just received, is gone."""
        await self._sqs.purge_queue(QueueUrl=await self._url(queue))
        assert await self._counts(queue) == (0, 0, 0)

    async def _counts(self, queue: Queue) -> tuple[int, int, int]:
        names = ("", "NotVisible", "Delayed")
        answer = await self._sqs.get_queue_attributes(
            QueueUrl=await self._url(queue), AttributeNames=["All"]
        )
        visible, hidden, delayed = (
            int(answer["Attributes"].get(f"ApproximateNumberOfMessages{name}", 0)) for name in names
        )
        return visible, hidden, delayed

    async def _url(self, queue: Queue) -> str:
        name = queue_name(self.settings.prefix, queue)
        url: str = (await self._sqs.get_queue_url(QueueName=name))["QueueUrl"]
        return url

    async def versions(self, bucket: str, prefix: str) -> Sequence[StoredObject]:
        """Every version and every marker of a deletion under a prefix."""
        return await stored_objects(self.s3, bucket, prefix)

    @property
    def s3(self) -> Any:
        return self.ports.results._client

    @property
    def _sqs(self) -> Any:
        return self.ports.queue(Queue.ANNOTATE)._client


def classes_of(stored: Sequence[StoredObject], names: Collection[str]) -> dict[str, list[str]]:
    """The storage class of every stored version, by the name of the file."""
    classes: dict[str, list[str]] = {}
    for one in stored:
        if (name := Path(one.key).name) in names:
            classes.setdefault(name, []).append(one.storage_class)
    return classes


@asynccontextmanager
async def journey_on(stack: LiveStack) -> AsyncIterator[Journey]:
    """Open what looks behind a running stack."""
    async with AsyncExitStack() as exits:
        # The SDK reads its environment when its clients are made; other stacks have their own.
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in stack.environment().items():
                patch.setenv(variable, value)
            settings = WorkerSettings()
            ports = await exits.enter_async_context(aws_ports(settings, pool_size=20))
        yield Journey(stack, ports, settings, exits)
