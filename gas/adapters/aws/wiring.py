"""All ports on AWS, wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gas.adapters.aws.accounts import DynamoAccountStore
from gas.adapters.aws.clients import aws_clients
from gas.adapters.aws.glacier import S3GlacierArchive
from gas.adapters.aws.jobs import DynamoJobStore
from gas.adapters.aws.mail import DynamoSentMails, SesMailer
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.publisher import SnsPublisher
from gas.adapters.aws.queue import SqsQueue
from gas.runtime.settings import CommonSettings
from gas.runtime.topology import (
    Queue,
    dead_letter_queue_name,
    jobs_table_name,
    queue_name,
    topic_name,
)

if TYPE_CHECKING:
    from types_aiobotocore_ses import SESClient


@dataclass(frozen=True)
class AwsPorts:
    """Everything that a service may need of the world; each takes what is its own."""

    jobs: DynamoJobStore
    accounts: DynamoAccountStore
    inputs: S3ObjectStore
    results: S3ObjectStore
    archive: S3GlacierArchive
    publisher: SnsPublisher
    sent_mails: DynamoSentMails
    queues: dict[Queue, SqsQueue]
    dead_letter_queues: dict[Queue, SqsQueue]
    ses: "SESClient"

    def queue(self, queue: Queue) -> SqsQueue:
        return self.queues[queue]

    def dead_letters(self, queue: Queue) -> SqsQueue:
        return self.dead_letter_queues[queue]

    def mailer(self, sender: str) -> SesMailer:
        """Sends from ``sender``, which SES must have verified."""
        return SesMailer(self.ses, sender)


@asynccontextmanager
async def aws_ports(settings: CommonSettings, *, pool_size: int) -> AsyncIterator[AwsPorts]:
    """Open the ports, with ``pool_size`` connections to each service of AWS."""
    prefix = settings.prefix
    table = jobs_table_name(prefix)
    async with aws_clients(pool_size, settings.s3_public_endpoint) as clients:
        yield AwsPorts(
            jobs=DynamoJobStore(clients.dynamodb, table),
            accounts=DynamoAccountStore(clients.dynamodb, table),
            inputs=S3ObjectStore(clients.s3, clients.s3_public, settings.inputs_bucket),
            results=S3ObjectStore(clients.s3, clients.s3_public, settings.results_bucket),
            archive=S3GlacierArchive(clients.s3, settings.results_bucket),
            publisher=SnsPublisher(
                clients.sns, lambda topic: clients.topic_arn(topic_name(prefix, topic))
            ),
            sent_mails=DynamoSentMails(clients.dynamodb, table),
            queues={q: SqsQueue(clients.sqs, queue_name(prefix, q)) for q in Queue},
            dead_letter_queues={
                q: SqsQueue(clients.sqs, dead_letter_queue_name(prefix, q)) for q in Queue
            },
            ses=clients.ses,
        )
