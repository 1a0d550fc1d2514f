"""Become another program that does not outlive its parent, and that is not root if it must not be.

Run as a script, not imported: ``python -I launch.py PARENT_PID SIGNAL USER COMMAND...``, with
SIGNAL the number to die by when the parent is gone and USER as uid:gid, or - for no change.
Only the standard library, since the start of every process waits for it.

Linux can do all of it; elsewhere the process gets its own session, and that is all.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAPABILITY_VERSION_3 = 0x20080522


def _prctl(*arguments: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(a) for a in (*arguments, *[0] * (5 - len(arguments)))]
    if libc.prctl(*padded) != 0:
        raise OSError(ctypes.get_errno(), f"prctl{arguments}")


def _become(uid: int, gid: int) -> None:
    """Give up root, except for its right to enter every folder.

    PostgreSQL refuses to run as root, and the clone and its state may lie where no other user
    may look (/root, mktemp -d). Keeping this one right spares us to open those folders to all.
    """
    keeps = _keep_rights()
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    if not keeps:
        return
    kept = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable, for capabilities 0 to 31, then for the rest.
    sets = (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)
    if ctypes.CDLL(None, use_errno=True).capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE)


def _keep_rights() -> bool:
    """Make the change of user leave us all rights; False where a container forbids it.

    It must be by this bit: with PR_SET_KEEPCAPS access(2), by which PostgreSQL looks at its own
    files, would ignore the right that we keep.
    """
    try:
        _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    except PermissionError:
        return False
    return True


def _main(parent: int, death_signal: int, user: str, command: list[str]) -> None:
    os.setsid()  # our own session: its id finds all descendants, and Ctrl-C goes to the parent
    if user != "-":
        uid, gid = user.split(":")
        _become(int(uid), int(gid))
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, death_signal)  # after the change of user, which clears it
    if os.getppid() != parent:  # it died before we asked to be told
        os.kill(os.getpid(), signal.SIGKILL)
    os.execvpe(command[0], command, os.environ)  # noqa: S606 - there is no shell to start it in


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
