"""The mails that an emulator of SES took, which no emulator delivers to anybody.

Each shows them in a way of its own: MiniStack by account, LocalStack in one list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

_MINISTACK = "/_ministack/ses/messages"
_LOCALSTACK = "/_aws/ses"


@dataclass(frozen=True)
class SentMail:
    to: str
    subject: str
    text: str
    html: str


async def all_mails(emulator_url: str) -> Sequence[SentMail]:
    """Oldest first. Raises httpx.HTTPError where neither emulator answers."""
    async with httpx.AsyncClient(base_url=emulator_url, trust_env=False) as client:
        answer = await client.get(_MINISTACK)
        if answer.status_code != HTTPStatus.NOT_FOUND:
            return _of_ministack(answer.raise_for_status().json())
        return _of_localstack((await client.get(_LOCALSTACK)).raise_for_status().json())


def _of_ministack(found: Any) -> Sequence[SentMail]:
    return [
        SentMail(", ".join(mail["To"]), mail["Subject"], mail["BodyText"], mail["BodyHtml"])
        for account in found["messages"].values()
        for mail in account
    ]


def _of_localstack(found: Any) -> Sequence[SentMail]:
    return [
        SentMail(
            ", ".join(mail["Destination"]["ToAddresses"]),
            mail["Subject"],
            mail["Body"]["text_part"],
            mail["Body"]["html_part"],
        )
        for mail in found["messages"]
    ]
