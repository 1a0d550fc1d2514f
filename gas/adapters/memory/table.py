"""What the stores in memory share, as their twins on AWS share one table."""

from dataclasses import dataclass, field
from datetime import datetime

from gas.adapters.keys import due_shard, is_queued, queue_shard
from gas.domain.job import Job
from gas.domain.plan import Account
from gas.ports import DueEntry, PlanChange, QueueEntry, StoreIdentity
from gas.runtime.topology import QUEUE_READ, QUEUE_SHARDS


@dataclass
class MemoryTable:
    """Records by user (and job)."""

    jobs: dict[tuple[str, str], Job] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    changes: dict[str, PlanChange] = field(default_factory=dict)
    erased: set[tuple[str, str]] = field(default_factory=set)
    identity: StoreIdentity | None = None

    def empty(self) -> None:
        """As an emulator's is that was started anew."""
        for records in (self.jobs, self.accounts, self.changes, self.erased):
            records.clear()
        self.identity = None

    def due(self, shard: int, now: datetime) -> list[DueEntry]:
        """The entries of a shard that were due before ``now``, oldest first."""
        entries = [
            DueEntry(job.user_id, job.job_id, job.due_at)
            for job in self.jobs.values()
            if job.due_at and due_shard(job.job_id) == shard
        ] + [
            DueEntry(change.user_id, None, change.due_at)
            for change in self.changes.values()
            if due_shard(change.user_id) == shard
        ]
        return sorted((e for e in entries if e.due_at < now), key=lambda e: e.due_at)

    def queue(self) -> list[QueueEntry]:
        """What waits or runs, oldest first: of each shard as many as are looked at."""
        entries = sorted(
            (_queue_entry(job) for job in self.jobs.values() if is_queued(job)),
            key=lambda entry: (entry.submitted_at, entry.job_id),
        )
        seen = [0] * QUEUE_SHARDS
        found = []
        for entry in entries:
            shard = queue_shard(entry.job_id)
            seen[shard] += 1
            if seen[shard] <= QUEUE_READ:
                found.append(entry)
        return found


def _queue_entry(job: Job) -> QueueEntry:
    return QueueEntry(
        user_id=job.user_id,
        job_id=job.job_id,
        status=job.status,
        submitted_at=job.submitted_at or job.created_at,
        started_at=job.started_at,
        fraction=job.progress.fraction if job.progress else 0.0,
    )
