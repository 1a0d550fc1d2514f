"""Where results rest that nobody pays to keep at hand."""

from enum import StrEnum
from typing import Protocol


class RetrievalTier(StrEnum):
    """How fast a retrieval is; the words are those of S3 Glacier."""

    EXPEDITED = "Expedited"
    STANDARD = "Standard"


class RetrievalStatus(StrEnum):
    """What became of a retrieval."""

    NOT_REQUESTED = "not requested"
    IN_PROGRESS = "in progress"
    READY = "ready"


class ResultArchive(Protocol):
    """Archive first, verify, and only the caller deletes, after its record says so.

    Errors: FileNotFoundError where a source is gone; PermanentError RESULT_CORRUPT where a
    verification fails; TransientError when the archive cannot answer.
    """

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        """Archive an object of the results bucket and verify the copy; gives its archive id.

        ``target_key`` names the copy where the archive has names (rule R3). Doing it again with
        the same one is harmless.
        """
        ...

    async def begin_retrieval(self, archive_id: str) -> RetrievalTier:
        """Ask for it back: Expedited, or Standard where Expedited is refused for want of capacity.

        One that is in progress already, or ready, counts as success.
        """
        ...

    async def retrieval_status(self, archive_id: str) -> RetrievalStatus:
        """An archive that is gone may be NOT_REQUESTED: not every kind knows without being asked.

        A retrieval that failed, or whose time to be read is over, is NOT_REQUESTED too.
        """
        ...

    async def bring_back(self, archive_id: str, target_key: str) -> None:
        """Copy a retrieved object into the results bucket, to stay; TransientError if not READY."""
        ...

    async def delete(self, archive_id: str) -> None:
        """Delete one archive; one that is gone is no error.

        By its id, or by the ``target_key`` of a ``store`` of which nobody heard the end.
        """
        ...
