"""What an error of the AWS SDK means to us, decided in one place (rule R7)."""

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - the SDK's name for it
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from gas.domain.errors import ErrorCode, LostRaceError, TransientError

_CONDITION_FAILED = "ConditionalCheckFailed"
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "NotFound", "404"})
# A queue, table or bucket that is not there is an operator's mistake, or an emulator that came up
# empty: it is deployed again, so whoever needs it waits. SQS has two names for one error: its own,
# and that of its former protocol, which the SDK prefers where the answer has it.
_NOT_DEPLOYED = frozenset(
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "NoSuchBucket",
        "QueueDoesNotExist",
        "ResourceNotFound",
    }
)
_BUSY = frozenset(
    {
        "KMS.ThrottlingException",
        "OverLimit",
        "ProvisionedThroughputExceeded",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "SlowDown",
        "Throttled",
        "Throttling",
        "ThrottlingError",
        "TooManyRequests",
        "TransactionConflict",
        "TransactionInProgress",
    }
)

_BROKEN = (
    ConnectionError,
    HTTPClientError,
    IncompleteReadError,
    FlexibleChecksumError,
    aiohttp.ClientError,
)


def code_of(error: ClientError) -> str:
    """The service's code for an error, without the suffix that only some protocols add."""
    return str(error.response.get("Error", {}).get("Code", "")).removesuffix("Exception")


@contextmanager
def translated() -> Iterator[None]:
    """Within, errors of the SDK become ours; one that we do not know stays as it is.

    Raises LostRaceError, TransientError or FileNotFoundError.
    """
    try:
        yield
    except ClientError as error:
        if (ours := _translate(error)) is error:
            raise
        raise ours from error
    except _BROKEN as error:
        raise _unavailable(error) from error


def _translate(error: ClientError) -> Exception:
    codes = {code_of(error)} | _reasons(error)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if codes & (_BUSY | _NOT_DEPLOYED) or status >= 500 or status == 429:
        return _unavailable(error)
    if _CONDITION_FAILED in codes:
        return LostRaceError()
    if codes & _MISSING:
        return FileNotFoundError(str(error))
    return error


def _reasons(error: ClientError) -> set[str]:
    """Why DynamoDB cancelled a transaction: a code for each of its writes."""
    reasons = error.response.get("CancellationReasons", [])
    return {reason.get("Code", "") for reason in reasons}


def _unavailable(error: BotoCoreError | ClientError | aiohttp.ClientError) -> TransientError:
    return TransientError(ErrorCode.SERVICE_UNAVAILABLE, f"AWS could not answer: {error}")
