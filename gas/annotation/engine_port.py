"""The port of annotation engines: what a service asks of one, whichever it is."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

from gas.annotation.limits import Limits
from gas.annotation.reference.bundle import ReferenceBundle
from gas.annotation.result import AnnotationResult, Progress

OnProgress = Callable[[Progress], Awaitable[None]]


class AnnotationEngine(Protocol):
    """Something that annotates a VCF: the built-in engine, or an operator's own command."""

    async def annotate(
        self,
        source: Path,
        out_dir: Path,
        bundle: ReferenceBundle,
        *,
        limits: Limits,
        on_progress: OnProgress | None = None,
    ) -> AnnotationResult:
        """Annotate the untrusted VCF or BCF ``source`` into ``out_dir``.

        The files of `gas.annotation.result` appear there by rename, the manifest last, and only
        when all went well. Cancelling the task ends every process it started and leaves no
        temporary file.

        Raises PermanentError when the input is at fault or needs more than ``limits`` allow,
        ChildDiedError when a process died by a signal, EngineError when the engine failed.
        """
        ...
