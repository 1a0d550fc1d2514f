"""What a test needs of a set of ports, whichever adapters are behind it."""

from typing import Protocol

from gas.ports import Mailer, ResultArchive, SentMails
from gas.ports import Queue as QueuePort
from gas.runtime.topology import Queue
from services.api.ports import ApiPorts


class Ports(ApiPorts, Protocol):
    """The attributes that AwsPorts and MemoryPorts have in common."""

    @property
    def archive(self) -> ResultArchive: ...
    @property
    def sent_mails(self) -> SentMails: ...
    def queue(self, queue: Queue) -> QueuePort: ...
    def dead_letters(self, queue: Queue) -> QueuePort: ...
    def mailer(self, sender: str) -> Mailer: ...
