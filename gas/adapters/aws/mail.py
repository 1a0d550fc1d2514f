"""Mail by SES, and the memory of what was sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gas.adapters.aws import items
from gas.adapters.aws.errors import code_of, translated
from gas.adapters.aws.expressions import Terms
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.ports import Mail, SentMail

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

    async def contains(self, user_id: str, event_id: str, *, job_id: str) -> bool:
        with translated():
            answer = await self._client.get_item(
                TableName=self._table, Key=_key(user_id, job_id, event_id), ConsistentRead=True
            )
        return "Item" in answer

    async def add(
        self, user_id: str, event_id: str, *, job_id: str, kind: str, at: datetime
    ) -> None:
        with translated():
            await self._client.put_item(
                TableName=self._table,
                Item={
                    **_key(user_id, job_id, event_id),
                    "kind": items.to_attribute(kind),
                    "sent_at": items.to_attribute(items.moment(at)),
                    "expires_at": items.expires_in(_REMEMBERED),
                },
            )

    async def of_job(self, user_id: str, job_id: str) -> Sequence[SentMail]:
        """A job has some mails, and not some thousand: they are one page of the table's."""
        terms = Terms()
        with translated():
            answer = await self._client.query(
                TableName=self._table,
                KeyConditionExpression=terms.of_user(user_id, _prefix(job_id)),
                ExpressionAttributeNames=terms.names,
                ExpressionAttributeValues=terms.values,
                ConsistentRead=True,
            )
        found = [items.fields(item) for item in answer["Items"]]
        mails = [SentMail(one["kind"], datetime.fromisoformat(one["sent_at"])) for one in found]
        return sorted(mails, key=lambda mail: mail.at)


def _key(user_id: str, job_id: str, event_id: str) -> items.Item:
    return items.key(user_id, f"{_prefix(job_id)}{event_id}")


def _prefix(job_id: str) -> str:
    return f"MAIL#{job_id}#"


def _utf8(text: str) -> "ContentTypeDef":
    return {"Data": text, "Charset": "UTF-8"}
