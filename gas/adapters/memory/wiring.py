"""All ports in memory, wired together."""

from dataclasses import dataclass
from datetime import timedelta

from gas.adapters.memory.accounts import MemoryAccountStore
from gas.adapters.memory.archive import MemoryArchive
from gas.adapters.memory.bucket import MemoryBucket
from gas.adapters.memory.jobs import MemoryJobStore
from gas.adapters.memory.mail import MemoryMailer, MemorySentMails
from gas.adapters.memory.multipart import MemoryMultipartUploads
from gas.adapters.memory.objects import MemoryObjectStore
from gas.adapters.memory.publisher import MemoryPublisher
from gas.adapters.memory.queue import MemoryQueue
from gas.adapters.memory.table import MemoryTable
from gas.runtime.records import Clock, utc_now
from gas.runtime.topology import Queue, dead_letter_queue_name, queue_name

_PREFIX = "memory"


@dataclass(frozen=True)
class MemoryPorts:
    """The same attributes as ``gas.adapters.aws.wiring.AwsPorts``."""

    jobs: MemoryJobStore
    accounts: MemoryAccountStore
    inputs: MemoryObjectStore
    uploads: MemoryMultipartUploads
    results: MemoryObjectStore
    archive: MemoryArchive
    publisher: MemoryPublisher
    sent_mails: MemorySentMails
    queues: dict[Queue, MemoryQueue]
    dead_letter_queues: dict[Queue, MemoryQueue]
    post_office: MemoryMailer

    def queue(self, queue: Queue) -> MemoryQueue:
        return self.queues[queue]

    def dead_letters(self, queue: Queue) -> MemoryQueue:
        return self.dead_letter_queues[queue]

    def mailer(self, sender: str) -> MemoryMailer:  # noqa: ARG002 - mirrors AwsPorts
        return self.post_office


def memory_ports(
    *,
    clock: Clock = utc_now,
    archive_delay: timedelta = timedelta(0),
    retrieval_delay: timedelta = timedelta(0),
) -> MemoryPorts:
    """An empty world of its own.

    ``archive_delay`` is how long the archive queue holds messages back; ``retrieval_delay`` how
    long the archive takes to bring a result back.
    """
    dead = {q: MemoryQueue(dead_letter_queue_name(_PREFIX, q), clock) for q in Queue}
    queues = {
        q: MemoryQueue(
            queue_name(_PREFIX, q),
            clock,
            dead_letters=dead[q],
            delay=archive_delay if q is Queue.ARCHIVE else timedelta(0),
        )
        for q in Queue
    }
    table = MemoryTable()
    inputs, results = MemoryBucket("inputs"), MemoryBucket("results")
    return MemoryPorts(
        jobs=MemoryJobStore(table),
        accounts=MemoryAccountStore(table),
        inputs=MemoryObjectStore(inputs, clock),
        uploads=MemoryMultipartUploads(inputs, clock),
        results=MemoryObjectStore(results, clock),
        archive=MemoryArchive(results, clock, queues[Queue.THAW], retrieval_delay=retrieval_delay),
        publisher=MemoryPublisher(queues),
        sent_mails=MemorySentMails(),
        queues=queues,
        dead_letter_queues=dead,
        post_office=MemoryMailer(),
    )
