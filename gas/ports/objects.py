"""Where files are kept: one store per bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from gas.ports.jobs import Page


@dataclass(frozen=True)
class ObjectInfo:
    """One version of an object: ``size`` in bytes."""

    key: str
    size: int
    etag: str
    version_id: str | None


@dataclass(frozen=True)
class UploadForm:
    """How a browser uploads: a multipart POST of ``fields``, then the file as ``file``."""

    url: str
    fields: Mapping[str, str]
    max_bytes: int


class ObjectStore(Protocol):
    """A bucket, seen with our intentions.

    Errors: FileNotFoundError where an object must be there and is not; TransientError when the
    store cannot answer.
    """

    async def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None: ...

    async def download(self, key: str, target: Path, version_id: str | None = None) -> None:
        """Into a file. Never leaves part of one under the name of ``target``."""
        ...

    async def read(self, key: str, version_id: str | None = None, *, start: int, end: int) -> bytes:
        """Bytes ``start`` to ``end`` (half open, not empty, within the object), in memory."""
        ...

    async def upload(self, source: Path, key: str, *, content_type: str) -> ObjectInfo:
        """From a file; large ones in parts. The store checks the content on the way."""
        ...

    async def sha256(self, key: str) -> tuple[int, str]:
        """Read the object through: its size in bytes and its SHA-256 in hex."""
        ...

    async def copy(self, source_key: str, version_id: str | None, target_key: str) -> ObjectInfo:
        """Copy one version within the store, whose content never comes through us.

        Raises FileNotFoundError.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete all versions of this one key; one that is gone is no error."""
        ...

    async def list_page(self, prefix: str, *, cursor: str | None = None) -> Page[str]:
        """Keys under a prefix, of which any version is there, without duplicates in a page."""
        ...

    async def upload_form(
        self, key: str, *, max_bytes: int, expires: timedelta, redirect: str | None = None
    ) -> UploadForm:
        """A presigned POST that the store itself holds to this very key and size.

        The browser is sent to ``redirect`` afterwards, where there is one.
        """
        ...

    async def download_url(
        self, key: str, version_id: str | None = None, *, file_name: str, expires: timedelta
    ) -> str:
        """A presigned GET that saves under ``file_name``."""
        ...
