"""Mail in memory."""

from gas.domain.errors import ErrorCode, PermanentError
from gas.ports import Mail


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
        self._sent: set[tuple[str, str]] = set()

    async def contains(self, user_id: str, event_id: str) -> bool:
        return (user_id, event_id) in self._sent

    async def add(self, user_id: str, event_id: str) -> None:
        self._sent.add((user_id, event_id))
