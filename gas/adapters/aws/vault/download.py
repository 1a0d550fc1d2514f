"""From a finished retrieval into S3, a part at a time, each verified on the way."""

from typing import TYPE_CHECKING

from gas.adapters.aws.errors import translated
from gas.adapters.aws.parts import PART_BYTES
from gas.adapters.aws.uploading import upload
from gas.adapters.aws.vault.errors import asking_glacier
from gas.adapters.aws.vault.names import Description
from gas.adapters.aws.vault.tree_hash import leaves_of, root_of
from gas.domain.errors import ErrorCode, PermanentError, TransientError

if TYPE_CHECKING:
    from types_aiobotocore_glacier import GlacierClient
    from types_aiobotocore_s3 import S3Client

    from gas.adapters.aws.vault.jobs import Job


class VaultDownload:
    """Makes objects of one bucket from the outputs of retrievals."""

    def __init__(
        self,
        glacier: "GlacierClient",
        s3: "S3Client",
        bucket: str,
        *,
        part_bytes: int = PART_BYTES,
    ) -> None:
        self._glacier = glacier
        self._s3 = s3
        self._bucket = bucket
        self._part_bytes = part_bytes

    async def bring(self, vault: str, job: "Job", target_key: str) -> None:
        """Raises TransientError, and PermanentError RESULT_CORRUPT where the tree hash differs."""
        size = job["ArchiveSizeInBytes"]
        count = -(-size // self._part_bytes)
        output = _Output(self._glacier, vault, job["JobId"], size, self._part_bytes)
        first = await output.part(1)
        leaves: dict[int, list[bytes]] = {}

        async def read_part(number: int) -> bytes:
            content = first if number == 1 else await output.part(number)
            leaves[number] = leaves_of(content)
            return content

        with translated():
            await upload(
                self._s3,
                self._bucket,
                target_key,
                count,
                read_part,
                content_type=output.content_type,
            )
        whole = root_of([leaf for number in sorted(leaves) for leaf in leaves[number]])
        if whole != job["ArchiveSHA256TreeHash"]:
            raise PermanentError(
                ErrorCode.RESULT_CORRUPT,
                f"{target_key} came back with the tree hash {whole}, "
                f"but the archive has {job['ArchiveSHA256TreeHash']}.",
            )


class _Output:
    """What a retrieval brought, by parts that are numbered from 1."""

    def __init__(
        self, glacier: "GlacierClient", vault: str, job_id: str, size: int, part_bytes: int
    ) -> None:
        self._glacier = glacier
        self._vault = vault
        self._job_id = job_id
        self._size = size
        self._part_bytes = part_bytes
        self.content_type = ""
        """Known once a part was read."""

    async def part(self, number: int) -> bytes:
        """Parts of equal size begin where a tree's nodes do, so Glacier has a hash of each."""
        start = (number - 1) * self._part_bytes
        end = min(start + self._part_bytes, self._size)
        with asking_glacier():
            answer = await self._glacier.get_job_output(
                vaultName=self._vault, jobId=self._job_id, range=f"bytes={start}-{end - 1}"
            )
            async with answer["body"]:
                content = await answer["body"].read()
        self.content_type = Description.of(answer.get("archiveDescription", "")).content_type
        expected = answer.get("checksum")
        if len(content) != end - start or expected not in {None, root_of(leaves_of(content))}:
            raise TransientError(
                ErrorCode.SERVICE_UNAVAILABLE,
                f"Bytes {start} to {end} of retrieval {self._job_id} were damaged on the way.",
            )
        return content
