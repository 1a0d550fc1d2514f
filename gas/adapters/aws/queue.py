"""A queue on SQS."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of, translated
from gas.domain.errors import TransientError
from gas.ports import Delivery
from gas.runtime.decisions import LONGEST_DELAY

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient

_MAX_WAIT = timedelta(seconds=20)
_MAX_VISIBILITY = timedelta(hours=12)

# What is said about a message that was deleted; SQS itself, other than its emulators, does not
# mind a second deletion.
_GONE = frozenset({"ReceiptHandleIsInvalid", "InvalidParameterValue"})
_NOT_IN_FLIGHT = _GONE | {"MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight"}


class SqsQueue:
    """A Queue. Its URL is looked up on first use: a service needs no rights on the others'."""

    def __init__(self, client: "SQSClient", name: str) -> None:
        self._client = client
        self._name = name
        self._url: str | None = None

    @property
    def name(self) -> str:
        return self._name

    async def receive(
        self, *, limit: int, wait: timedelta, visibility: timedelta
    ) -> Sequence[Delivery]:
        answer = await self._ask(
            self._client.receive_message,
            MaxNumberOfMessages=limit,
            WaitTimeSeconds=_seconds(min(wait, _MAX_WAIT)),
            VisibilityTimeout=_seconds(min(visibility, _MAX_VISIBILITY)),
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return [
            Delivery(
                message_id=message["MessageId"],
                receipt=message["ReceiptHandle"],
                body=message["Body"],
                receive_count=int(message["Attributes"]["ApproximateReceiveCount"]),
            )
            for message in answer.get("Messages", [])
        ]

    async def delete(self, delivery: Delivery) -> None:
        """A message that is deleted already is no error."""
        try:
            await self._ask(self._client.delete_message, ReceiptHandle=delivery.receipt)
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise

    async def hide(self, delivery: Delivery, visibility: timedelta) -> None:
        """A message that is not ours any more (shown again, or deleted) is left as it is."""
        try:
            await self._ask(
                self._client.change_message_visibility,
                ReceiptHandle=delivery.receipt,
                VisibilityTimeout=_seconds(min(visibility, _MAX_VISIBILITY)),
            )
        except ClientError as error:
            if code_of(error) not in _NOT_IN_FLIGHT:
                raise

    async def send(self, body: str, *, delay: timedelta = timedelta(0)) -> None:
        """No delay means the queue's own. SQS alone would not refuse a longer one everywhere."""
        if delay > LONGEST_DELAY:
            raise ValueError(f"a delay of {delay} is more than the 900 s that SQS takes")
        held_back = {"DelaySeconds": _seconds(delay)} if delay else {}
        await self._ask(self._client.send_message, MessageBody=body, **held_back)

    async def depth(self) -> int:
        """Without those that are hidden or held back."""
        answer = await self._ask(
            self._client.get_queue_attributes, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    async def _ask(self, operation: Any, **arguments: Any) -> Any:
        """Call an operation on this queue.

        After a failure the URL is looked up anew: the queue may have been made again elsewhere.
        """
        try:
            with translated():
                if self._url is None:
                    answer = await self._client.get_queue_url(QueueName=self._name)
                    self._url = answer["QueueUrl"]
                return await operation(QueueUrl=self._url, **arguments)
        except TransientError:
            self._url = None
            raise


def _seconds(duration: timedelta) -> int:
    """SQS counts whole seconds; rounded up, so that nothing shows too early."""
    return math.ceil(duration.total_seconds())
