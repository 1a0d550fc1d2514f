"""Objects made in parts. One part size for all, so that a copy in parts has its source's ETag."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CompletedPartTypeDef

PART_BYTES = 16 * 1024**2
"""S3 takes 10,000 parts: objects up to 156 GiB."""

_AT_A_TIME = 4

MakePart = Callable[[str, int], Awaitable["CompletedPartTypeDef"]]
"""Makes one part, given the id of the upload and the number of the part, from 1."""


async def make_in_parts(
    client: "S3Client", bucket: str, key: str, count: int, make_part: MakePart, **options: Any
) -> str | None:
    """Make an object of ``count`` parts, with a SHA-256 of each; gives its version id.

    When it fails, the parts made so far are given up.
    """
    started = await client.create_multipart_upload(
        Bucket=bucket, Key=key, ChecksumAlgorithm="SHA256", **options
    )
    upload_id = started["UploadId"]
    turn = asyncio.Semaphore(_AT_A_TIME)

    async def in_turn(number: int) -> "CompletedPartTypeDef":
        async with turn:
            return await make_part(upload_id, number)

    making = [asyncio.ensure_future(in_turn(number)) for number in range(1, count + 1)]
    try:
        parts = await asyncio.gather(*making)
        done = await client.complete_multipart_upload(
            Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": parts}
        )
    except BaseException:
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)
        # What cannot be given up now, the bucket's lifecycle rule gives up a day later.
        with suppress(BotoCoreError, ClientError):
            await asyncio.shield(
                client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
            )
        raise
    return done.get("VersionId")
