"""Runs a command and measures it: time by its process and all its children, memory by sampling."""

import os
import statistics
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_SECONDS = 0.02
_PSS_EVERY = 5
"""PSS is read every so many samples only: the kernel has to walk the page tables for it."""


@dataclass(frozen=True)
class Usage:
    """``wall`` and ``cpu`` (user and system, children included) in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Memory:
    """Highest sums over all processes of the tree, in bytes; ``pss`` shares out what is shared."""

    rss: int
    pss: int


class CommandFailedError(Exception):
    """A measured command did not end well; the message is what it said."""


def timed(command: list[str], environment: dict[str, str] | None = None) -> tuple[Usage, str]:
    """Run the command, unwatched; also returns what it said on standard error."""
    began = time.perf_counter()
    with _started(command, environment) as process:
        said = _said(process)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    _must_have_succeeded(process, said)
    return Usage(wall, usage.ru_utime + usage.ru_stime), said


def watched(command: list[str], environment: dict[str, str] | None = None) -> Memory:
    """Run the command and sample the memory of its process tree; this costs it some time."""
    with _started(command, environment) as process:
        watch = _Watch(process.pid)
        watch.start()
        said = _said(process)
        process.wait()
        watch.stop()
    _must_have_succeeded(process, said)
    return Memory(watch.rss, watch.pss)


def medians(usages: list[Usage]) -> Usage:
    return Usage(
        statistics.median(usage.wall for usage in usages),
        statistics.median(usage.cpu for usage in usages),
    )


def _started(command: list[str], environment: dict[str, str] | None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def _said(process: "subprocess.Popen[str]") -> str:
    return process.stderr.read() if process.stderr else ""


def _must_have_succeeded(process: "subprocess.Popen[str]", said: str) -> None:
    if process.returncode:
        raise CommandFailedError(
            f"{process.args!r} ended with status {process.returncode}: {said[-2000:]}"
        )


class _Watch(threading.Thread):
    """Samples until stopped. A process is found by its parent, so none may be orphaned."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stop_asked = threading.Event()
        self.rss = self.pss = 0

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def run(self) -> None:
        samples = 0
        while not self._stop_asked.wait(SAMPLE_SECONDS):
            tree = _tree(self._pid)
            self.rss = max(self.rss, sum(map(_rss_of, tree)))
            if samples % _PSS_EVERY == 0:
                self.pss = max(self.pss, sum(map(_pss_of, tree)))
            samples += 1


def _tree(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdecimal():
            with suppress(OSError):
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(path.name))
    found, frontier = [root], [root]
    while frontier:
        frontier = [child for pid in frontier for child in children.get(pid, ())]
        found += frontier
    return found


def _rss_of(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    return 0


def _pss_of(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
