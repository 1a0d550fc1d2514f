"""The archive in a Glacier vault: the service of 2012, not S3's storage class of that name.

docs/archive.md says when to use it, docs/decisions/0008-the-vault.md why it is as it is.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of
from gas.adapters.aws.heads import head
from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.parts import PART_BYTES
from gas.adapters.aws.vault.download import VaultDownload
from gas.adapters.aws.vault.errors import asking_glacier, is_gone
from gas.adapters.aws.vault.jobs import SUCCEEDED, Retrievals
from gas.adapters.aws.vault.markers import Marker, VaultMarkers
from gas.adapters.aws.vault.names import Description, VaultId
from gas.adapters.aws.vault.upload import Original, VaultUpload
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.ports import RetrievalStatus, RetrievalTier

if TYPE_CHECKING:
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_s3 import S3Client

_NO_CAPACITY = "InsufficientCapacity"


class VaultArchive:
    """A ResultArchive. New archives go to ``vault``; others are where their id says.

    ``topic_arn`` is told of every retrieval that ends.
    """

    def __init__(
        self,
        glacier: "GlacierClient",
        s3: "S3Client",
        bucket: str,
        *,
        vault: str,
        topic_arn: str,
        part_bytes: int = PART_BYTES,
    ) -> None:
        self._glacier = glacier
        self._s3 = s3
        self._bucket = bucket
        self._vault = vault
        self._topic_arn = topic_arn
        self._objects = S3ObjectStore(s3, s3, bucket)
        self._markers = VaultMarkers(s3, bucket)
        self._upload = VaultUpload(glacier, vault, part_bytes=part_bytes)
        self._download = VaultDownload(glacier, s3, bucket, part_bytes=part_bytes)
        self._retrievals = Retrievals(glacier)

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        marker = await self._markers.find(target_key)
        if marker is None:
            marker = await self._make(source_key, target_key, size, sha256)
        elif (marker.size, marker.sha256) != (size, sha256):
            raise PermanentError(
                ErrorCode.RESULT_CORRUPT, f"Something else than {source_key} was archived before."
            )
        return str(marker.vault_id)

    async def begin_retrieval(self, archive_id: str) -> RetrievalTier:
        """Of one that was begun before, the tier is what it was begun with."""
        archive = _parse(archive_id)
        begun = await self._retrievals.find(archive.vault, archive.archive_id)
        if begun is not None:
            expedited = begun.get("Tier") == RetrievalTier.EXPEDITED
            return RetrievalTier.EXPEDITED if expedited else RetrievalTier.STANDARD
        try:
            return await self._begin(archive, RetrievalTier.EXPEDITED)
        except _ExpeditedRefusedError:
            return await self._begin(archive, RetrievalTier.STANDARD)

    async def retrieval_status(self, archive_id: str) -> RetrievalStatus:
        """Whether there is such an archive Glacier only says when it is asked for it."""
        archive = _parse(archive_id)
        job = await self._retrievals.find(archive.vault, archive.archive_id)
        if job is None:
            return RetrievalStatus.NOT_REQUESTED
        done = job["StatusCode"] == SUCCEEDED
        return RetrievalStatus.READY if done else RetrievalStatus.IN_PROGRESS

    async def bring_back(self, archive_id: str, target_key: str) -> None:
        archive = _parse(archive_id)
        job = await self._retrievals.find(archive.vault, archive.archive_id)
        if job is None or job["StatusCode"] != SUCCEEDED:
            reason = f"{archive_id}: retrieval {await self.retrieval_status(archive_id)}."
            raise TransientError(ErrorCode.FILE_ARCHIVED, reason)
        await self._download.bring(archive.vault, job, target_key)

    async def delete(self, archive_id: str) -> None:
        """By its id, or by the target key of a ``store`` that nobody heard the end of.

        The marker goes last: until then it names what is still to be deleted.
        """
        archive = VaultId.find_in(archive_id)
        if archive is None:
            marker = await self._markers.find(archive_id)
            archive = marker and marker.vault_id
        if archive is not None:
            await self._delete(archive)
        await self._markers.delete(archive.key if archive else archive_id)

    async def _make(self, source_key: str, target_key: str, size: int, sha256: str) -> Marker:
        source = await head(self._s3, self._bucket, source_key)
        if source["ContentLength"] != size:
            raise PermanentError(ErrorCode.RESULT_CORRUPT, f"{source_key} is not what it was.")
        original = Original(self._objects, source_key, source.get("VersionId"), size, sha256)
        description = Description(target_key, source["ContentType"])
        made = await self._upload.make(original, str(description))
        marker = Marker(VaultId(target_key, self._vault, made), size, sha256)
        await self._markers.put(marker)
        return marker

    async def _begin(self, archive: VaultId, tier: RetrievalTier) -> RetrievalTier:
        """Raises _ExpeditedRefusedError, FileNotFoundError."""
        parameters = {
            "Type": "archive-retrieval",
            "ArchiveId": archive.archive_id,
            "Description": archive.key,  # comes back in the notification, and names the job
            "SNSTopic": self._topic_arn,
            "Tier": tier.value,
        }
        with asking_glacier():
            try:
                await self._retrievals.begin(archive.vault, parameters)
            except ClientError as error:
                if is_gone(error):
                    raise FileNotFoundError(str(archive)) from error
                if code_of(error) == _NO_CAPACITY and tier is RetrievalTier.EXPEDITED:
                    raise _ExpeditedRefusedError from error
                raise
        return tier

    async def _delete(self, archive: VaultId) -> None:
        with asking_glacier():
            try:
                await self._glacier.delete_archive(
                    vaultName=archive.vault, archiveId=archive.archive_id
                )
            except ClientError as error:
                if not is_gone(error):
                    raise


class _ExpeditedRefusedError(Exception):
    """Glacier has no capacity for an expedited retrieval at the moment."""


def _parse(archive_id: str) -> VaultId:
    found = VaultId.find_in(archive_id)
    if found is None:
        raise FileNotFoundError(f"{archive_id} is in no vault")
    return found
