"""Finding what a process left behind, by its session.

A child may leave the process group of its parent, but it stays in the session unless it asks for
one of its own.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path


def kill_session(session: int) -> None:
    """Kill every process of a session whose leader is gone."""
    for pid in members(session):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def members(session: int) -> list[int]:
    """The processes of a session. Where there is no /proc (macOS) none are found."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        pid = int(folder.name)
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(pid) == session and pid != session:
                found.append(pid)
    return found
