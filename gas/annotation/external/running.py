"""Runs the operator's command inside the annotation process's limits, by way of the guard."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from gas.annotation.external import guard
from gas.annotation.result import EngineError
from gas.annotation.vcf.text import printable

_TOLD_BYTES = 2000
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "HOME", "TMPDIR", "LC_ALL")
_SIGNALS = {number.value for number in signal.Signals}


def run(
    name: str, arguments: list[str], environment: dict[str, str], *, stdout: Path, stderr: Path
) -> None:
    """Run the command to its end, what it prints going to two files.

    When a signal ends it, the same signal ends this process too, whose parent knows how to tell
    limits from crashes. Raises EngineError, with the end of what it said, for any other failure.
    """
    kept = {key: os.environ[key] for key in _KEPT_ENVIRONMENT if key in os.environ}
    with stdout.open("wb") as out, stderr.open("wb") as err:
        guarded = subprocess.Popen(
            [sys.executable, "-I", guard.__file__, *arguments],
            stdin=subprocess.PIPE,  # held open until we end: see the guard
            stdout=out,
            stderr=err,
            env=kept | environment,
            start_new_session=True,
        )
        status = guarded.wait()
    if status - 128 in _SIGNALS:
        sys.stderr.write(tail(stderr))
        _die_by(status - 128)
    if status:
        said = tail(stderr) or tail(stdout) or "it said nothing"
        raise EngineError(f"{name} ended with status {status}: {said}")


def tail(path: Path) -> str:
    """The end of what a command printed, fit to be shown."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TOLD_BYTES))
        return printable(stream.read().decode("utf-8", "surrogateescape")).strip()


def _die_by(number: int) -> None:
    sys.stderr.flush()
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
