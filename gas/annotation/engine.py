"""The parent's side: starts the child process, hears its progress, publishes what ended well.

Nothing here opens the input as a VCF. The child has limits, a process group of its own, and none
of our environment (rule R8); it ends when the task is cancelled, and when this process ends.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from gas.annotation.engine_port import OnProgress
from gas.annotation.limits import MIB, Limits
from gas.annotation.options import DEFAULT_OPTIONS, Options
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import (
    AnnotationResult,
    ChildDiedError,
    EngineError,
    Progress,
)
from gas.annotation.results.publish import TABLES, publish
from gas.domain.errors import ErrorCode, PermanentError

# -P: the working directory, where untrusted names live, is no place to import from.
CHILD_COMMAND = (sys.executable, "-P", "-m", "gas.annotation.child")
_KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")
# Large buffers go back to the system when they are done with; glibc would keep ever larger ones.
_FRUGAL = {"MALLOC_MMAP_THRESHOLD_": "8388608", "MALLOC_TRIM_THRESHOLD_": "8388608"}
_LONGEST_EVENT_BYTES = 1024**2
_TOLD_OF_STDERR_BYTES = 2000
_OUT_OF_MEMORY = ("out of memory", "cannot allocate memory", "memoryerror", "std::bad_alloc")


async def annotate(
    source: Path,
    out_dir: Path,
    bundle: ReferenceBundle,
    *,
    limits: Limits,
    options: Options = DEFAULT_OPTIONS,
    on_progress: OnProgress | None = None,
) -> AnnotationResult:
    """Annotate the VCF or BCF ``source`` (plain, gzip or bgzip) into ``out_dir``.

    Publishes the files of `gas.annotation.result` there, by rename, the manifest last, and only
    when everything ended well. Cancelling the task ends the child's whole process group and
    leaves no temporary file.

    Raises PermanentError when the input is at fault or needs more than ``limits`` allow,
    ChildDiedError when the child died by a signal, EngineError when the engine itself failed.
    """
    scratch = scratch_in(out_dir)
    try:
        gas_version = version("gas")
        request = _request(source, bundle, options, gas_version)
        outcome = await run_child("annotate", request, scratch, limits, on_progress)
        result = await to_the_end(
            asyncio.to_thread(
                publish,
                scratch,
                out_dir,
                source,
                bundle,
                gas_version,
                outcome["versions"],
                TABLES if options.tables else (),
            )
        )
        return replace(result, timings=outcome["timings"])
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class BuiltInEngine:
    """GAS's own engine, with ``options``, as an `AnnotationEngine`."""

    def __init__(self, options: Options = DEFAULT_OPTIONS) -> None:
        self._options = options

    async def annotate(
        self,
        source: Path,
        out_dir: Path,
        bundle: ReferenceBundle,
        *,
        limits: Limits,
        on_progress: OnProgress | None = None,
    ) -> AnnotationResult:
        return await annotate(
            source, out_dir, bundle, limits=limits, options=self._options, on_progress=on_progress
        )


def scratch_in(out_dir: Path) -> Path:
    """A temporary folder beside the results, so that a file is published by a rename."""
    out_dir.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=".annotating-", dir=out_dir))


def _request(
    source: Path, bundle: ReferenceBundle, options: Options, gas_version: str
) -> dict[str, Any]:
    return {
        "source": str(source.resolve()),
        "bundle": str(bundle.directory.resolve()),
        "options": options.to_json(),
        "gas_version": gas_version,
    }


