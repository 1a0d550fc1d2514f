"""SHA-256 of what was fetched: as the recipe has it, else as it was the first time.

Most publishers give no SHA-256. What a dated URL gave once it must give again: the first digest
is trusted and recorded, a later one must be the same.
"""

import json
import os
from pathlib import Path

from gas.annotation.reference.manifest import Fetched
from gas.annotation.reference.recipe import Download, file_name
from gas.annotation.reference.verification import sha256_of
from gas.domain.errors import ErrorCode, PermanentError

RECORD = "digests.json"


class Digests:
    """The record in ``root``, by URL; only the holder of an install's lock writes it."""

    def __init__(self, root: Path) -> None:
        self._path = root / RECORD

    def check(self, part: Download, url: str, path: Path) -> Fetched:
        """What the file is. Raises PermanentError REFERENCE_DAMAGED where it is another."""
        fetched = Fetched(url=url, size=path.stat().st_size, sha256=sha256_of(path))
        pinned = part.sha256.get(file_name(url))
        recorded = self._read().get(url) if part.dated else None
        expected = pinned or recorded
        if expected is not None and expected != fetched.sha256:
            whose = "the recipe's" if pinned else f"the one recorded in {self._path}"
            raise PermanentError(
                ErrorCode.REFERENCE_DAMAGED,
                f"{file_name(url)} has the SHA-256 {fetched.sha256}, not {whose}, {expected}.",
            )
        return fetched

    def record(self, fetched: list[Fetched]) -> None:
        """Remember what a bundle was made of, once it is installed."""
        known = self._read() | {file.url: file.sha256 for file in fetched}
        part = self._path.with_name(f".{RECORD}.{os.getpid()}")
        part.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        part.replace(self._path)

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        try:
            known: dict[str, str] = json.loads(self._path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise PermanentError(
                ErrorCode.REFERENCE_DAMAGED, f"{self._path} cannot be read: {error}."
            ) from error
        return known
