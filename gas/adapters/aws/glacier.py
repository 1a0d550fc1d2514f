"""The archive in S3's Glacier storage class.

A result is copied under a name of its own (docs/decisions/0004-archive-names.md), in the same
bucket; its archive id is that key.
"""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.copying import PreconditionError, copy
from gas.adapters.aws.errors import code_of, translated
from gas.adapters.aws.heads import head
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.parts import PART_BYTES
from gas.adapters.aws.versions import delete_all_versions
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.ports import RetrievalStatus, RetrievalTier

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import HeadObjectOutputTypeDef

_ARCHIVE_CLASS = "GLACIER"
_READABLE_FOR = timedelta(days=1)

# Under way already, or nothing to bring back: AWS says InvalidObjectState of a storage class that
# can be read at once, whatever its documentation says.
_NOTHING_TO_ASK = frozenset(
    {"RestoreAlreadyInProgress", "ObjectAlreadyInActiveTierError", "InvalidObjectState"}
)
_RESTORE_HEADER = re.compile(r'ongoing-request="(true|false)"(?:, expiry-date="([^"]+)")?')


class S3GlacierArchive:
    """A ResultArchive."""

    def __init__(self, client: "S3Client", bucket: str, *, part_bytes: int = PART_BYTES) -> None:
        self._client = client
        self._bucket = bucket
        self._part_bytes = part_bytes
        self._objects = S3ObjectStore(client, client, bucket)

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        archived = await self._find(target_key)
        if archived is None:
            await self._copy(await self._head(source_key), source_key, target_key, _ARCHIVE_CLASS)
            archived = await self._head(target_key)
        if archived.get("StorageClass") != _ARCHIVE_CLASS or archived["ContentLength"] != size:
            raise _corrupt(f"The archived copy of {source_key} is not what it should be.")
        await self._verify(archived, source_key, sha256)
        return target_key

    async def begin_retrieval(self, archive_id: str) -> RetrievalTier:
        try:
            return await self._restore(archive_id, RetrievalTier.EXPEDITED)
        except _ExpeditedRefusedError:
            return await self._restore(archive_id, RetrievalTier.STANDARD)

    async def retrieval_status(self, archive_id: str) -> RetrievalStatus:
        return status_of(await self._head(archive_id), datetime.now(UTC))

    async def bring_back(self, archive_id: str, target_key: str) -> None:
        """The status is ours to look at: not every S3 refuses to copy what it cannot read."""
        archived = await self._head(archive_id)
        status = status_of(archived, datetime.now(UTC))
        if status is not RetrievalStatus.READY:
            raise TransientError(ErrorCode.FILE_ARCHIVED, f"{archive_id}: retrieval {status}.")
        await self._copy(archived, archive_id, target_key, "STANDARD")

    async def delete(self, archive_id: str) -> None:
        with translated():
            await delete_all_versions(self._client, self._bucket, archive_id)

    async def _copy(
        self,
        source: "HeadObjectOutputTypeDef",
        source_key: str,
        target_key: str,
        storage_class: str,
    ) -> None:
        try:
            with translated():
                await copy(
                    self._client,
                    self._bucket,
                    source,
                    source_key,
                    target_key,
                    storage_class,
                    part_bytes=self._part_bytes,
                )
        except PreconditionError as error:
            raise _corrupt(f"{source_key} changed while it was copied.") from error

    async def _verify(
        self, archived: "HeadObjectOutputTypeDef", source_key: str, sha256: str
    ) -> None:
        """By S3's own SHA-256 of the copy; where it has none, by the source's content and ETag."""
        checksum = archived.get("ChecksumSHA256")
        if checksum and archived.get("ChecksumType") != "COMPOSITE" and "-" not in checksum:
            verified = checksum == b64encode(bytes.fromhex(sha256)).decode()
        else:
            source = await self._head(source_key)
            _, read_through = await self._objects.sha256(source_key)
            verified = read_through == sha256 and source["ETag"] == archived["ETag"]
        if not verified:
            raise _corrupt(f"{source_key} and its archived copy are not the same.")

    async def _restore(self, key: str, tier: RetrievalTier) -> RetrievalTier:
        """Raises _ExpeditedRefusedError."""
        with translated():
            try:
                await self._client.restore_object(
                    Bucket=self._bucket,
                    Key=key,
                    RestoreRequest={
                        "Days": _READABLE_FOR.days,
                        "GlacierJobParameters": {"Tier": tier.value},
                    },
                )
            except ClientError as error:
                code = code_of(error)
                if code == "GlacierExpeditedRetrievalNotAvailable":
                    raise _ExpeditedRefusedError from error
                if code not in _NOTHING_TO_ASK:
                    raise
        return tier

    async def _find(self, key: str) -> "HeadObjectOutputTypeDef | None":
        try:
            return await self._head(key)
        except FileNotFoundError:
            return None

    async def _head(self, key: str) -> "HeadObjectOutputTypeDef":
        return await head(self._client, self._bucket, key, ChecksumMode="ENABLED")


class _ExpeditedRefusedError(Exception):
    """S3 has no capacity for an expedited retrieval at the moment."""


def status_of(head: Any, now: datetime) -> RetrievalStatus:
    """From the storage class and the header ``x-amz-restore``.

    The header is ``ongoing-request="true"`` while S3 works, then ``ongoing-request="false",
    expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`` until, and for a while after, the copy expires.
    """
    if head.get("StorageClass", "STANDARD") == "STANDARD":
        return RetrievalStatus.READY
    if not head.get("Restore"):
        return RetrievalStatus.NOT_REQUESTED
    header = _RESTORE_HEADER.fullmatch(head["Restore"])
    if header is None:
        raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, f"x-amz-restore: {head['Restore']}?")
    ongoing, expiry = header.groups()
    if ongoing == "true":
        return RetrievalStatus.IN_PROGRESS
    if expiry and parsedate_to_datetime(expiry) <= now:
        return RetrievalStatus.NOT_REQUESTED
    return RetrievalStatus.READY


def _corrupt(message: str) -> PermanentError:
    return PermanentError(ErrorCode.RESULT_CORRUPT, message)
