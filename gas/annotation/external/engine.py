"""The parent's side of an external command; it has the same sandbox as the built-in engine."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gas.annotation.engine import run_child, scratch_in, to_the_end
from gas.annotation.engine_port import OnProgress
from gas.annotation.external.command import ExternalCommand
from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import AnnotationResult
from gas.annotation.results.publish import publish

_REMOVAL_ATTEMPTS, _BETWEEN_ATTEMPTS_SECONDS = 100, 0.02


class ExternalEngine:
    """An `AnnotationEngine` that has an operator's command do the work.

    The command's own limits take the place of those in ``limits``, which still bound the input.
    """

    def __init__(self, command: ExternalCommand) -> None:
        self._command = command

    async def annotate(
        self,
        source: Path,
        out_dir: Path,
        bundle: ReferenceBundle,
        *,
        limits: Limits,
        on_progress: OnProgress | None = None,
    ) -> AnnotationResult:
        scratch = scratch_in(out_dir)
        request = _request(source, bundle, self._command)
        try:
            said = await run_child("external", request, scratch, self._limits(limits), on_progress)
            return await to_the_end(
                asyncio.to_thread(
                    publish,
                    scratch,
                    out_dir,
                    source,
                    bundle,
                    version("gas"),
                    _outcome(self._command, said["version"], bundle),
                )
            )
        finally:
            await asyncio.shield(asyncio.create_task(_remove(scratch)))

    def _limits(self, limits: Limits) -> Limits:
        span = timedelta(seconds=self._command.seconds)
        return replace(
            limits,
            memory_bytes=self._command.memory_bytes,
            cpu=span,
            wall=span,
            file_bytes=self._command.file_bytes,
            open_files=self._command.open_files,
        )


def _request(source: Path, bundle: ReferenceBundle, command: ExternalCommand) -> dict[str, Any]:
    return {
        "source": str(source.resolve()),
        "bundle": str(bundle.directory.resolve()),
        "gas_version": version("gas"),
        "command": command.model_dump(mode="json"),
    }


def _outcome(
    command: ExternalCommand, command_version: str, bundle: ReferenceBundle
) -> dict[str, Any]:
    """What the manifest says of the engine."""
    return {
        "name": command.name,
        "version": command_version,
        "command": list(command.arguments),
        "genome": command.genome(bundle),
    }


async def _remove(scratch: Path) -> None:
    """The command may write a moment longer than the child lives, until its guard has ended it."""
    for _ in range(_REMOVAL_ATTEMPTS):
        try:
            shutil.rmtree(scratch)
        except OSError:
            await asyncio.sleep(_BETWEEN_ATTEMPTS_SECONDS)
        else:
            return
    shutil.rmtree(scratch)  # says why it cannot
