"""The child process that alone parses untrusted input: ``python -m gas.annotation.child``.

It reads one request (JSON) from standard input, works in its working directory, and writes one
JSON object a line to standard output: ``progress`` events, then either ``done`` or ``failed``
(the input's fault, exit status 0: the verdict is a result) or ``broken`` (ours, exit status 1).
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gas.annotation.limits import MIB, Limits, bind_this_process
from gas.annotation.result import EngineError
from gas.annotation.vcf.text import printable
from gas.domain.errors import ErrorCode, PermanentError

_REPORT_INTERVAL_SECONDS = 0.2


class _Events:
    """Standard output, kept for events alone: whatever a C library prints there goes to stderr."""

    def __init__(self) -> None:
        self._stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._last = 0.0
        self._stage = ""

    def send(self, event: str, **fields: Any) -> None:
        self._stream.write(json.dumps({"event": event, **fields}) + "\n")
        self._stream.flush()

    def progress(self, progress: Any) -> None:
        """Pass on at most a few a second, but every new stage and the end."""
        now = time.monotonic()
        due = now - self._last >= _REPORT_INTERVAL_SECONDS
        if due or progress.stage != self._stage or progress.fraction >= 1:
            self._last, self._stage = now, progress.stage
            self.send("progress", **{**vars(progress), "fraction": round(progress.fraction, 3)})


def main() -> int:
    request = json.load(sys.stdin)
    limits = Limits.from_json(request["limits"])
    bind_this_process(limits, request["parent_pid"])
    events = _Events()
    try:
        events.send("done", **_TASKS[request["task"]](request, limits, events))
    except PermanentError as error:
        events.send("failed", code=error.code, message=printable(error.message))
    except MemoryError:
        events.send(
            "failed",
            code=ErrorCode.LIMIT_EXCEEDED,
            message=f"The input needs more than {limits.memory_bytes / MIB:.0f} MiB of memory.",
        )
    except EngineError as error:
        events.send("broken", message=str(error))
        return 1
    except Exception:  # noqa: BLE001 - the parent raises it again, with this traceback
        events.send("broken", message=traceback.format_exc())
        return 1
    return 0


def _annotate(request: dict[str, Any], limits: Limits, events: _Events) -> dict[str, Any]:
    # Only now: the C libraries must load under the limits too.
    began = time.perf_counter()
    from gas.annotation.options import Options  # noqa: PLC0415 - see above
    from gas.annotation.pipeline import Task, run_pipeline  # noqa: PLC0415
    from gas.annotation.reference.bundle import read_bundle  # noqa: PLC0415

    task = Task(
        Path(request["source"]),
        read_bundle(Path(request["bundle"])),
        Options.from_json(request["options"]),
        limits,
        request["gas_version"],
    )
    loaded = time.perf_counter() - began
    timings = run_pipeline(task, events.progress)
    return {
        "versions": task.versions,
        "timings": {"load code": {"wall": loaded}} | timings.to_json(),
    }


def _preflight(request: dict[str, Any], limits: Limits, _events: _Events) -> dict[str, Any]:
    from gas.annotation.preflight.inspection import inspect  # noqa: PLC0415 - as above

    report = inspect(
        Path(request["source"]),
        [Path(bundle) for bundle in request["bundles"]],
        request["genome"],
        limits,
        request["seconds"],
    )
    return {"report": report.model_dump(mode="json")}


def _external(request: dict[str, Any], limits: Limits, events: _Events) -> dict[str, Any]:
    from gas.annotation.external.command import ExternalCommand  # noqa: PLC0415 - as above
    from gas.annotation.external.task import run_external  # noqa: PLC0415
    from gas.annotation.reference.bundle import read_bundle  # noqa: PLC0415

    version = run_external(
        Path(request["source"]),
        read_bundle(Path(request["bundle"])),
        ExternalCommand.model_validate(request["command"]),
        limits,
        request["gas_version"],
        events.progress,
    )
    return {"version": version}


_TASKS: dict[str, Callable[[dict[str, Any], Limits, _Events], dict[str, Any]]] = {
    "annotate": _annotate,
    "external": _external,
    "preflight": _preflight,
}


if __name__ == "__main__":
    sys.exit(main())
