"""What the stores in memory share, as their twins on AWS share one table."""

from dataclasses import dataclass, field
from datetime import datetime

from gas.adapters.keys import due_shard
from gas.domain.job import Job
from gas.domain.plan import Account
from gas.ports import DueEntry, PlanChange, StoreIdentity


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
