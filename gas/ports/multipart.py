"""Uploads in parts by a browser, which may break off and go on later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from gas.ports.objects import ObjectInfo


@dataclass(frozen=True)
class Part:
    """One part that the store has: ``number`` from 1, ``size`` in bytes."""

    number: int
    size: int
    etag: str


class MultipartUploads(Protocol):
    """The unfinished uploads of a bucket.

    The store itself knows them by their keys, so nobody else has to remember their ids.

    Errors: FileNotFoundError for an upload that was completed or aborted, TransientError when
    the store cannot answer.
    """

    async def find(self, key: str) -> str | None:
        """The id of the key's unfinished upload; of several, always the same one: the oldest."""
        ...

    async def begin(self, key: str) -> str:
        """Begin another upload of this key; gives its id."""
        ...

    async def part_url(
        self, key: str, upload_id: str, number: int, *, size: int, expires: timedelta
    ) -> str:
        """A presigned PUT of this one part, which must have ``size`` bytes."""
        ...

    async def parts(self, key: str, upload_id: str) -> Sequence[Part]:
        """The parts that are there, in order."""
        ...

    async def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> ObjectInfo:
        """Make the object of these parts; others are thrown away."""
        ...

    async def abort_all(self, key: str) -> None:
        """Throw away every unfinished upload of this key, with its parts; none is no error."""
        ...
