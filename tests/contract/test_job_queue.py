"""The contract of JobStore about what waits and runs, and about what its owner does meanwhile."""

from datetime import timedelta

from gas.domain import owner_steps, transitions
from gas.domain.job import Job, Progress
from gas.domain.states import JobStatus
from gas.messages import new_id
from gas.ports import QueueEntry
from tests.support.jobs import LEASE, completed, draft, now, running, submitted
from tests.support.patience import until
from tests.support.ports import Ports

UNDO = timedelta(seconds=30)


async def entries_of(ports: Ports, user_id: str) -> list[QueueEntry]:
    return [entry for entry in await ports.jobs.queue() if entry.user_id == user_id]


async def until_queued(ports: Ports, user_id: str, *job_ids: str) -> list[QueueEntry]:
    """The user's entries, once they are about these jobs: an index may be behind."""
    return await until(
        lambda: entries_of(ports, user_id),
        lambda entries: [entry.job_id for entry in entries] == list(job_ids),
        what="the queue index",
    )


async def stored(ports: Ports, job: Job) -> Job:
    found = await ports.jobs.get(job.user_id, job.job_id)
    assert found is not None
    return found


async def test_what_waits_or_runs_is_queued_oldest_first(ports: Ports, user_id: str) -> None:
    await ports.jobs.commit(draft(user_id))
    first = await running(ports.jobs, user_id)
    second = await submitted(ports.jobs, user_id)
    await completed(ports.jobs, user_id)
    await ports.jobs.renew_lease(
        first, now() + LEASE, Progress(stage="annotate", fraction=0.25, log=("a line",))
    )

    entries = await until(
        lambda: until_queued(ports, user_id, first.job_id, second.job_id),
        lambda entries: entries[0].fraction == 0.25,
        what="the fraction in the queue index",
    )

    assert first.submitted_at is not None
    assert second.submitted_at is not None
    assert entries == [
        QueueEntry(
            user_id,
            first.job_id,
            JobStatus.RUNNING,
            first.submitted_at,
            first.started_at,
            0.25,
        ),
        QueueEntry(user_id, second.job_id, JobStatus.SUBMITTED, second.submitted_at, None, 0.0),
    ]


async def test_what_ended_or_was_discarded_leaves_the_queue(ports: Ports, user_id: str) -> None:
    first, second = await submitted(ports.jobs, user_id), await submitted(ports.jobs, user_id)
    await until_queued(ports, user_id, first.job_id, second.job_id)
    discarded = owner_steps.discard(first, UNDO, now())
    await ports.jobs.commit(discarded)
    await until_queued(ports, user_id, second.job_id)
    await ports.jobs.commit(transitions.cancel(second, now()))
    await until_queued(ports, user_id)
    await ports.jobs.commit(owner_steps.undiscard(discarded.after, now()))
    await until_queued(ports, user_id, first.job_id)


async def test_a_new_name_does_not_end_a_lease(ports: Ports, user_id: str) -> None:
    job = await running(ports.jobs, user_id)
    await ports.jobs.commit(owner_steps.rename(job, "Ada's ü", now()))
    later = now() + 2 * LEASE
    await ports.jobs.renew_lease(job, later, Progress(stage="annotate", fraction=0.5))
    after = await stored(ports, job)
    assert (after.name, after.lease_until, after.due_at) == ("Ada's ü", later, later)
    assert [moment.what for moment in after.history][-1] == "renamed"


async def test_a_discarded_job_stays_due_while_its_lease_is_renewed(
    ports: Ports, user_id: str
) -> None:
    job = await running(ports.jobs, user_id)
    change = owner_steps.discard(job, UNDO, now())
    erase_at = change.after.erase_at
    due = change.after.model_copy(update={"due_at": erase_at})
    await ports.jobs.commit(type(change)(job, due))
    later = now() + 2 * LEASE
    await ports.jobs.renew_lease(job, later, Progress(stage="annotate", fraction=0.5))
    after = await stored(ports, job)
    assert (after.erase_at, after.due_at, after.lease_until) == (erase_at, erase_at, later)
    assert after.progress is not None


async def test_every_field_of_an_owners_is_kept(ports: Ports, user_id: str) -> None:
    job_id = new_id()
    upload = draft(user_id, job_id).after.input.model_copy(update={"sha256": "ab" * 32})
    change = transitions.create(
        user_id, job_id, "mt", upload, "c", now(), name="chr21 ü", rerun_of=new_id()
    )
    await ports.jobs.commit(change)
    assert await stored(ports, change.after) == change.after
