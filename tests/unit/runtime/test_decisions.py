"""What becomes of a message: a table."""

from datetime import timedelta

import pytest

from gas.domain.errors import (
    ErrorCode,
    InvalidTransitionError,
    LostRaceError,
    NotYetError,
    PermanentError,
    TransientError,
)
from gas.runtime.decisions import (
    LONGEST_DELAY,
    MAX_RECEIVES,
    Bury,
    Done,
    Hide,
    Repeat,
    backoff,
    decide,
    patience,
)

TRANSIENT = TransientError(ErrorCode.SERVICE_UNAVAILABLE, "S3 is away")
PERMANENT = PermanentError(ErrorCode.NOT_A_VCF, "no VCF")


@pytest.mark.parametrize(
    ("error", "receives", "decision"),
    [
        (None, 1, Done()),
        (None, MAX_RECEIVES, Done()),
        (PERMANENT, 1, Done()),
        (NotYetError("early", timedelta(seconds=7)), 1, Repeat(timedelta(seconds=7))),
        (NotYetError("early", timedelta(days=1)), 1, Repeat(LONGEST_DELAY)),
        (LostRaceError(), 1, Hide(timedelta(seconds=1))),
        (InvalidTransitionError("moved on"), 1, Hide(timedelta(seconds=1))),
        (TRANSIENT, 1, Hide(timedelta(seconds=2))),
        (TRANSIENT, 3, Hide(timedelta(seconds=8))),
        (RuntimeError("a bug"), 1, Hide(timedelta(seconds=2))),
        (RuntimeError("a bug"), MAX_RECEIVES, Bury()),
    ],
)
def test_the_table(error: BaseException | None, receives: int, decision: object) -> None:
    assert decide(error, receives, jitter=0) == decision


@pytest.mark.parametrize(
    "error", [NotYetError("early", timedelta(seconds=1)), TRANSIENT, LostRaceError()]
)
def test_waiting_and_passing_trouble_never_reach_the_dead_letters(error: BaseException) -> None:
    """SQS counts receives by itself, so the last one must send the message anew."""
    assert isinstance(decide(error, MAX_RECEIVES, jitter=0), Repeat)


def test_backoff_doubles_is_bounded_and_jitters_downwards() -> None:
    assert [backoff(n, 0).total_seconds() for n in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert backoff(1000, 0) == timedelta(minutes=5)
    assert backoff(3, 0.5) == timedelta(seconds=6)


def test_five_receives_are_the_limit() -> None:
    """What the template says too: see test_topology."""
    assert MAX_RECEIVES == 5


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_patience_is_never_longer_than_an_operator_likes_to_wait(jitter: float) -> None:
    waits = [patience(failures, jitter) for failures in range(1, 50)]
    assert timedelta(seconds=1) <= min(waits)
    assert timedelta(seconds=10) <= max(waits) <= timedelta(seconds=20)
    assert waits == sorted(waits)
