"""All ports on AWS, wired together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from gas.adapters.aws.accounts import DynamoAccountStore
from gas.adapters.aws.archives import EitherArchive
from gas.adapters.aws.clients import READ_TIMEOUT, aws_clients
from gas.adapters.aws.glacier import S3GlacierArchive
from gas.adapters.aws.jobs import DynamoJobStore
from gas.adapters.aws.mail import DynamoSentMails, SesMailer
from gas.adapters.aws.multipart import S3MultipartUploads
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.publisher import SnsPublisher
from gas.adapters.aws.queue import SqsQueue
from gas.adapters.aws.vault.archive import VaultArchive
from gas.adapters.aws.vault.inventory import VaultInventory
from gas.ports import ResultArchive
from gas.runtime.settings import CommonSettings
from gas.runtime.topology import (
    Queue,
    Topic,
    dead_letter_queue_name,
    jobs_table_name,
    queue_name,
    topic_name,
)

if TYPE_CHECKING:
    from types_aiobotocore_ses import SESClient


@dataclass(frozen=True)
class AwsPorts:
    """Everything that a service may need of the world; each takes what is its own.

    ``vault_inventory`` is there when new results go to a vault.
    """

    jobs: DynamoJobStore
    accounts: DynamoAccountStore
    inputs: S3ObjectStore
    uploads: S3MultipartUploads
    results: S3ObjectStore
    archive: ResultArchive
    vault_inventory: VaultInventory | None
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
async def aws_ports(
    settings: CommonSettings, *, pool_size: int, read_timeout: timedelta = READ_TIMEOUT
) -> AsyncIterator[AwsPorts]:
    """Open the ports, with ``pool_size`` connections to each service of AWS.

    ``read_timeout`` is how long AWS may be silent before a call is tried again.
    """
    prefix = settings.prefix
    table = jobs_table_name(prefix)
    async with aws_clients(
        pool_size, settings.s3_public_endpoint, read_timeout=read_timeout
    ) as clients:
        vault = VaultArchive(
            clients.glacier,
            clients.s3,
            settings.results_bucket,
            vault=settings.vault,
            topic_arn=clients.topic_arn(topic_name(prefix, Topic.RETRIEVALS)),
        )
        new_ones_to_vault = settings.archive == "vault"
        yield AwsPorts(
            jobs=DynamoJobStore(clients.dynamodb, table),
            accounts=DynamoAccountStore(clients.dynamodb, table),
            inputs=S3ObjectStore(clients.s3, clients.s3_public, settings.inputs_bucket),
            uploads=S3MultipartUploads(clients.s3, clients.s3_public, settings.inputs_bucket),
            results=S3ObjectStore(clients.s3, clients.s3_public, settings.results_bucket),
            archive=EitherArchive(
                S3GlacierArchive(clients.s3, settings.results_bucket),
                vault,
                new_ones_to_vault=new_ones_to_vault,
            ),
            vault_inventory=VaultInventory(clients.glacier, settings.vault, vault)
            if new_ones_to_vault
            else None,
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
