"""What a test needs of a set of ports, whichever adapters are behind it."""

from typing import Protocol

from gas.ports import (
    AccountStore,
    JobStore,
    Mailer,
    ObjectStore,
    Publisher,
    ResultArchive,
    SentMails,
)
from gas.ports import Queue as QueuePort
from gas.runtime.topology import Queue


class Ports(Protocol):
    """The attributes that AwsPorts and MemoryPorts have in common."""

    @property
    def jobs(self) -> JobStore: ...
    @property
    def accounts(self) -> AccountStore: ...
    @property
    def inputs(self) -> ObjectStore: ...
    @property
    def results(self) -> ObjectStore: ...
    @property
    def archive(self) -> ResultArchive: ...
    @property
    def publisher(self) -> Publisher: ...
    @property
    def sent_mails(self) -> SentMails: ...
    def queue(self, queue: Queue) -> QueuePort: ...
    def dead_letters(self, queue: Queue) -> QueuePort: ...
    def mailer(self, sender: str) -> Mailer: ...
