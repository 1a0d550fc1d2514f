"""Whatever goes wrong with AWS, our adapters say that it is transient (rule R7)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gas.adapters.aws.accounts import DynamoAccountStore
from gas.adapters.aws.glacier import S3GlacierArchive
from gas.adapters.aws.jobs import DynamoJobStore
from gas.adapters.aws.mail import DynamoSentMails, SesMailer
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.publisher import SnsPublisher
from gas.adapters.aws.queue import SqsQueue
from gas.domain.errors import TransientError
from gas.messages import JobRequested, new_id
from gas.ports import Delivery, Mail
from gas.runtime.topology import Queue, Topic, jobs_table_name, queue_name, topic_name
from tests.support.facade import Fault, FaultPlan, Kind
from tests.support.facade.door import Door
from tests.support.jobs import draft, now

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Reach:
    """Clients of AWS that call through a door, and an object of some worth."""

    door: Door
    key: str
    file: Path

    async def results(self) -> S3ObjectStore:
        s3 = await self.door.client("s3")
        return S3ObjectStore(s3, s3, self.door.stack.results_bucket)

    async def archive(self) -> S3GlacierArchive:
        return S3GlacierArchive(await self.door.client("s3"), self.door.stack.results_bucket)

    async def queue(self) -> SqsQueue:
        return SqsQueue(await self.door.client("sqs"), queue_name("gas", Queue.RESTORE))

    async def publisher(self) -> SnsPublisher:
        def arn(topic: Topic) -> str:
            return f"arn:aws:sns:us-east-1:000000000000:{topic_name('gas', topic)}"

        return SnsPublisher(await self.door.client("sns"), arn)

    async def jobs(self) -> DynamoJobStore:
        return DynamoJobStore(await self.door.client("dynamodb"), jobs_table_name("gas"))

    async def accounts(self) -> DynamoAccountStore:
        return DynamoAccountStore(await self.door.client("dynamodb"), jobs_table_name("gas"))

    async def sent_mails(self) -> DynamoSentMails:
        return DynamoSentMails(await self.door.client("dynamodb"), jobs_table_name("gas"))

    async def mailer(self) -> SesMailer:
        return SesMailer(await self.door.client("ses"), "gas@example.org")


DELIVERY = Delivery(message_id="m", receipt="r", body="", receive_count=1)
JOB = draft(new_id())
MESSAGE = JobRequested(user_id=new_id(), job_id=new_id(), correlation_id=new_id())
A_MAIL = Mail("ada@example.org", "subject", "text", "<p>html</p>")

Use = Callable[[Reach], Awaitable[Any]]


async def on(made: Awaitable[Any], method: str, *arguments: Any, **named: Any) -> Any:
    return await getattr(await made, method)(*arguments, **named)


async def upload(to: Reach) -> None:
    await on(to.results(), "upload", to.file, f"{to.key}.3", content_type="text/plain")


async def receive(to: Reach) -> None:
    await on(to.queue(), "receive", limit=1, wait=timedelta(0), visibility=timedelta(0))


async def add_mail(to: Reach) -> None:
    await on(to.sent_mails(), "add", "user", "event", job_id="job", kind="failed", at=now())


USES: list[tuple[str, str, Use]] = [
    ("s3", "PutObject", upload),
    ("s3", "HeadObject", lambda to: on(to.results(), "head", to.key)),
    ("s3", "GetObject", lambda to: on(to.results(), "sha256", to.key)),
    ("s3", "GetObject", lambda to: on(to.results(), "read", to.key, start=0, end=4)),
    ("s3", "GetObject", lambda to: on(to.results(), "download", to.key, to.file.with_name("b"))),
    ("s3", "ListObjectVersions", lambda to: on(to.results(), "list_page", to.key)),
    ("s3", "ListObjectVersions", lambda to: on(to.results(), "delete", to.key)),
    ("s3", "DeleteObject", lambda to: on(to.results(), "delete", to.key)),
    ("s3", "CopyObject", lambda to: on(to.archive(), "bring_back", to.key, f"{to.key}.2")),
    ("s3", "CopyObject", lambda to: on(to.results(), "copy", to.key, None, f"{to.key}.4")),
    ("s3", "RestoreObject", lambda to: on(to.archive(), "begin_retrieval", to.key)),
    ("s3", "HeadObject", lambda to: on(to.archive(), "retrieval_status", to.key)),
    ("s3", "DeleteObject", lambda to: on(to.archive(), "delete", to.key)),
    ("sqs", "GetQueueUrl", lambda to: on(to.queue(), "depth")),
    ("sqs", "GetQueueAttributes", lambda to: on(to.queue(), "depth")),
    ("sqs", "SendMessage", lambda to: on(to.queue(), "send", "body")),
    ("sqs", "ReceiveMessage", receive),
    ("sqs", "DeleteMessage", lambda to: on(to.queue(), "delete", DELIVERY)),
    ("sqs", "ChangeMessageVisibility", lambda to: on(to.queue(), "hide", DELIVERY, SECOND)),
    ("sns", "Publish", lambda to: on(to.publisher(), "publish", MESSAGE)),
    ("ses", "SendEmail", lambda to: on(to.mailer(), "send", A_MAIL)),
    ("dynamodb", "GetItem", lambda to: on(to.jobs(), "get", "user", "job")),
    ("dynamodb", "GetItem", lambda to: on(to.accounts(), "get", "user")),
    ("dynamodb", "GetItem", lambda to: on(to.sent_mails(), "contains", "u", "e", job_id="j")),
    ("dynamodb", "PutItem", add_mail),
    ("dynamodb", "Query", lambda to: on(to.sent_mails(), "of_job", "user", "job")),
    ("dynamodb", "Query", lambda to: on(to.jobs(), "queue")),
    ("dynamodb", "PutItem", lambda to: on(to.jobs(), "commit", draft(new_id()))),
    ("dynamodb", "Query", lambda to: on(to.jobs(), "list_page", "user", limit=1)),
    ("dynamodb", "Query", lambda to: on(to.jobs(), "due_page", 0, now(), limit=1)),
    ("dynamodb", "UpdateItem", lambda to: on(to.jobs(), "renew_lease", JOB.after, now())),
    ("dynamodb", "TransactWriteItems", lambda to: on(to.jobs(), "erase", JOB.after)),
]


@pytest.mark.parametrize(("service", "operation", "use"), USES)
async def test_says_that_it_is_transient(
    door: Door, tmp_path: Path, service: str, operation: str, use: Use
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"of some worth")
    s3 = await door.client("s3", endpoint_url=door.stack.endpoint)
    reach = Reach(door, f"{new_id()}/job/1/a", file)
    await s3.put_object(
        Bucket=door.stack.results_bucket,
        Key=reach.key,
        Body=file.read_bytes(),
        StorageClass="GLACIER" if operation == "RestoreObject" else "STANDARD",
    )
    for kind in (Kind.THROTTLED, Kind.FAILED, Kind.CUT, Kind.ANSWER_CUT):
        fault = Fault(service, operation, kind, every=1)
        door.facade.faults = FaultPlan([fault])
        with pytest.raises(TransientError):
            await use(reach)
        assert door.facade.faults.missing == []
