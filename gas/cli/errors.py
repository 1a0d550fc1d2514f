"""What can go wrong for a client of GAS, each with the exit code of the command."""

from typing import ClassVar

OK = 0
JOB_FAILED = 1
USAGE = 2
UNREACHABLE = 3


class ClientError(Exception):
    """Shown as ``error: sentence (code)``; ``code`` is the server's stable one, where it has one."""

    exit_code: ClassVar[int] = USAGE

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return f"{self.message} ({self.code})" if self.code else self.message


class UsageError(ClientError):
    """The command cannot do what it was asked to."""


class RefusedError(ClientError):
    """The server understood and said no; ``status`` is that of the HTTP answer."""

    def __init__(self, message: str, code: str | None, status: int) -> None:
        super().__init__(message, code)
        self.status = status


class JobFailedError(ClientError):
    """There is no result, and there will be none."""

    exit_code = JOB_FAILED


class UnreachableError(ClientError):
    """No answer, or none that makes sense."""

    exit_code = UNREACHABLE
