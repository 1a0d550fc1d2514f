"""The docker command line, called and not linked against: it is what every machine has."""

import asyncio
import textwrap
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Mapping
from pathlib import Path

from gas.compose.errors import ComposeError

_LINES_TOLD = 15


async def docker(
    *arguments: str,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    with_errors: bool = False,
) -> str:
    """Run ``docker`` with these arguments; gives what it wrote.

    ``environment`` replaces ours. ``with_errors`` adds what it wrote to its standard error.
    Raises ComposeError with the end of that when it fails.
    """
    process = await _start(arguments, directory, environment, with_errors=with_errors)
    try:
        written, errors = await process.communicate()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if process.returncode != 0:
        command = " ".join(("docker", *arguments))
        told = (errors or written).decode(errors="replace").rstrip().splitlines()[-_LINES_TOLD:]
        raise ComposeError(f"`{command}` failed:\n" + indented("\n".join(told)))
    return written.decode(errors="replace")


async def check_engine() -> None:
    """Raises ComposeError where docker, its Compose plugin or an engine is missing."""
    try:
        await docker("version", "--format", "{{.Server.Version}}")
    except ComposeError as error:
        raise ComposeError(f"no Docker engine answers: start it, or look here.\n{error}") from error
    try:
        await docker("compose", "version", "--short")
    except ComposeError as error:
        raise ComposeError(f"docker has no Compose plugin (docker compose).\n{error}") from error


def indented(text: str) -> str:
    return textwrap.indent(text.rstrip(), "    ")


async def _start(
    arguments: tuple[str, ...],
    directory: Path | None,
    environment: Mapping[str, str] | None,
    *,
    with_errors: bool,
) -> Process:
    """In a session of its own: a Ctrl-C is ours to act on, not half ours and half docker's."""
    try:
        return await asyncio.create_subprocess_exec(
            *("docker", *arguments),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT if with_errors else PIPE,
            cwd=directory,
            env=environment,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise ComposeError("docker is not installed, or not on the PATH") from error
