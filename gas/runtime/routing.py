"""Which topic a message is published to, and which queue hears of it.

The subscriptions in ``infrastructure/gas-resources.yaml`` say the same; the contract suite
publishes one message of each type and holds the two together.
"""

from gas.messages import (
    AnyMessage,
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    JobRequested,
    Message,
    PlanChanged,
    RestoreRequested,
    ResultArchived,
    ResultArchiveSoon,
    ResultRestored,
    RetrievalCompleted,
    RetrievalStarted,
)
from gas.runtime.topology import Queue, Topic

_TOPICS: dict[type[Message], Topic] = {
    JobRequested: Topic.JOB_REQUESTS,
    JobCompleted: Topic.JOB_RESULTS,
    JobFailed: Topic.JOB_RESULTS,
    ArchiveRequested: Topic.JOB_RESULTS,
    PlanChanged: Topic.PLAN_CHANGES,
    RestoreRequested: Topic.PLAN_CHANGES,
    RetrievalStarted: Topic.RETRIEVALS,
    RetrievalCompleted: Topic.RETRIEVALS,
    ResultArchiveSoon: Topic.RESULT_MOVES,
    ResultArchived: Topic.RESULT_MOVES,
    ResultRestored: Topic.RESULT_MOVES,
}

_LISTENERS: dict[type[Message], frozenset[Queue]] = {
    JobRequested: frozenset({Queue.ANNOTATE}),
    JobCompleted: frozenset({Queue.ARCHIVE, Queue.NOTIFY}),
    JobFailed: frozenset({Queue.NOTIFY}),
    ArchiveRequested: frozenset({Queue.ARCHIVE}),
    PlanChanged: frozenset({Queue.RESTORE}),
    RestoreRequested: frozenset({Queue.RESTORE}),
    RetrievalStarted: frozenset({Queue.THAW}),
    RetrievalCompleted: frozenset({Queue.THAW}),
    ResultArchiveSoon: frozenset({Queue.NOTIFY}),
    ResultArchived: frozenset({Queue.NOTIFY}),
    ResultRestored: frozenset({Queue.NOTIFY}),
}


def topic_of(message: AnyMessage) -> Topic:
    """The topic that a message belongs to."""
    return _TOPICS[type(message)]


def listeners_of(message: AnyMessage) -> frozenset[Queue]:
    """The queues that hear of a message, once each."""
    return _LISTENERS[type(message)]
