"""What is said between services: small, versioned, and only a hint (rule R1).

A message carries ids, never a plan, an address or a key: whoever receives one reads
the record again.
"""

from gas.messages.envelope import JobMessage, Message, new_id, time_of_id
from gas.messages.events import (
    AnyMessage,
    ArchiveRequested,
    JobCompleted,
    JobFailed,
    JobRequested,
    PlanChanged,
    RestoreRequested,
    ResultArchived,
    ResultArchiveSoon,
    ResultRestored,
    RetrievalCompleted,
    RetrievalStarted,
)
from gas.messages.parsing import UnreadableMessageError, parse, serialise

__all__ = [
    "AnyMessage",
    "ArchiveRequested",
    "JobCompleted",
    "JobFailed",
    "JobMessage",
    "JobRequested",
    "Message",
    "PlanChanged",
    "RestoreRequested",
    "ResultArchiveSoon",
    "ResultArchived",
    "ResultRestored",
    "RetrievalCompleted",
    "RetrievalStarted",
    "UnreadableMessageError",
    "new_id",
    "parse",
    "serialise",
    "time_of_id",
]
