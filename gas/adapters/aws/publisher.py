"""The topics on SNS."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gas.adapters.aws.errors import translated
from gas.domain.errors import ErrorCode, TransientError
from gas.messages import AnyMessage, serialise
from gas.runtime.routing import topic_of
from gas.runtime.topology import Topic

if TYPE_CHECKING:
    from types_aiobotocore_sns import SNSClient


class SnsPublisher:
    """A Publisher; ``arn`` gives a topic's address."""

    def __init__(self, client: "SNSClient", arn: Callable[[Topic], str]) -> None:
        self._client = client
        self._arn = arn

    async def publish(self, message: AnyMessage) -> None:
        """A topic that is not there is one that is not deployed yet, or not any more."""
        address = self._arn(topic_of(message))
        try:
            with translated():
                await self._client.publish(TopicArn=address, Message=serialise(message))
        except FileNotFoundError as error:
            reason = f"There is no topic {address}."
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, reason) from error
