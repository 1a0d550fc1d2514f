"""Mail by SES, and the memory of what was sent."""

from datetime import timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gas.adapters.aws import items
from gas.adapters.aws.errors import code_of, translated
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.ports import Mail

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_ses import SESClient
    from types_aiobotocore_ses.type_defs import ContentTypeDef

_REFUSALS = frozenset({"MessageRejected", "InvalidParameterValue"})
_REMEMBERED = timedelta(days=30)


class SesMailer:
    """A Mailer; ``sender`` is an identity that SES has verified."""

    def __init__(self, client: "SESClient", sender: str) -> None:
        self._client = client
        self._sender = sender

    async def send(self, mail: Mail) -> None:
        try:
            with translated():
                await self._client.send_email(
                    Source=self._sender,
                    Destination={"ToAddresses": [mail.to]},
                    Message={
                        "Subject": _utf8(mail.subject),
                        "Body": {"Text": _utf8(mail.text), "Html": _utf8(mail.html)},
                    },
                )
        except ClientError as error:
            # That the sender is not verified is for an operator to mend, and no mail is lost by it.
            about_sender = parseaddr(self._sender)[1] in str(error)
            if code_of(error) in _REFUSALS and not about_sender:
                raise PermanentError(ErrorCode.MAIL_REFUSED, str(error)) from error
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, str(error)) from error


class DynamoSentMails:
    """A SentMails; DynamoDB forgets an entry by itself, long after the last duplicate."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    async def contains(self, user_id: str, event_id: str) -> bool:
        with translated():
            answer = await self._client.get_item(
                TableName=self._table, Key=_key(user_id, event_id), ConsistentRead=True
            )
        return "Item" in answer

    async def add(self, user_id: str, event_id: str) -> None:
        with translated():
            await self._client.put_item(
                TableName=self._table,
                Item={**_key(user_id, event_id), "expires_at": items.expires_in(_REMEMBERED)},
            )


def _key(user_id: str, event_id: str) -> items.Item:
    return items.key(user_id, f"MAIL#{event_id}")


def _utf8(text: str) -> "ContentTypeDef":
    return {"Data": text, "Charset": "UTF-8"}
