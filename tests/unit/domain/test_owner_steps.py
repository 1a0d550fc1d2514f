"""What an owner does meanwhile takes no job out of a worker's hands."""

from datetime import UTC, datetime, timedelta

from gas.domain import owner_steps, transitions
from gas.domain.change import Change
from gas.domain.job import InputFile, Job, ResultFile
from gas.domain.schedule import Timings, next_look
from gas.domain.states import RUNNING, JobStatus

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=2)
UNDO = timedelta(seconds=30)
INPUT = InputFile(key="u/j/input", file_name="a.vcf")
FILE = ResultFile(name="a.vcf.gz", size=1, sha256="00", key="u/j/1/a.vcf.gz")


def running() -> Job:
    job = transitions.create("u", "j", "rCRS", INPUT, "c", NOW).after
    job = transitions.submit(job, INPUT, NOW).after
    return transitions.claim(job, LEASE, NOW).after


def completion(job: Job) -> Change:
    return transitions.complete(job, (FILE,), LEASE, NOW)


def test_a_completion_keeps_what_the_owner_did_meanwhile() -> None:
    job = running()
    named = owner_steps.rename(job, "mine", NOW).after
    discarded = owner_steps.discard(named, UNDO, NOW).after

    change = owner_steps.rebased(completion(job), discarded)

    assert change is not None
    assert change.before is discarded
    after = change.after
    assert (after.status, after.files) == (JobStatus.COMPLETED, (FILE,))
    assert (after.name, after.erase_at, after.edits) == ("mine", NOW + UNDO, 2)
    assert after.version == discarded.version + 1
    assert [moment.what for moment in after.history][-3:] == ["started", "renamed", "completed"]


def test_what_a_worker_does_is_not_put_onto_the_step_of_another() -> None:
    job = running()
    assert owner_steps.rebased(completion(job), job) is None
    assert owner_steps.rebased(completion(job), transitions.cancel(job, NOW).after) is None
    released = owner_steps.rename(transitions.release(job, NOW).after, "mine", NOW).after
    assert owner_steps.rebased(completion(job), released) is None


def test_a_deletion_is_decided_anew_when_the_owner_took_the_job_back() -> None:
    discarded = owner_steps.discard(running(), UNDO, NOW).after
    back = owner_steps.undiscard(discarded, NOW).after
    assert owner_steps.rebased(transitions.delete(discarded), back) is None


def test_what_an_owner_does_is_decided_anew_after_another_edit() -> None:
    job = running()
    named = owner_steps.rename(job, "mine", NOW).after
    assert owner_steps.rebased(owner_steps.discard(job, UNDO, NOW), named) is None


def test_a_takeover_does_not_slip_past_a_lease_that_was_renewed() -> None:
    job = running()
    takeover = transitions.claim(job, LEASE, NOW + 2 * LEASE)
    named = owner_steps.rename(job, "mine", NOW).after
    renewed = named.model_copy(update={"lease_until": NOW + 3 * LEASE})
    assert owner_steps.rebased(takeover, named) is not None
    assert owner_steps.rebased(takeover, renewed) is None


def test_a_discarded_job_is_due_when_it_cannot_be_taken_back_any_more() -> None:
    job = running()
    discarded = owner_steps.discard(job, UNDO, NOW).after
    assert discarded.is_gone
    assert discarded.state == RUNNING
    assert next_look(discarded, NOW, Timings()) == NOW + UNDO
    back = owner_steps.undiscard(discarded, NOW).after
    assert not back.is_gone
    assert next_look(back, NOW, Timings()) == next_look(job, NOW, Timings())


def test_a_job_goes_by_its_name_or_by_that_of_its_file() -> None:
    named = owner_steps.rename(running(), "mine", NOW).after
    assert named.title == "mine"
    assert owner_steps.rename(named, None, NOW).after.title == "a.vcf"


def test_a_record_from_before_these_fields_is_read() -> None:
    old = running().model_dump(mode="json")
    for field in ("name", "history", "rerun_of", "erase_at", "edits", "archive_announced_at"):
        del old[field]
    del old["input"]["sha256"]
    job = Job.model_validate(old)
    assert (job.title, job.history, job.is_gone) == ("a.vcf", (), False)
