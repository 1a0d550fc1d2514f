"""What a strict vault knows of its archives, uploads and jobs, in Glacier's own terms."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from aiohttp import web
from botocore.utils import calculate_tree_hash

MEBIBYTE = 1024**2


class GlacierError(Exception):
    """An answer that is an error, worded as Glacier does."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def answer(self) -> web.Response:
        body = {"code": self.code, "message": self.message, "type": "Client"}
        return web.json_response(body, status=self.status)


def not_found(what: str) -> GlacierError:
    return GlacierError("ResourceNotFoundException", what, 404)


def invalid(what: str) -> GlacierError:
    return GlacierError("InvalidParameterValueException", what)


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


@dataclass(frozen=True)
class Archive:
    """``content_id`` is where moto has the content."""

    archive_id: str
    content_id: str
    description: str
    size: int
    tree_hash: str
    created: str = field(default_factory=now)

    def in_inventory(self) -> dict[str, Any]:
        return {
            "ArchiveId": self.archive_id,
            "ArchiveDescription": self.description,
            "CreationDate": self.created,
            "Size": self.size,
            "SHA256TreeHash": self.tree_hash,
        }


@dataclass
class Upload:
    """An upload in parts, which are kept by where they start."""

    description: str
    part_bytes: int
    parts: dict[int, bytes] = field(default_factory=dict)

    def content(self) -> bytes:
        """Raises GlacierError where a part is missing or, but for the last, of another size."""
        starts = sorted(self.parts)
        if starts != [n * self.part_bytes for n in range(len(starts))]:
            raise invalid("The parts are not contiguous.")
        if any(len(self.parts[start]) != self.part_bytes for start in starts[:-1]):
            raise invalid("A part is not of the part size.")
        return b"".join(self.parts[start] for start in starts)


@dataclass
class Job:
    """A retrieval, of an archive or, where there is none, of a page of the inventory."""

    job_id: str
    moto_id: str
    vault_arn: str
    parameters: dict[str, Any]
    archive: Archive | None
    page: list[Archive] = field(default_factory=list)
    next_marker: str | None = None
    status: str = "InProgress"
    created: str = field(default_factory=now)
    completed: str | None = None

    def described(self) -> dict[str, Any]:
        """As DescribeJob has it, and a notification."""
        archive = self.archive
        tree_hash = archive.tree_hash if archive else None
        return {
            "Action": "ArchiveRetrieval" if archive else "InventoryRetrieval",
            "ArchiveId": archive.archive_id if archive else None,
            "ArchiveSHA256TreeHash": tree_hash,
            "ArchiveSizeInBytes": archive.size if archive else None,
            "Completed": self.status != "InProgress",
            "CompletionDate": self.completed,
            "CreationDate": self.created,
            "InventoryRetrievalParameters": None
            if archive
            else {"Format": "JSON", "Marker": self.next_marker},
            "InventorySizeInBytes": None,
            "JobDescription": self.parameters.get("Description"),
            "JobId": self.job_id,
            "RetrievalByteRange": f"0-{archive.size - 1}" if archive else None,
            "SHA256TreeHash": tree_hash,
            "SNSTopic": self.parameters.get("SNSTopic"),
            "StatusCode": self.status,
            "StatusMessage": None,
            "Tier": self.parameters.get("Tier", "Standard") if archive else None,
            "VaultARN": self.vault_arn,
        }


def tree_hash_of(content: bytes) -> str:
    """By the SDK's own code, not by ours, which it is to judge."""
    return calculate_tree_hash(BytesIO(content))  # type: ignore[arg-type] # the stub is wrong


def is_aligned(start: int, end: int, size: int) -> bool:
    """Whether bytes ``start`` to ``end`` (half open) are a node of the tree of ``size`` bytes.

    Source: Amazon S3 Glacier Developer Guide, "Receiving Checksums When Downloading Data".
    """
    node = MEBIBYTE
    while node < end - start:
        node *= 2
    return start % node == 0 and end in {start + node, size}
