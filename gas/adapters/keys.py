"""What both job stores share: shards of the indexes, and cursors."""

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode

from gas.domain.job import Job
from gas.domain.states import JobStatus
from gas.runtime.topology import DUE_SHARDS, QUEUE_SHARDS

_JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def due_shard(identifier: str) -> int:
    """The shard of the due index where a job's (or, for plan changes, a user's) entry is."""
    return zlib.crc32(identifier.encode()) % DUE_SHARDS


def queue_shard(job_id: str) -> int:
    """The shard of the queue index where a job that waits or runs is."""
    return zlib.crc32(job_id.encode()) % QUEUE_SHARDS


def is_queued(job: Job) -> bool:
    """Whether the job belongs into the queue index; a discarded one stands in nobody's way."""
    return job.status in {JobStatus.SUBMITTED, JobStatus.RUNNING} and job.erase_at is None


def to_cursor(text: str) -> str:
    """Text as an opaque cursor, safe in a URL."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def from_cursor(cursor: str) -> str:
    """The text of a cursor. Raises ValueError for one that ``to_cursor`` did not make."""
    text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    if to_cursor(text) != cursor:
        raise ValueError("not a cursor of ours")
    return text


def job_cursor(job_id: str) -> str:
    """The cursor that goes on after a job in the list of its owner."""
    return to_cursor(f"JOB#{job_id}")


def job_of_cursor(cursor: str) -> str:
    """The job id in a cursor. It names no user: it can only page in the list it is used on."""
    kind, _, job_id = from_cursor(cursor).partition("#")
    if kind != "JOB" or not _JOB_ID.fullmatch(job_id):
        raise ValueError("not a cursor of ours")
    return job_id
