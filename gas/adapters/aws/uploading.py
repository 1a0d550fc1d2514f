"""Uploading an object, in one piece or in parts, with a SHA-256 that S3 verifies."""

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from gas.adapters.aws.parts import make_in_parts

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CompletedPartTypeDef

ReadPart = Callable[[int], Awaitable[bytes]]
"""Gives the content of one part, numbered from 1."""


async def upload(
    client: "S3Client",
    bucket: str,
    key: str,
    count: int,
    read_part: ReadPart,
    *,
    content_type: str,
) -> str | None:
    """Make an object of ``count`` parts; gives its version id.

    What is no more than one part, or empty, goes in one piece.
    """
    if count <= 1:
        content = await read_part(1)
        whole = await client.put_object(
            Bucket=bucket,
            Key=key,
            Body=content,
            ContentType=content_type,
            ChecksumSHA256=_checksum(content),
        )
        return whole.get("VersionId")

    async def put_part(upload_id: str, number: int) -> "CompletedPartTypeDef":
        content = await read_part(number)
        checksum = _checksum(content)
        answer = await client.upload_part(
            Bucket=bucket,
            Key=key,
            UploadId=upload_id,
            PartNumber=number,
            Body=content,
            ChecksumSHA256=checksum,
        )
        return {"PartNumber": number, "ETag": answer["ETag"], "ChecksumSHA256": checksum}

    return await make_in_parts(client, bucket, key, count, put_part, ContentType=content_type)


def _checksum(content: bytes) -> str:
    return b64encode(hashlib.sha256(content).digest()).decode()
