"""Mail in memory."""

from collections.abc import Sequence
from datetime import datetime

from gas.domain.errors import ErrorCode, PermanentError
from gas.ports import Mail, SentMail


class MemoryMailer:
    """A Mailer that keeps what it sends in ``sent``.

    It refuses what is no address, and the addresses in ``refused``.
    """

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.refused: set[str] = set()

    async def send(self, mail: Mail) -> None:
        if "@" not in mail.to or mail.to in self.refused:
            raise PermanentError(ErrorCode.MAIL_REFUSED, f"Mail to {mail.to} was refused.")
        self.sent.append(mail)


class MemorySentMails:
    """A SentMails."""

    def __init__(self) -> None:
        self._sent: dict[tuple[str, str], dict[str, SentMail]] = {}

    async def contains(self, user_id: str, event_id: str, *, job_id: str) -> bool:
        return event_id in self._sent.get((user_id, job_id), {})

    async def add(
        self, user_id: str, event_id: str, *, job_id: str, kind: str, at: datetime
    ) -> None:
        self._sent.setdefault((user_id, job_id), {})[event_id] = SentMail(kind, at)

    async def of_job(self, user_id: str, job_id: str) -> Sequence[SentMail]:
        return sorted(self._sent.get((user_id, job_id), {}).values(), key=lambda mail: mail.at)
