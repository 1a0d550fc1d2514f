"""What a job's history tells, and how much of it."""

from datetime import UTC, datetime, timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.errors import ErrorCode
from gas.domain.history import FIRST_KEPT, LAST_KEPT, Moment, added, remembered
from gas.domain.job import Failure, InputFile, Job, ResultFile
from gas.domain.states import Step

START = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=2)
INPUT = InputFile(key="u/j/input", file_name="a.vcf")
FILE = ResultFile(name="a.vcf.gz", size=1, sha256="00", key="u/j/1/a.vcf.gz")


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def told(job: Job) -> list[tuple[str, int, str | None]]:
    return [(m.what, (m.at - START) // timedelta(minutes=1), m.detail) for m in job.history]


def test_the_life_of_a_job_is_told_in_order() -> None:
    job = transitions.create("u", "j", "rCRS", INPUT, "c", at(0)).after
    job = transitions.submit(job, INPUT, at(1)).after
    job = transitions.claim(job, LEASE, at(2)).after
    job = transitions.release(job, at(3), crashed=True).after
    job = transitions.claim(job, LEASE, at(4)).after
    job = transitions.complete(job, (FILE,), LEASE, at(5)).after
    job = owner_steps.rename(job, "chr21", at(6)).after
    job = transitions.begin_archive(job, LEASE, at(7)).after
    job = transitions.archive(job, {"a.vcf.gz": "id"}, at(8)).after
    job = transitions.tidy(job, job.leftover_objects, ()).after
    job = transitions.begin_restore(job, at(9)).after
    job = transitions.note_retrieval(job, "Expedited", at(10)).after
    job = transitions.begin_thaw(job, LEASE, at(11)).after
    job = transitions.restore(job, {"a.vcf.gz": "k"}, LEASE, at(12)).after
    job = transitions.keep(job, at(13)).after
    assert told(job) == [
        ("created", 0, None),
        ("submitted", 1, None),
        ("started", 2, None),
        ("released", 3, "crashed"),
        ("started", 4, None),
        ("completed", 5, None),
        ("renamed", 6, "chr21"),
        ("archive_began", 7, None),
        ("archived", 8, None),
        ("retrieval_requested", 9, None),
        ("retrieval_accepted", 10, "Expedited"),
        ("restored", 12, None),
        ("kept", 13, None),
    ]


def test_a_failure_is_told_with_its_code() -> None:
    job = transitions.create("u", "j", "rCRS", INPUT, "c", at(0)).after
    job = transitions.submit(job, INPUT, at(1)).after
    failure = Failure(code=ErrorCode.NOT_A_VCF, message="no")
    job = transitions.fail(job, failure, at(2)).after
    assert told(job)[-1] == ("failed", 2, "not_a_vcf")


def test_of_a_long_history_the_middle_goes() -> None:
    history: tuple[Moment, ...] = ()
    for minute in range(FIRST_KEPT + LAST_KEPT + 50):
        history = added(history, Moment(what="started", at=at(minute)))
    minutes = [(moment.at - START) // timedelta(minutes=1) for moment in history]
    first, last = list(range(FIRST_KEPT)), list(range(FIRST_KEPT + 50, FIRST_KEPT + LAST_KEPT + 50))
    assert minutes == first + last


def test_a_step_that_is_told_needs_its_moment() -> None:
    with pytest.raises(ValueError, match="when was it"):
        remembered((), Step.ARCHIVE, None)
