"""Faults by plan: which calls go wrong, and how. Counted, not left to chance."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.support.facade.calls import Call
from tests.support.facade.errors import AwsError


class Kind(StrEnum):
    """How a call goes wrong."""

    THROTTLED = "not applied, the answer says: too many requests"
    FAILED = "not applied, the answer is an internal error"
    CUT = "not applied, the connection is cut"
    ANSWER_FAILED = "applied, but the answer is an internal error"
    ANSWER_CUT = "applied, but the answer breaks off in its middle"
    TWICE = "applied twice, as a message that arrives again"


_THROTTLED = {
    "dynamodb": (400, "ProvisionedThroughputExceededException"),
    "s3": (503, "SlowDown"),
    "ses": (400, "Throttling"),
    "sns": (429, "Throttled"),
    "sqs": (400, "RequestThrottled"),
}
_FAILED = {
    "dynamodb": "InternalServerError",
    "s3": "InternalError",
    "ses": "InternalFailure",
    "sns": "InternalError",
    "sqs": "InternalFailure",
}


@dataclass(frozen=True)
class Fault:
    """Of ``every`` so many calls of an operation the first ``in_a_row`` go wrong.

    The SDK makes three attempts: a fault that three in a row meet is one that the services see.
    """

    service: str
    operation: str
    kind: Kind
    every: int
    in_a_row: int = 1

    def meets(self, number: int) -> bool:
        """Whether it meets the call of this ``number``, counted from 1."""
        return (number - 1) % self.every < self.in_a_row


class FaultPlan:
    """Faults, and how often each was ``made``. Where two meet one call, the first does."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        self._faults = faults
        self._calls: Counter[tuple[str, str]] = Counter()
        self.made: Counter[Fault] = Counter()

    def next(self, call: Call) -> Kind | None:
        """What is to happen to this call."""
        what = (call.service, call.operation)
        self._calls[what] += 1
        for fault in self._faults:
            if (fault.service, fault.operation) == what and fault.meets(self._calls[what]):
                self.made[fault] += 1
                return fault.kind
        return None

    @property
    def missing(self) -> list[Fault]:
        """Those that met no call so far."""
        return [fault for fault in self._faults if not self.made[fault]]


def throttled(service: str) -> AwsError:
    status, code = _THROTTLED[service]
    return AwsError(status, code, "Please reduce your request rate.")


def failed(service: str) -> AwsError:
    message = "We encountered an internal error. Please try again."
    return AwsError(500, _FAILED[service], message)
