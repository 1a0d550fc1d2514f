"""Looking at an object without reading it."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of, translated
from gas.domain.errors import ErrorCode, TransientError

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import HeadObjectOutputTypeDef

_BARE = "404"
"""The answer to a HEAD has no body, hence no code: S3 API reference, HeadObject and HeadBucket."""


async def head(
    client: "S3Client", bucket: str, key: str, **options: Any
) -> "HeadObjectOutputTypeDef":
    """What S3 says of an object.

    Raises FileNotFoundError only where the bucket is there and the object is not: of both S3
    says the same, but a missing bucket is deployed again (TransientError), a missing file is lost.
    Should the bucket come back between the two looks, it comes back empty.
    """
    with translated():
        try:
            return await client.head_object(Bucket=bucket, Key=key, **options)
        except ClientError as error:
            if code_of(error) == _BARE:
                await _require_bucket(client, bucket)
            raise


async def _require_bucket(client: "S3Client", bucket: str) -> None:
    try:
        await client.head_bucket(Bucket=bucket)
    except ClientError as error:
        if code_of(error) != _BARE:
            raise
        reason = f"There is no bucket {bucket}."
        raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, reason) from error
