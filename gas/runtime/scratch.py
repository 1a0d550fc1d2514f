"""A folder for the files of one process, which does not outlive its need."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

_LOCK = "lock"


@contextmanager
def scratch_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder of our own in ``parent``, locked while we live, removed when we end.

    ``name`` says whose it is. What others of that name left behind that were killed, users' files
    among it, is removed first: their locks went with them.
    """
    parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with (parent / _LOCK).open("w") as beginners:
            fcntl.flock(beginners, fcntl.LOCK_EX)  # one at a time, or they remove each other
            for abandoned in parent.glob(f"{name}-*"):
                _remove_unless_locked(abandoned)
            folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=parent))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            lock = stack.enter_context((folder / _LOCK).open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _remove_unless_locked(folder: Path) -> None:
    try:
        with (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return  # somebody works there
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)  # killed before it had even a lock
