"""What the child process may use (rule R8), and how it binds itself to it."""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

MIB = 1024**2
GIB = 1024**3

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Limits:
    """Upper bounds for the annotation of one input.

    ``memory_bytes`` bounds the address space, ``file_bytes`` each file written,
    ``max_unpacked_bytes`` the input after decompression, ``max_line_bytes`` one line of it,
    ``max_samples`` its samples.
    """

    memory_bytes: int = 2 * GIB
    cpu: timedelta = timedelta(minutes=10)
    wall: timedelta = timedelta(minutes=15)
    file_bytes: int = 4 * GIB
    open_files: int = 512  # every thread opens every table of the bundle
    max_unpacked_bytes: int = 2 * GIB
    max_line_bytes: int = 16 * MIB
    max_samples: int = 100_000

    def to_json(self) -> dict[str, Any]:
        return {
            **vars(self),
            "cpu": self.cpu.total_seconds(),
            "wall": self.wall.total_seconds(),
        }

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Limits":
        spans = {name: timedelta(seconds=fields[name]) for name in ("cpu", "wall")}
        return cls(**{**fields, **spans})


def bind_this_process(limits: Limits, parent_pid: int) -> None:
    """Apply the limits to this process, and make it end when its parent does."""
    cpu_seconds = max(1, round(limits.cpu.total_seconds()))
    # The soft CPU limit sends SIGXCPU, which the parent can tell from a crash.
    _cap(resource.RLIMIT_CPU, cpu_seconds, cpu_seconds + 5)
    _cap(resource.RLIMIT_AS, limits.memory_bytes)
    _cap(resource.RLIMIT_FSIZE, limits.file_bytes)
    _cap(resource.RLIMIT_NOFILE, limits.open_files)
    _cap(resource.RLIMIT_CORE, 0)
    # Python ignores SIGXFSZ; by default it ends the process, which the parent recognises.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent_pid:  # it ended before we asked to be told
            os.kill(os.getpid(), signal.SIGKILL)


def _cap(which: int, soft: int, hard: int | None = None) -> None:
    """Lower a limit, never above what the process was started with."""
    _, ceiling = resource.getrlimit(which)
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))
