"""What can go wrong, told apart by what a worker must do about it (rule R7).

Every error carries a stable ``code`` for machines and a human sentence.
"""

from datetime import timedelta
from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable codes, part of the public interface: never renamed, never reused."""

    # The upload
    UPLOAD_MISSING = "upload_missing"
    UPLOAD_TOO_LARGE = "upload_too_large"
    # The input, as the annotation engine sees it
    NOT_A_VCF = "not_a_vcf"
    MALFORMED_VCF = "malformed_vcf"
    TRUNCATED_FILE = "truncated_file"
    REFERENCE_MISMATCH = "reference_mismatch"
    UNKNOWN_CONTIG = "unknown_contig"
    UNKNOWN_GENOME = "unknown_genome"
    NO_VARIANTS = "no_variants"
    LIMIT_EXCEEDED = "limit_exceeded"
    POISON_INPUT = "poison_input"
    # Reference bundles
    REFERENCE_UNAVAILABLE = "reference_unavailable"
    REFERENCE_DAMAGED = "reference_damaged"
    # The service
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    INTERNAL_ERROR = "internal_error"
    SERVICE_UNAVAILABLE = "service_unavailable"
    MAIL_REFUSED = "mail_refused"
    RESULT_CORRUPT = "result_corrupt"
    # Requests
    JOB_NOT_FOUND = "job_not_found"
    FILE_NOT_FOUND = "file_not_found"
    FILE_ARCHIVED = "file_archived"
    FILE_LOST = "file_lost"
    TOO_MANY_JOBS = "too_many_jobs"
    CONFLICTING_STATE = "conflicting_state"
    CONFLICTING_WRITE = "conflicting_write"


class MisconfiguredError(Exception):
    """A process cannot begin its work, and only its operator can help: the sentence says how."""


class GasError(Exception):
    """An error with a stable code and a sentence fit for the user."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class PermanentError(GasError):
    """Trying again cannot help: the job fails with this code, the message is deleted."""


class TransientError(GasError):
    """Trying again may help: the message is hidden and comes back, with backoff and jitter."""


class NotYetError(Exception):
    """Nothing is wrong, it is only too early: look again after ``delay``.

    Waiting is not failing: it never counts towards the dead-letter queue.
    """

    def __init__(self, reason: str, delay: timedelta) -> None:
        super().__init__(reason)
        self.reason = reason
        self.delay = delay


class InvalidTransitionError(GasError):
    """The state of the job does not allow this step; nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(ErrorCode.CONFLICTING_STATE, message)


class LostRaceError(GasError):
    """The conditional write failed: somebody else changed the record first (rule R2)."""

    def __init__(self, message: str = "The job was changed by somebody else meanwhile.") -> None:
        super().__init__(ErrorCode.CONFLICTING_WRITE, message)
