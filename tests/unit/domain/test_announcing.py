"""When the owner of a result hears that it will be archived."""

from datetime import UTC, datetime, timedelta

import pytest

from gas.domain import owner_steps, transitions
from gas.domain.announcing import (
    announce_archive,
    announcement_at,
    archive_notice,
    is_to_be_announced,
)
from gas.domain.errors import InvalidTransitionError
from gas.domain.job import InputFile, Job
from gas.domain.schedule import Timings, next_look
from gas.domain.states import JobStatus, Storage
from gas.messages import ResultArchiveSoon

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RETENTION = timedelta(days=10)
NOTICE = archive_notice(RETENTION)
TIMINGS = Timings(archive_notice=NOTICE)
DUE = NOW + RETENTION


def result(**changes: object) -> Job:
    """One that is at hand until DUE."""
    known: dict[str, object] = {
        "user_id": "u",
        "job_id": "j",
        "correlation_id": "c",
        "genome": "rCRS",
        "input": InputFile(key="u/j/input", file_name="a.vcf"),
        "status": JobStatus.COMPLETED,
        "storage": Storage.AVAILABLE,
        "created_at": NOW,
        "archive_due_at": DUE,
    }
    return Job.model_validate(known | changes)


@pytest.mark.parametrize(
    ("retention", "notice"),
    [
        (timedelta(0), timedelta(0)),
        (timedelta(minutes=5), timedelta(seconds=30)),
        (timedelta(days=10), timedelta(days=1)),
        (timedelta(days=20), timedelta(hours=48)),
        (timedelta(days=365), timedelta(hours=48)),
    ],
)
def test_notice_is_a_tenth_of_the_retention_up_to_two_days(
    retention: timedelta, notice: timedelta
) -> None:
    assert archive_notice(retention) == notice


def test_the_record_is_due_for_the_announcement_then_for_the_archive() -> None:
    job = result()
    assert next_look(job, NOW, TIMINGS) == DUE - NOTICE
    announced = announce_archive(job, DUE - NOTICE).after
    assert isinstance(announced.outbox[-1], ResultArchiveSoon)
    said = announced.model_copy(update={"outbox": ()})
    assert next_look(said, DUE - NOTICE, TIMINGS) == DUE


@pytest.mark.parametrize(
    ("before_due", "is_time"),
    [
        (NOTICE + timedelta(seconds=1), False),
        (NOTICE, True),
        (timedelta(seconds=1), True),
        (timedelta(0), False),
        (-timedelta(days=1), False),
    ],
)
def test_it_is_announced_from_the_notice_until_it_is_due(
    before_due: timedelta, is_time: bool
) -> None:
    assert is_to_be_announced(result(), NOTICE, DUE - before_due) is is_time


def test_without_notice_nothing_is_announced() -> None:
    job = result()
    assert not is_to_be_announced(job, timedelta(0), DUE - timedelta(microseconds=1))
    assert not is_to_be_announced(job, timedelta(0), DUE)


@pytest.mark.parametrize("storage", [Storage.ARCHIVING, Storage.ARCHIVED, Storage.RESTORING])
def test_of_what_is_not_at_hand_nothing_is_announced(storage: Storage) -> None:
    assert announcement_at(result(storage=storage), NOTICE) is None


def test_of_what_stays_nothing_is_announced() -> None:
    assert announcement_at(result(archive_due_at=None), NOTICE) is None
    with pytest.raises(InvalidTransitionError):
        announce_archive(result(archive_due_at=None), NOW)


def test_of_what_its_owner_discarded_nothing_is_announced() -> None:
    job = owner_steps.discard(result(), timedelta(days=30), NOW).after
    assert not is_to_be_announced(job, NOTICE, DUE - NOTICE)


def test_it_is_announced_once_for_each_due_time() -> None:
    announced = announce_archive(result(), DUE - NOTICE).after
    assert not is_to_be_announced(announced, NOTICE, DUE - NOTICE)
    with pytest.raises(InvalidTransitionError):
        announce_archive(announced, DUE - NOTICE)
    later = transitions.schedule_archive(announced, RETENTION, DUE).after
    assert announcement_at(later, NOTICE) == DUE + RETENTION - NOTICE
    assert announce_archive(later, DUE + RETENTION - NOTICE).after.archive_announced_at


def test_a_step_that_leaves_the_due_time_leaves_the_announcement() -> None:
    announced = announce_archive(result(), DUE - NOTICE).after
    renamed = owner_steps.rename(announced, "family 7", NOW).after
    assert renamed.archive_announced_at == DUE - NOTICE