async def to_the_end(work: Coroutine[Any, Any, AnnotationResult]) -> AnnotationResult:
    """Run ``work`` without letting a cancellation leave it half done behind our back."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def run_child(
    task: str,
    request: dict[str, Any],
    scratch: Path,
    limits: Limits,
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Have the child do ``task`` (one of `gas.annotation.child`) in ``scratch``/work.

    Gives its ``done`` event. Cancelling ends the child's whole process group. Raises as
    `annotate` does.
    """
    request = request | {"task": task, "limits": limits.to_json(), "parent_pid": os.getpid()}
    work, stderr_path = scratch / "work", scratch / "stderr.txt"
    work.mkdir()
    with stderr_path.open("wb") as stderr:
        child = await asyncio.create_subprocess_exec(
            *CHILD_COMMAND,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            cwd=work,
            env=_environment(work),
            start_new_session=True,
            limit=_LONGEST_EVENT_BYTES,
        )
    last: dict[str, Any] = {}
    deadline = asyncio.timeout(limits.wall.total_seconds())
    try:
        async with deadline:
            await _ask(child, request)
            last = await _listen(child, on_progress)
            await child.wait()
    except TimeoutError as error:
        if not deadline.expired():
            raise
        minutes = limits.wall.total_seconds() / 60
        raise _over_limit(
            f"The work on the input took longer than {minutes:.1f} minutes."
        ) from error
    finally:
        await _end(child)
    return _judge(child.returncode, last, limits, _tail(stderr_path))


async def _ask(child: asyncio.subprocess.Process, request: dict[str, Any]) -> None:
    pipe = cast("asyncio.StreamWriter", child.stdin)
    with suppress(BrokenPipeError, ConnectionResetError):  # how the child ended tells the reason
        pipe.write(json.dumps(request).encode())
        await pipe.drain()
    pipe.close()


async def _listen(
    child: asyncio.subprocess.Process, on_progress: OnProgress | None
) -> dict[str, Any]:
    """Pass progress on until the child closes its output; its last other event."""
    last: dict[str, Any] = {}
    async for line in cast("asyncio.StreamReader", child.stdout):
        try:
            event = json.loads(line)
        except ValueError:
            break  # cut off by the child's end
        if event["event"] != "progress":
            last = event
        elif on_progress:
            await on_progress(Progress(event["stage"], event["fraction"], event["records"]))
    return last


def _judge(status: int | None, last: dict[str, Any], limits: Limits, stderr: str) -> dict[str, Any]:
    if status is not None and status < 0:
        raise _death(-status, limits, stderr)
    match last.get("event"):
        case "done" if status == 0:
            return last
        case "failed" if status == 0:
            raise PermanentError(ErrorCode(last["code"]), last["message"])
    said = f"{last.get('message', '')}\n{stderr}".strip()
    if any(sign in said.lower() for sign in _OUT_OF_MEMORY):
        raise _out_of_memory(limits)
    raise EngineError(f"The annotation process ended with status {status}: {said}")


def _death(signal_number: int, limits: Limits, stderr: str) -> Exception:
    """A death that a limit explains is the input's fault; any other is for the caller to count."""
    if signal_number == signal.SIGXCPU:
        seconds = limits.cpu.total_seconds()
        return _over_limit(f"The input needs more than {seconds:.0f} seconds of computing.")
    if signal_number == signal.SIGXFSZ:
        size = limits.file_bytes / MIB
        return _over_limit(f"A file made from the input grew beyond {size:.0f} MiB.")
    if any(sign in stderr.lower() for sign in _OUT_OF_MEMORY):
        return _out_of_memory(limits)
    return ChildDiedError(signal_number)


def _out_of_memory(limits: Limits) -> PermanentError:
    return _over_limit(f"The input needs more than {limits.memory_bytes / MIB:.0f} MiB of memory.")


def _over_limit(message: str) -> PermanentError:
    return PermanentError(ErrorCode.LIMIT_EXCEEDED, message)


async def _end(child: asyncio.subprocess.Process) -> None:
    """Kill what is left of the child's process group, and wait until it is gone.

    Shielded: a second cancellation must not leave the child behind.
    """
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    await asyncio.shield(child.wait())


def _environment(work: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return kept | {"HOME": str(work), "TMPDIR": str(work), "LC_ALL": "C.UTF-8"} | _FRUGAL


def _tail(path: Path) -> str:
    return path.read_bytes()[-_TOLD_OF_STDERR_BYTES:].decode("utf-8", "replace")
