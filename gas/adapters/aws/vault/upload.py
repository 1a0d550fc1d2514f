"""From S3 into a Glacier vault, a part at a time.

AWS advises to upload in parts from 100 MB on. We begin with what is more than one part, so that
an archiver holds no more than a part of each result that it has in hand.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from gas.adapters.aws.objects import S3ObjectStore
from gas.adapters.aws.parts import PART_BYTES
from gas.adapters.aws.vault.errors import asking_glacier
from gas.adapters.aws.vault.tree_hash import leaves_of, root_of, tree_hash
from gas.domain.errors import ErrorCode, PermanentError

if TYPE_CHECKING:
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_glacier.type_defs import ArchiveCreationOutputTypeDef


@dataclass(frozen=True)
class Original:
    """One version of an object, and what a record says of it: bytes, and SHA-256 in hex."""

    objects: S3ObjectStore
    key: str
    version_id: str | None
    size: int
    sha256: str

    async def parts(self, part_bytes: int) -> AsyncIterator[tuple[int, bytes]]:
        """Each part with where it starts; RESULT_CORRUPT before the last one is let go."""
        digest = hashlib.sha256()
        for start in range(0, self.size, part_bytes):
            end = min(start + part_bytes, self.size)
            content = await self.objects.read(self.key, self.version_id, start=start, end=end)
            digest.update(content)
            if len(content) != end - start or (end == self.size and not self._is(digest)):
                raise _corrupt(f"{self.key} is not what it was when it was made.")
            yield start, content

    def _is(self, digest: "hashlib._Hash") -> bool:
        return digest.hexdigest() == self.sha256


class VaultUpload:
    """Makes archives in one vault; ``part_bytes`` is a power of two of MiB, as Glacier wants."""

    def __init__(
        self, client: "GlacierClient", vault: str, *, part_bytes: int = PART_BYTES
    ) -> None:
        self._client = client
        self._vault = vault
        self._part_bytes = part_bytes

    async def make(self, original: Original, description: str) -> str:
        """Make an archive, verified on both ends; gives Glacier's id of it.

        Every call makes another. Raises PermanentError RESULT_CORRUPT, TransientError.
        """
        in_one_piece = original.size <= self._part_bytes
        upload = self._in_one_piece if in_one_piece else self._in_parts
        made, expected = await upload(original, description)
        if made["checksum"] != expected:
            with asking_glacier():
                await self._client.delete_archive(
                    vaultName=self._vault, archiveId=made["archiveId"]
                )
            raise _corrupt(f"Glacier got something else than {original.key}.")
        return made["archiveId"]

    async def _in_one_piece(
        self, original: Original, description: str
    ) -> tuple["ArchiveCreationOutputTypeDef", str]:
        content = b"".join([part async for _, part in original.parts(self._part_bytes)])
        checksum = tree_hash(content)
        with asking_glacier():
            made = await self._client.upload_archive(
                vaultName=self._vault,
                archiveDescription=description,
                checksum=checksum,
                body=content,
            )
        return made, checksum

    async def _in_parts(
        self, original: Original, description: str
    ) -> tuple["ArchiveCreationOutputTypeDef", str]:
        """Nothing becomes an archive before all of it was read, and is what the record says."""
        with asking_glacier():
            started = await self._client.initiate_multipart_upload(
                vaultName=self._vault,
                archiveDescription=description,
                partSize=str(self._part_bytes),
            )
        upload_id = started["uploadId"]
        leaves: list[bytes] = []
        try:
            async for start, content in original.parts(self._part_bytes):
                leaves += await self._put_part(upload_id, start, content)
            checksum = root_of(leaves)
            with asking_glacier():
                made = await self._client.complete_multipart_upload(
                    vaultName=self._vault,
                    uploadId=upload_id,
                    archiveSize=str(original.size),
                    checksum=checksum,
                )
        except BaseException:
            await asyncio.shield(self._give_up(upload_id))
            raise
        return made, checksum

    async def _put_part(self, upload_id: str, start: int, content: bytes) -> list[bytes]:
        leaves = leaves_of(content)
        with asking_glacier():
            answer = await self._client.upload_multipart_part(
                vaultName=self._vault,
                uploadId=upload_id,
                range=f"bytes {start}-{start + len(content) - 1}/*",
                checksum=root_of(leaves),
                body=content,
            )
        if answer["checksum"] != root_of(leaves):
            raise _corrupt(f"Glacier got something else than byte {start} and on.")
        return leaves

    async def _give_up(self, upload_id: str) -> None:
        """What cannot be given up now, Glacier gives up after a day without a part."""
        with suppress(BotoCoreError, ClientError):
            await self._client.abort_multipart_upload(vaultName=self._vault, uploadId=upload_id)


def _corrupt(message: str) -> PermanentError:
    return PermanentError(ErrorCode.RESULT_CORRUPT, message)
