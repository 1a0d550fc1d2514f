"""The names of our queues, topics, buckets and table: the one way by which they reach the code.

``infrastructure/gas-resources.yaml`` declares the same resources; tests hold the two together.
"""

from enum import StrEnum

DUE_INDEX = "due"
"""The sparse index over ``due_shard`` and ``due_at``."""

DUE_SHARDS = 4
"""Shards of the due index, so that one hot partition does not slow every write."""

QUEUE_INDEX = "queue"
"""The sparse index over ``queue_shard`` and ``submitted_at`` of what waits or runs."""

QUEUE_SHARDS = DUE_SHARDS

QUEUE_READ = 1000
"""How many entries of a shard of the queue index are looked at: one page of DynamoDB's."""


class Topic(StrEnum):
    """What is announced; the value is the name without prefix."""

    JOB_REQUESTS = "job-requests"
    JOB_RESULTS = "job-results"
    PLAN_CHANGES = "plan-changes"
    RETRIEVALS = "retrievals"
    RESULT_MOVES = "result-moves"


class Queue(StrEnum):
    """What is waited on, one queue for each worker; the value is the name without prefix."""

    ANNOTATE = "annotate"
    ARCHIVE = "archive"
    RESTORE = "restore"
    THAW = "thaw"
    NOTIFY = "notify"


def topic_name(prefix: str, topic: Topic) -> str:
    return f"{prefix}-{topic}"


def queue_name(prefix: str, queue: Queue) -> str:
    return f"{prefix}-{queue}"


def dead_letter_queue_name(prefix: str, queue: Queue) -> str:
    """Where a message goes that ``queue`` received five times in vain."""
    return f"{prefix}-{queue}-dead"


def undelivered_queue_name(prefix: str) -> str:
    """Where a message goes that a topic could not hand to a queue."""
    return f"{prefix}-undelivered"


def inputs_bucket_name(prefix: str, account_id: str) -> str:
    """Bucket names are global on AWS, hence the account's number."""
    return f"{prefix}-inputs-{account_id}"


def results_bucket_name(prefix: str, account_id: str) -> str:
    return f"{prefix}-results-{account_id}"


def jobs_table_name(prefix: str) -> str:
    return f"{prefix}-jobs"
