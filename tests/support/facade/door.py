"""Callers of a façade: the SDK, with one attempt a call, and a browser."""

import os
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import aioboto3
import httpx
import pytest
from aiobotocore.config import AioConfig
from botocore.exceptions import ClientError

from gas.messages import new_id
from tests.support.facade.server import Facade
from tests.support.stack import Stack

_HARMLESS = {
    "dynamodb": "list_tables",
    "s3": "list_buckets",
    "ses": "list_identities",
    "sns": "list_topics",
    "sqs": "list_queues",
    "sts": "get_caller_identity",
}


def our_keys() -> dict[str, str]:
    """The secret of the environment, by its access key."""
    return {os.environ["AWS_ACCESS_KEY_ID"]: os.environ["AWS_SECRET_ACCESS_KEY"]}


class Door:
    """A façade as its callers see it; ``web`` signs nothing by itself."""

    def __init__(self, facade: Facade, stack: Stack, sdk: aioboto3.Session) -> None:
        self.facade = facade
        self.stack = stack
        self._sdk = sdk
        self.web = httpx.AsyncClient(trust_env=False)
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._exits.enter_async_context(self.web)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._exits.aclose()

    async def client(self, service: str, **options: Any) -> Any:
        """A client of the SDK, which tries nothing twice."""
        config = AioConfig(
            signature_version="s3v4" if service == "s3" else "v4",
            retries={"total_max_attempts": 1},
            read_timeout=10,
            s3={"addressing_style": "path"},
        )
        options = {"endpoint_url": self.facade.url, "config": config, **options}
        sdk: Any = self._sdk  # whose hints want the name of a service to be written out
        return await self._exits.enter_async_context(sdk.client(service, **options))

    async def ask(self, service: str, **options: Any) -> Any:
        """A call without arguments that changes nothing."""
        return await getattr(await self.client(service, **options), _HARMLESS[service])()

    async def queue(self) -> tuple[Any, str]:
        """A client of SQS, and a queue that nobody else knows."""
        sqs = await self.client("sqs")
        return sqs, (await sqs.create_queue(QueueName=f"facade-{new_id()}"))["QueueUrl"]


async def refusal(call: Awaitable[Any]) -> tuple[int, str]:
    """Status and code of the error with which a call ends."""
    with pytest.raises(ClientError) as refused:
        await call
    answer: Any = refused.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]
