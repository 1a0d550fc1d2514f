"""Result files on local disk: fetched once, checked, let go when others need the room."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog

from gas.domain.errors import ErrorCode
from gas.domain.job import ResultFile
from gas.ports import ObjectStore
from gas.runtime.records import Clock
from services.api.jobs.readable import lost_file
from services.api.problems import refusal, unavailable

log = structlog.get_logger()

_PATIENCE = timedelta(seconds=20)


@dataclass
class _Entry:
    """A file on disk, or on its way there; ``users`` hold on to it."""

    path: Path
    size: int
    arrival: "asyncio.Task[None]"
    users: int = 0
    used_at: float = field(default=0.0)


class FileCache:
    """Files by the key of their object, which never changes (rule R3).

    Whoever asks has found the file in the record of a job that is theirs: the cache itself asks
    nobody who they are.
    """

    def __init__(self, folder: Path, store: ObjectStore, max_bytes: int, clock: Clock) -> None:
        self._folder = folder
        self._store = store
        self._max_bytes = max_bytes
        self._clock = clock
        self._entries: dict[str, _Entry] = {}

    @contextlib.asynccontextmanager
    async def open(self, file: ResultFile, key: str) -> AsyncIterator[Path]:
        """The file's path, good until the end of the block.

        Raises a Problem: file_lost, result_corrupt, limit_exceeded where it is larger than the
        whole cache, 503 while it is not there yet or others' files leave no room.
        """
        entry = self._entries.get(key) or self._begin(file, key)
        entry.users += 1
        try:
            await self._arrived(entry)
            entry.used_at = self._clock().timestamp()
            yield entry.path
        finally:
            entry.users -= 1

    def forget_unused(self, since: timedelta) -> None:
        """What nobody has looked at for so long goes: also what is archived or erased meanwhile."""
        limit = (self._clock() - since).timestamp()
        for key, entry in list(self._entries.items()):
            if not entry.users and entry.arrival.done() and entry.used_at < limit:
                self._remove(key)

    async def close(self) -> None:
        arrivals = [entry.arrival for entry in self._entries.values()]
        for arrival in arrivals:
            arrival.cancel()
        await asyncio.gather(*arrivals, return_exceptions=True)

    def _begin(self, file: ResultFile, key: str) -> _Entry:
        self._make_room(file.size)
        path = self._folder / hashlib.sha256(key.encode()).hexdigest()
        arrival = asyncio.create_task(self._fetch(file, key, path))
        arrival.add_done_callback(_heard)  # also when nobody waits for it any more
        entry = _Entry(path, file.size, arrival, used_at=self._clock().timestamp())
        self._entries[key] = entry
        return entry

    async def _arrived(self, entry: _Entry) -> None:
        """One fetch serves all who wait for it; it goes on when one of them leaves."""
        done, _ = await asyncio.wait({entry.arrival}, timeout=_PATIENCE.total_seconds())
        if not done:
            raise unavailable("The variants are still being fetched. Please try again in a moment.")
        entry.arrival.result()

    async def _fetch(self, file: ResultFile, key: str, path: Path) -> None:
        try:
            try:
                await self._store.download(key, path)
            except FileNotFoundError as error:
                raise lost_file() from error
            await asyncio.to_thread(_check, path, file)
        except BaseException:
            self._remove(key)  # so that the next one who asks tries again
            raise

    def _make_room(self, size: int) -> None:
        if size > self._max_bytes:
            sentence = "This result is too large to be looked through here. Please download it."
            raise refusal(ErrorCode.LIMIT_EXCEEDED, sentence)
        free = self._max_bytes - sum(entry.size for entry in self._entries.values())
        by_age = sorted(self._entries.items(), key=lambda item: item[1].used_at)
        for key, entry in by_age:
            if free >= size:
                return
            if not entry.users and entry.arrival.done():
                self._remove(key)
                free += entry.size
        if free < size:
            raise unavailable("Many results are being looked through. Please try again soon.")

    def _remove(self, key: str) -> None:
        entry = self._entries.pop(key)
        entry.path.unlink(missing_ok=True)


def _heard(arrival: "asyncio.Task[None]") -> None:
    if not arrival.cancelled() and (error := arrival.exception()):
        log.info("a result file did not arrive", reason=str(error))


def _check(path: Path, file: ResultFile) -> None:
    """That the file is what the record says. Raises a Problem (result_corrupt)."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if (path.stat().st_size, digest) != (file.size, file.sha256):
        log.error("a result file is not what the record says", name=file.name, sha256=digest)
        raise refusal(ErrorCode.RESULT_CORRUPT, "This file is damaged.")
