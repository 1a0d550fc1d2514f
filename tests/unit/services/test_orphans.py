"""Which objects are of no use to anybody: no age, only names."""

from datetime import UTC, datetime

import pytest

from gas.domain import transitions
from gas.domain.job import InputFile, Job, ResultFile
from gas.domain.states import (
    ARCHIVED,
    ARCHIVING,
    AVAILABLE,
    FAILED,
    RESTORING,
    RUNNING,
    SUBMITTED,
    State,
)
from services.reconciler.orphans import OrphanSweep, is_orphan
from tests.support.world import World

AT_HAND = ResultFile(name="s.json", size=1, sha256="00", key="u/j/1/s.json")
IN_ARCHIVE = ResultFile(name="a.gz", size=1, sha256="00", key=None, archive_id="u/j/2/a.gz")


def job(state: State, attempt: int = 3) -> Job:
    return Job(
        user_id="u",
        job_id="j",
        correlation_id="c",
        attempt=attempt,
        status=state.status,
        storage=state.storage,
        genome="rCRS",
        input=InputFile(key="u/j/input", file_name="a.vcf"),
        files=(AT_HAND, IN_ARCHIVE),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("state", [SUBMITTED, RUNNING, AVAILABLE, ARCHIVED, FAILED], ids=str)
@pytest.mark.parametrize("key", ["u/j/input", "u/j/1/s.json", "u/j/2/a.gz"])
def test_what_the_record_names_stays(state: State, key: str) -> None:
    assert not is_orphan(key, job(state))


@pytest.mark.parametrize("state", [RUNNING, ARCHIVING, RESTORING], ids=str)
def test_what_is_just_being_made_stays(state: State) -> None:
    assert not is_orphan("u/j/3/a.gz", job(state))


@pytest.mark.parametrize("state", [RUNNING, ARCHIVING, RESTORING], ids=str)
@pytest.mark.parametrize("key", ["u/j/1/a.gz", "u/j/2/other.gz", "u/j/30/a.gz"])
def test_what_an_earlier_attempt_left_goes_even_while_another_is_at_work(
    state: State, key: str
) -> None:
    assert is_orphan(key, job(state))


@pytest.mark.parametrize("state", [SUBMITTED, AVAILABLE, ARCHIVED, FAILED], ids=str)
def test_what_the_last_attempt_left_goes_once_it_is_over(state: State) -> None:
    assert is_orphan("u/j/3/a.gz", job(state))


async def sweep(world: World) -> None:
    await OrphanSweep(world.ports.results, world.ports.jobs).look_at_a_page()


async def test_without_a_record_nothing_goes_unless_it_was_erased() -> None:
    """The table may be the wrong one: that a record is not found must not cost a result."""
    world = World()
    deleted = await world.submit()
    erased = (await world.records.commit(transitions.delete(deleted))).prefix
    await world.ports.jobs.erase(transitions.delete(deleted).after)
    for prefix in (erased, "stranger/job/"):
        world.bucket.put(f"{prefix}1/a.gz", b"content", content_type="text/plain")
    await sweep(world)
    assert world.bucket.keys("") == ["stranger/job/1/a.gz"]


async def test_names_that_are_not_ours_stay() -> None:
    world = World()
    world.bucket.put("inventory/2026.csv", b"content", content_type="text/csv")
    await sweep(world)
    assert world.bucket.keys("") == ["inventory/2026.csv"]
