"""Where the files of a recipe, or of a finished bundle, are taken from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import httpx

from gas.annotation.reference.installing.errors import unavailable
from gas.annotation.reference.installing.fetch import OnBytes, fetch, new_client
from gas.annotation.reference.manifest import MANIFEST_NAME
from gas.annotation.reference.recipe import file_name


class Origin(Protocol):
    def source(self, url: str, downloads: Path, on_bytes: OnBytes) -> Path:
        """The file that a recipe names by ``url``; a download is left in ``downloads``."""
        ...

    def part(self, path: str, target: Path, on_bytes: OnBytes) -> Path:
        """A file of a finished bundle; a download becomes ``target``."""
        ...

    def has_bundle(self) -> bool:
        """Whether there is a finished bundle, rather than the files of its recipe."""
        ...


class Publishers:
    """Every file from its own URL."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def source(self, url: str, downloads: Path, on_bytes: OnBytes) -> Path:
        target = downloads / file_name(url)
        fetch(self._client, url, target, on_bytes)
        return target

    def part(self, path: str, target: Path, on_bytes: OnBytes) -> Path:
        del target, on_bytes
        raise unavailable(f"The publishers have no finished bundles, and so no {path}.")

    def has_bundle(self) -> bool:
        return False


class Mirror:
    """All files under one address: a recipe's by their names, a bundle's by their paths."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        self._client, self._base = client, base.rstrip("/")

    def source(self, url: str, downloads: Path, on_bytes: OnBytes) -> Path:
        target = downloads / file_name(url)
        fetch(self._client, f"{self._base}/{file_name(url)}", target, on_bytes)
        return target

    def part(self, path: str, target: Path, on_bytes: OnBytes) -> Path:
        fetch(self._client, f"{self._base}/{path}", target, on_bytes)
        return target

    def has_bundle(self) -> bool:
        try:
            return self._client.head(f"{self._base}/{MANIFEST_NAME}").is_success
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise unavailable(f"{self._base} does not answer: {error}.") from error


class Folder:
    """A folder of this machine; nothing is copied that need not be."""

    def __init__(self, directory: Path) -> None:
        if not directory.is_dir():
            raise unavailable(f"There is no folder {directory}.")
        self._directory = directory

    def source(self, url: str, downloads: Path, on_bytes: OnBytes) -> Path:
        return self.part(file_name(url), downloads, on_bytes)

    def part(self, path: str, target: Path, on_bytes: OnBytes) -> Path:
        del target
        found = self._directory / path
        if not found.is_file():
            raise unavailable(f"{self._directory} has no file {path}.")
        size = found.stat().st_size
        on_bytes(size, size)
        return found

    def has_bundle(self) -> bool:
        return (self._directory / MANIFEST_NAME).is_file()


@contextmanager
def open_origin(place: str | None) -> Iterator[Origin]:
    """A folder or the address of a mirror; None is the publishers themselves."""
    if place is not None and not place.startswith(("http://", "https://")):
        yield Folder(Path(place))
        return
    with new_client() as client:
        yield Publishers(client) if place is None else Mirror(client, place)
