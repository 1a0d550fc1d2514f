"""What can go wrong on the way to an installed bundle."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.filesize import decimal

from gas.domain.errors import ErrorCode, PermanentError

_SPARE_BYTES = 64 * 1024**2


def unavailable(message: str) -> PermanentError:
    return PermanentError(ErrorCode.REFERENCE_UNAVAILABLE, message)


def require_space(folder: Path, needed: int) -> None:
    """Raises PermanentError REFERENCE_UNAVAILABLE where ``needed`` bytes do not fit."""
    free = shutil.disk_usage(folder).free
    if needed + _SPARE_BYTES > free:
        raise unavailable(f"{folder} has {decimal(free)} free, and {decimal(needed)} are needed.")


@contextmanager
def full_disk_is_told(folder: Path) -> Iterator[None]:
    """A disk that fills up all the same is an answer, not a crash."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise unavailable(f"There is no space left in {folder}.") from error
