"""The clients of the AWS SDK: one session, one client a service, for the life of the process."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import aioboto3
from aiobotocore.config import AioConfig

from gas.adapters.aws.caller import ask_who_we_are

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_ses import SESClient
    from types_aiobotocore_sns import SNSClient
    from types_aiobotocore_sqs import SQSClient

_LONG_POLL_READ_TIMEOUT_S = 35  # must exceed the 20 s of a long poll
_CONNECT_TIMEOUT_S = 5

READ_TIMEOUT = timedelta(seconds=60)
"""How long AWS may be silent in a call, for those whom nobody waits for."""


@dataclass(frozen=True)
class AwsClients:
    """``s3_public`` only signs URLs, for the address that browsers know S3 by."""

    sqs: "SQSClient"
    sns: "SNSClient"
    s3: "S3Client"
    s3_public: "S3Client"
    dynamodb: "DynamoDBClient"
    ses: "SESClient"
    glacier: "GlacierClient"
    partition: str
    account_id: str

    def topic_arn(self, name: str) -> str:
        """The ARN of a topic of this account; it follows from the name."""
        return f"arn:{self.partition}:sns:{self.sns.meta.region_name}:{self.account_id}:{name}"


@asynccontextmanager
async def aws_clients(
    pool_size: int, s3_public_endpoint: str | None, *, read_timeout: timedelta = READ_TIMEOUT
) -> AsyncIterator[AwsClients]:
    """Open the clients, each with ``pool_size`` connections, as soon as AWS says who we are.

    A call that got no answer within ``read_timeout`` is tried again, and fails the third time.

    Raises MisconfiguredError where it does not take our credentials.
    """
    session = aioboto3.Session()
    usual = AioConfig(
        max_pool_connections=pool_size,
        connect_timeout=_CONNECT_TIMEOUT_S,
        read_timeout=read_timeout.total_seconds(),
        retries={"mode": "standard", "total_max_attempts": 3},
    )
    polling = usual.merge(AioConfig(read_timeout=_LONG_POLL_READ_TIMEOUT_S))
    storage = usual.merge(AioConfig(signature_version="s3v4", s3={"addressing_style": "path"}))
    async with AsyncExitStack() as stack:
        async with session.client("sts", config=usual) as sts:
            caller = await ask_who_we_are(sts)
        s3 = await stack.enter_async_context(session.client("s3", config=storage))
        yield AwsClients(
            sqs=await stack.enter_async_context(session.client("sqs", config=polling)),
            sns=await stack.enter_async_context(session.client("sns", config=usual)),
            s3=s3,
            s3_public=await stack.enter_async_context(
                session.client("s3", config=storage, endpoint_url=s3_public_endpoint)
            )
            if s3_public_endpoint
            else s3,
            dynamodb=await stack.enter_async_context(session.client("dynamodb", config=usual)),
            ses=await stack.enter_async_context(session.client("ses", config=usual)),
            glacier=await stack.enter_async_context(session.client("glacier", config=usual)),
            partition=caller.partition,
            account_id=caller.account_id,
        )
