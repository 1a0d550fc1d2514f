"""What Glacier's errors mean, where they mean more than those of other services."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of, translated
from gas.domain.errors import ErrorCode, TransientError

# Limits that an operator set, and Glacier's own: what is too much now is taken later.
_LATER = frozenset({"InsufficientCapacity", "LimitExceeded", "PolicyEnforced"})


@contextmanager
def asking_glacier() -> Iterator[None]:
    """Within, errors of Glacier become ours; one that we do not know stays as it is.

    Raises TransientError, also for whatever Glacier does not find: that must not pass for a lost
    file. Who may conclude more from it asks ``is_gone``.
    """
    with translated():
        try:
            yield
        except ClientError as error:
            if code_of(error) in _LATER | {"ResourceNotFound"}:
                reason = f"Glacier could not do it now: {error}"
                raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, reason) from error
            raise


def is_gone(error: ClientError) -> bool:
    """Whether the very archive, job, inventory or upload that was asked for is not there.

    Glacier has one code for these and for a vault that is missing, as one is that is misspelt in
    a setting; only the sentence tells (API reference, "Error Responses": "Vault not found for
    ARN: …"). An archive in a missing vault is not gone for all that we know.
    """
    message = str(error.response.get("Error", {}).get("Message", ""))
    return code_of(error) == "ResourceNotFound" and "vault not found" not in message.lower()
