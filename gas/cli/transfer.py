"""Bytes to and from the store, counted as they go."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import httpx

from gas.cli.connections import reason_of
from gas.cli.errors import UnreachableError
from gas.cli.problems import checked_store
from gas.cli.views import FileView

Progress = Callable[[int], None]
"""Told how many bytes have gone over so far."""


class CountingFile(io.BufferedReader):
    """A file that tells how far it was read."""

    def __init__(self, path: Path, progress: Progress | None) -> None:
        super().__init__(io.FileIO(path))
        self._progress = progress

    def read(self, size: int | None = -1, /) -> bytes:
        chunk = super().read(size)
        if self._progress:
            self._progress(self.tell())
        return chunk


def target_path(file: FileView, directory: Path) -> Path:
    """Where a result file goes; a name from the server never leads out of ``directory``."""
    if Path(file.name).name != file.name:
        raise UnreachableError(f"The server gave an impossible file name: {file.name!r}.")
    return directory / file.name


async def save(
    store: httpx.AsyncClient, url: str, file: FileView, target: Path, progress: Progress | None
) -> None:
    """Fetch ``file`` from ``url`` under a temporary name; rename it once size and SHA-256 agree.

    Raises UnreachableError for what is not what the server announced; then nothing is left.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        size, digest = await _receive(store, url, part, progress)
        if (size, digest) != (file.size, file.sha256):
            raise UnreachableError(f"{file.name} arrived damaged: its SHA-256 is {digest}.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


async def _receive(
    store: httpx.AsyncClient, url: str, part: Path, progress: Progress | None
) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    try:
        async with store.stream("GET", url) as response:
            if not response.is_success:
                await response.aread()
            checked_store(response, "download")
            with _new_file(part) as out:
                async for chunk in response.aiter_raw():
                    out.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
                    if progress:
                        progress(size)
    except httpx.TransportError as error:
        raise UnreachableError(f"The download broke off: {reason_of(error)}.") from error
    return size, digest.hexdigest()


def _new_file(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("wb")
