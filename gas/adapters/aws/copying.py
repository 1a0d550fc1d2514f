"""Copying an object within a bucket, in one piece or in parts."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of
from gas.adapters.aws.parts import PART_BYTES, make_in_parts

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import CompletedPartTypeDef, HeadObjectOutputTypeDef

ONE_PIECE_BYTES = 5 * 1024**3
"""The most that CopyObject takes; larger ones go by UploadPartCopy."""


class PreconditionError(Exception):
    """The source is no longer the object that was looked at."""


async def copy(
    client: "S3Client",
    bucket: str,
    source: "HeadObjectOutputTypeDef",
    source_key: str,
    target_key: str,
    storage_class: Any,
    *,
    version_id: str | None = None,
    part_bytes: int = PART_BYTES,
    one_piece_bytes: int = ONE_PIECE_BYTES,
) -> str | None:
    """Copy what ``source`` (its head) says is there; gives the version id of the copy.

    Raises PreconditionError.
    """
    named = {"VersionId": version_id} if version_id else {}
    one_source: Any = {
        "CopySource": {"Bucket": bucket, "Key": source_key, **named},
        "CopySourceIfMatch": source["ETag"],
    }
    try:
        if source["ContentLength"] <= one_piece_bytes:
            whole = await client.copy_object(
                Bucket=bucket,
                Key=target_key,
                StorageClass=storage_class,
                ChecksumAlgorithm="SHA256",
                **one_source,
            )
            return whole.get("VersionId")
        return await _copy_in_parts(
            client, bucket, source, target_key, storage_class, one_source, part_bytes
        )
    except ClientError as error:
        if code_of(error) == "PreconditionFailed":
            raise PreconditionError(source_key) from error
        raise


async def _copy_in_parts(
    client: "S3Client",
    bucket: str,
    source: "HeadObjectOutputTypeDef",
    target_key: str,
    storage_class: Any,
    one_source: Any,
    part_bytes: int,
) -> str | None:
    size = source["ContentLength"]

    async def copy_part(upload_id: str, number: int) -> "CompletedPartTypeDef":
        first = (number - 1) * part_bytes
        last = min(first + part_bytes, size) - 1
        answer = await client.upload_part_copy(
            Bucket=bucket,
            Key=target_key,
            UploadId=upload_id,
            PartNumber=number,
            CopySourceRange=f"bytes={first}-{last}",
            **one_source,
        )
        made = answer["CopyPartResult"]
        part: CompletedPartTypeDef = {"PartNumber": number, "ETag": made["ETag"]}
        if "ChecksumSHA256" in made:
            part["ChecksumSHA256"] = made["ChecksumSHA256"]
        return part

    return await make_in_parts(
        client,
        bucket,
        target_key,
        -(-size // part_bytes),
        copy_part,
        StorageClass=storage_class,
        ContentType=source["ContentType"],
    )
