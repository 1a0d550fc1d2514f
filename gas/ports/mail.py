"""Mail to users."""

from dataclasses import dataclass
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


class SentMails(Protocol):
    """Remembers which events were mailed about, so that a duplicate stays one mail."""

    async def contains(self, user_id: str, event_id: str) -> bool: ...

    async def add(self, user_id: str, event_id: str) -> None: ...
