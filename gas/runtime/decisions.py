"""What becomes of a message, given how its handling ended (rule R7). Pure: no effect here."""

from dataclasses import dataclass
from datetime import timedelta

from gas.domain.errors import (
    InvalidTransitionError,
    LostRaceError,
    NotYetError,
    PermanentError,
    TransientError,
)

LONGEST_DELAY = timedelta(seconds=900)  # what SQS takes as DelaySeconds
MAX_RECEIVES = 5  # the queues' redrive policy says the same; a test holds the two together

_FIRST_BACKOFF = timedelta(seconds=2)
_LONGEST_BACKOFF = timedelta(minutes=5)
_LONGEST_PATIENCE = timedelta(seconds=20)
_RACE_DELAY = timedelta(seconds=1)


@dataclass(frozen=True)
class Done:
    """Nothing is left to do: delete the message."""


@dataclass(frozen=True)
class Hide:
    """Show the message again after ``delay``. The receive counts towards dead letters."""

    delay: timedelta


@dataclass(frozen=True)
class Repeat:
    """Send the same message anew, to arrive after ``delay``, then delete this one.

    SQS counts every receive of a message towards its dead-letter queue; a new message starts
    at zero, so this is how to wait without counting.
    """

    delay: timedelta


@dataclass(frozen=True)
class Bury:
    """Let go for good: settle what the message was about, and leave it to the dead letters."""


Decision = Done | Hide | Repeat | Bury


def decide(error: BaseException | None, receive_count: int, jitter: float) -> Decision:
    """Decide about a message received ``receive_count`` times (1 the first time).

    ``jitter`` in [0, 1) spreads the retries of many messages.
    """
    last = receive_count >= MAX_RECEIVES
    match error:
        case None | PermanentError():
            return Done()
        case NotYetError():
            return Repeat(min(error.delay, LONGEST_DELAY))
        case LostRaceError() | InvalidTransitionError():
            return Repeat(_RACE_DELAY) if last else Hide(_RACE_DELAY)
        case TransientError():
            delay = backoff(receive_count, jitter)
            return Repeat(delay) if last else Hide(delay)
        case _:
            return Bury() if last else Hide(backoff(receive_count, jitter))


def backoff(failures: int, jitter: float) -> timedelta:
    """Doubling from 2 s to 5 min, of which the jitter takes away up to a half."""
    full = min(_FIRST_BACKOFF * (1 << min(failures - 1, 16)), _LONGEST_BACKOFF)
    return full * (1 - jitter / 2)


def patience(failures: int, jitter: float) -> timedelta:
    """The same up to 20 s, for asking whether AWS is back: that costs nothing, so ask often."""
    return min(backoff(failures, jitter), _LONGEST_PATIENCE * (1 - jitter / 2))
