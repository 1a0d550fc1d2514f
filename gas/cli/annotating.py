"""``gas annotate``: the engine alone, without a server."""

import json
import sys
from pathlib import Path

from rich.console import Console

from gas.annotation import (
    ChildDiedError,
    EngineError,
    LocalResult,
    Options,
    Progress,
    ReferenceBundle,
    annotate_file,
    bundle_names,
    load_bundle,
)
from gas.cli.display import Display, display_on
from gas.cli.errors import OK, JobFailedError, UsageError
from gas.cli.summary import summary_lines
from gas.domain.errors import PermanentError


async def annotate_here(
    source: Path,
    target: Path,
    genome: str | None,
    options: Options,
    *,
    force: bool,
    timings: bool,
) -> int:
    """Annotate ``source`` into ``target``, show the progress and print the summary."""
    _check(source, target, force=force)
    bundle = _bundle(genome)
    console = Console(soft_wrap=True, highlight=False, markup=False, emoji=False)
    with display_on(console) as display:
        result = await _annotate(source, target, bundle, options, display)
    for line in summary_lines(result.summary):
        console.print(line)
    console.print(f"written: {', '.join(map(str, result.written))}")
    if timings:
        sys.stderr.write(json.dumps(result.timings) + "\n")
    return OK


async def _annotate(
    source: Path, target: Path, bundle: ReferenceBundle, options: Options, display: Display
) -> LocalResult:
    async def on_progress(progress: Progress) -> None:
        display.show(
            source.name, progress.stage, progress.fraction, f"{progress.records:,} records"
        )

    try:
        return await annotate_file(source, target, bundle, options=options, on_progress=on_progress)
    except PermanentError as error:
        raise JobFailedError(error.message, error.code) from error
    except (ChildDiedError, EngineError) as error:
        raise JobFailedError(str(error)) from error
    except ValueError as error:
        raise UsageError(str(error)) from error


def _check(source: Path, target: Path, *, force: bool) -> None:
    if not source.is_file():
        raise UsageError(f"There is no file {source}.")
    if target.exists() and not force:
        raise UsageError(f"{target} exists already; --force overwrites it.")


def _bundle(genome: str | None) -> ReferenceBundle:
    """The one asked for, or the only one there is."""
    installed = bundle_names()
    if genome is None and len(installed) != 1:
        raise UsageError(f"Which genome? Choose with --genome: {', '.join(installed)}.")
    try:
        return load_bundle(genome or installed[0])
    except PermanentError as error:
        raise UsageError(error.message, error.code) from error
