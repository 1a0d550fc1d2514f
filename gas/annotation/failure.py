"""How the child says that the input is at fault: with a code, and where it can, with the line."""

from gas.domain.errors import ErrorCode, PermanentError


def malformed(line: int, what: str) -> PermanentError:
    """Line ``line`` (from 1) of the input breaks the rules of VCF."""
    return PermanentError(ErrorCode.MALFORMED_VCF, f"Line {line}: {what}")


def not_a_vcf(what: str) -> PermanentError:
    return PermanentError(ErrorCode.NOT_A_VCF, what)


def truncated(what: str) -> PermanentError:
    return PermanentError(ErrorCode.TRUNCATED_FILE, what)


def over_limit(what: str) -> PermanentError:
    return PermanentError(ErrorCode.LIMIT_EXCEEDED, what)
