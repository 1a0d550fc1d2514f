"""Runs a command so that nothing of it outlives us: ``python -I guard.py COMMAND…``.

The guard stands between the annotation process and the command, in a session of its own, so that
what kills the annotation process (a cancelled job, a limit, the death of the service) leaves it
alive to clean up. It knows of that by the end of its standard input, which only the annotation
process holds open. However the command ends, whatever it started ends with it: on Linux even what
left its process group, because orphans become the guard's children.

It ends with the command's exit status, or with 128 + the signal that ended it; with 127 where
there is no such command. It imports nothing of ours, so that it starts at once.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

NO_SUCH_COMMAND = 127
_PR_SET_CHILD_SUBREAPER = 36


def main() -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        command = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return NO_SUCH_COMMAND
    threading.Thread(target=_end_with_us, args=(command.pid,), daemon=True).start()
    status = command.wait()
    _kill_group(command.pid)  # the number is not used again while the group has a member
    _kill_orphans()
    return status if status >= 0 else 128 - status


def _end_with_us(group: int) -> None:
    """Kill the command when the annotation process has ended; `main` does the rest."""
    os.read(0, 1)
    _kill_group(group)


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS: no permission for a dead group
        os.killpg(group, signal.SIGKILL)


def _kill_orphans() -> None:
    """Kill until none is left: each one that dies makes its own children ours."""
    while children := _children():
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        for child in children:
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    """The processes whose parent we are, by /proc; none where there is no /proc."""
    us = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[1] == us:
                found.append(int(stat.parent.name))
    return found


if __name__ == "__main__":
    sys.exit(main())
