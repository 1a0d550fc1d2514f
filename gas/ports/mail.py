"""Mail to users."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Mail:
    """One mail, in both forms."""

    to: str
    subject: str
    text: str
    html: str


class Mailer(Protocol):
    """Errors: PermanentError where the address is refused, TransientError otherwise."""

    async def send(self, mail: Mail) -> None: ...


@dataclass(frozen=True)
class SentMail:
    """That a mail was sent: of which kind, and when."""

    kind: str
    at: datetime


class SentMails(Protocol):
    """Remembers which events were mailed about, so that a duplicate stays one mail.

    An entry is forgotten after a while, long after the last duplicate of its event. Errors:
    TransientError when the store cannot answer.
    """

    async def contains(self, user_id: str, event_id: str, *, job_id: str) -> bool: ...

    async def add(
        self, user_id: str, event_id: str, *, job_id: str, kind: str, at: datetime
    ) -> None: ...

    async def of_job(self, user_id: str, job_id: str) -> Sequence[SentMail]:
        """The mails about a job, oldest first."""
        ...
