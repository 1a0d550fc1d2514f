"""The table of transitions: what may follow what, and what every step leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.announcing import announce_archive
from gas.domain.change import Change
from gas.domain.errors import ErrorCode, InvalidTransitionError
from gas.domain.job import Failure, InputFile, Job, ResultFile
from gas.domain.states import ALL_STATES, MOVES, JobStatus, State, Step, Storage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=2)
FILE = ResultFile(name="a.vcf.gz", size=1, sha256="00", key="u/j/1/a.vcf.gz")
INPUT = InputFile(key="u/j/input", file_name="a.vcf")

STEPS: dict[Step, Callable[[Job], Change]] = {
    Step.CHOOSE_GENOME: lambda job: owner_steps.choose_genome(job, "GRCh38", NOW),
    Step.SUBMIT: lambda job: transitions.submit(job, INPUT, NOW),
    Step.CLAIM: lambda job: transitions.claim(job, LEASE, NOW),
    Step.RELEASE: lambda job: transitions.release(job, NOW),
    Step.COMPLETE: lambda job: transitions.complete(job, (FILE,), LEASE, NOW),
    Step.FAIL: lambda job: transitions.fail(
        job, Failure(code=ErrorCode.NOT_A_VCF, message="no"), NOW
    ),
    Step.CANCEL: lambda job: transitions.cancel(job, NOW),
    Step.SCHEDULE_ARCHIVE: lambda job: transitions.schedule_archive(job, LEASE, NOW),
    Step.ANNOUNCE_ARCHIVE: lambda job: announce_archive(job, NOW),
    Step.KEEP: lambda job: transitions.keep(job, NOW),
    Step.BEGIN_ARCHIVE: lambda job: transitions.begin_archive(job, LEASE, NOW),
    Step.ABANDON_ARCHIVE: lambda job: transitions.abandon_archive(job, NOW),
    Step.ARCHIVE: lambda job: transitions.archive(job, {"a.vcf.gz": "id"}, NOW),
    Step.BEGIN_RESTORE: lambda job: transitions.begin_restore(job, NOW),
    Step.NOTE_RETRIEVAL: lambda job: transitions.note_retrieval(job, "Expedited", NOW),
    Step.BEGIN_THAW: lambda job: transitions.begin_thaw(job, LEASE, NOW),
    Step.RESTORE: lambda job: transitions.restore(job, {"a.vcf.gz": "k"}, LEASE, NOW),
    Step.TIDY: lambda job: transitions.tidy(job, (), ()),
    Step.RENAME: lambda job: owner_steps.rename(job, "chr21", NOW),
    Step.DISCARD: lambda job: owner_steps.discard(job, LEASE, NOW),
    Step.UNDISCARD: lambda job: owner_steps.undiscard(job, NOW),
    Step.DELETE: transitions.delete,
}

RAISES_THE_ATTEMPT = {Step.CLAIM, Step.BEGIN_ARCHIVE, Step.BEGIN_THAW}


def job_in(state: State) -> Job:
    return Job(
        user_id="u",
        job_id="j",
        correlation_id="c",
        genome="rCRS",
        input=INPUT,
        files=(FILE,),
        status=state.status,
        storage=state.storage,
        created_at=NOW,
        archive_due_at=NOW + LEASE,
    )


def test_every_step_of_the_table_has_its_function() -> None:
    assert set(STEPS) == set(MOVES)


@pytest.mark.parametrize("state", sorted(ALL_STATES, key=str), ids=str)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_taken_from_its_sources_and_refused_elsewhere(step: Step, state: State) -> None:
    job = job_in(state)
    if state not in MOVES[step].sources:
        with pytest.raises(InvalidTransitionError):
            STEPS[step](job)
        return
    change = STEPS[step](job)
    assert change.before is job
    assert change.after.state == (MOVES[step].target or state)
    assert change.after.version == job.version + 1
    assert change.after.write_id != job.write_id
    assert change.after.attempt == job.attempt + (step in RAISES_THE_ATTEMPT)


@pytest.mark.parametrize("step", sorted(RAISES_THE_ATTEMPT))
def test_a_job_under_a_live_lease_cannot_be_claimed(step: Step) -> None:
    state = next(iter(MOVES[step].sources))
    held = job_in(state).model_copy(update={"lease_until": NOW + timedelta(seconds=1)})
    with pytest.raises(InvalidTransitionError):
        STEPS[step](held)


def test_no_object_is_left_unnamed_when_a_result_moves() -> None:
    """What is no longer the result is a leftover, under the very name it was recorded by."""
    available = transitions.complete(
        job_in(State(*next(iter(MOVES[Step.COMPLETE].sources)))), (FILE,), LEASE, NOW
    ).after
    archiving = transitions.begin_archive(available, LEASE, NOW).after
    archived = transitions.archive(archiving, {"a.vcf.gz": "glacier-1"}, NOW).after
    assert archived.leftover_objects == (FILE.key,)
    restoring = transitions.begin_restore(archived, NOW).after
    thawing = transitions.begin_thaw(restoring, LEASE, NOW).after
    back = transitions.restore(thawing, {"a.vcf.gz": "u/j/9/a.vcf.gz"}, LEASE, NOW).after
    assert back.leftover_archives == ("glacier-1",)
    assert back.files[0].key == "u/j/9/a.vcf.gz"
    assert back.files[0].sha256 == FILE.sha256


def test_a_second_claim_of_an_archiving_names_what_the_first_may_have_made() -> None:
    available = job_in(next(iter(MOVES[Step.KEEP].sources)))
    first = transitions.begin_archive(available, LEASE, NOW).after
    second = transitions.begin_archive(first, LEASE, NOW + LEASE).after
    assert second.leftover_archives == (first.object_key("a.vcf.gz"),)
    assert second.object_key("a.vcf.gz") not in second.leftover_archives


TWO = (FILE, ResultFile(name="b.parquet", size=1, sha256="01", key="u/j/1/b.parquet"))


def test_nothing_is_deleted_and_nothing_told_for_a_file_that_is_lost() -> None:
    available = job_in(State(JobStatus.COMPLETED, Storage.AVAILABLE))
    available = available.model_copy(update={"files": TWO})
    archiving = transitions.begin_archive(available, LEASE, NOW).after
    archived = transitions.archive(archiving, {"b.parquet": "cold-b"}, NOW, lost={FILE.name}).after
    assert [(f.key, f.archive_id, f.lost) for f in archived.files] == [
        (FILE.key, None, True),
        (None, "cold-b", False),
    ]
    assert archived.leftover_objects == ("u/j/1/b.parquet",)
    assert [event.type for event in archived.outbox] == ["result.archived"]

    restoring = transitions.begin_restore(archived, NOW).after
    noted = transitions.note_retrieval(restoring, "Expedited", NOW, lost={"b.parquet"}).after
    assert noted.resting == {}
    back = transitions.restore(noted, {}, LEASE, NOW).after
    assert [(f.key, f.archive_id, f.lost) for f in back.files] == [
        (FILE.key, None, True),
        (None, "cold-b", True),
    ]
    assert back.leftover_archives == ()
    assert "result.restored" not in [event.type for event in back.outbox]


def test_a_file_that_is_not_said_to_be_lost_must_be_in_the_archive() -> None:
    archiving = job_in(State(JobStatus.COMPLETED, Storage.ARCHIVING))
    with pytest.raises(KeyError):
        transitions.archive(archiving, {}, NOW)
