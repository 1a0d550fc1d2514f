"""A queue on SQS."""

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of, translated
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
        with translated():
            answer = await self._client.receive_message(
                QueueUrl=await self._address(),
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
            with translated():
                await self._client.delete_message(
                    QueueUrl=await self._address(), ReceiptHandle=delivery.receipt
                )
        except ClientError as error:
            if code_of(error) not in _GONE:
                raise

    async def hide(self, delivery: Delivery, visibility: timedelta) -> None:
        """A message that is not ours any more (shown again, or deleted) is left as it is."""
        try:
            with translated():
                await self._client.change_message_visibility(
                    QueueUrl=await self._address(),
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
        url = await self._address()
        with translated():
            if delay:
                await self._client.send_message(
                    QueueUrl=url, MessageBody=body, DelaySeconds=_seconds(delay)
                )
            else:
                await self._client.send_message(QueueUrl=url, MessageBody=body)

    async def depth(self) -> int:
        """Without those that are hidden or held back."""
        with translated():
            answer = await self._client.get_queue_attributes(
                QueueUrl=await self._address(), AttributeNames=["ApproximateNumberOfMessages"]
            )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    async def _address(self) -> str:
        if self._url is None:
            with translated():
                self._url = (await self._client.get_queue_url(QueueName=self._name))["QueueUrl"]
        return self._url


def _seconds(duration: timedelta) -> int:
    """SQS counts whole seconds; rounded up, so that nothing shows too early."""
    return math.ceil(duration.total_seconds())
