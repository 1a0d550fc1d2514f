"""Deleting from a bucket with versions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client


async def delete_all_versions(client: "S3Client", bucket: str, key: str) -> None:
    """Delete every version, and every delete marker, of exactly this key."""
    pages = client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key)
    async for page in pages:
        entries = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        for entry in entries:
            if entry["Key"] == key:
                await client.delete_object(Bucket=bucket, Key=key, VersionId=entry["VersionId"])
        if any(entry["Key"] > key for entry in entries):
            return  # keys come in order, so longer ones with this prefix come after all of it
