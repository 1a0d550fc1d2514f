"""What must hold at every moment, and once everything has settled."""

from collections.abc import Collection

from gas.domain.errors import ErrorCode
from gas.domain.job import Job
from gas.domain.plan import Account
from gas.domain.states import JobStatus, Storage
from tests.support.stub_engine import result_content
from tests.support.world import World


async def check_results(world: World, gone: Collection[str] = ()) -> None:
    """Every result is somewhere, byte for byte, and where the record says.

    ``gone`` are the names of files that may be lost; no other ever is.
    """
    for job in await world.jobs():
        if job.status is not JobStatus.COMPLETED:
            continue
        for file in job.files:
            if file.name in gone:
                continue
            assert not file.lost
            stored = world.bucket.find(file.key or file.archive_id or "")
            assert stored is not None, f"{file.name} of a {job.state} job is gone"
            assert stored.content == result_content(job, file.name)
            assert stored.cold == (file.archive_id is not None)


async def check_settled(
    world: World, deleted: Collection[str] = (), gone: Collection[str] = ()
) -> None:
    """No job waits, storage is what the plan says, nothing is left over or left behind."""
    await check_results(world, gone)
    account = await world.ports.accounts.get(world.user_id)
    assert account is not None
    assert await world.ports.accounts.pending_change(world.user_id) is None
    named: set[str | None] = set()
    vanished: set[str | None] = set()
    for job_id in world.job_ids:
        job = await world.job(job_id)
        if job_id in deleted:
            assert job is None, f"deleted, but still {job.state}"
            continue
        assert job is not None
        _check_ended(job, account)
        named |= {file.key or file.archive_id for file in job.files}
        vanished |= {file.key or file.archive_id for file in job.files if file.name in gone}
    there = set(world.bucket.keys(""))
    assert there - vanished == named - vanished


def _check_ended(job: Job, account: Account) -> None:
    match job.status:
        case JobStatus.COMPLETED:
            expected = Storage.AVAILABLE if account.keeps_results else Storage.ARCHIVED
            assert job.storage is expected
        case JobStatus.FAILED:
            # Here for one reason only: five receives of its request in vain.
            assert job.failure is not None
            assert job.failure.code is ErrorCode.TOO_MANY_ATTEMPTS
        case _:
            assert job.status is JobStatus.CANCELLED, job.state
    assert not any((job.outbox, job.leftover_objects, job.leftover_archives))
    assert job.due_at is None
