"""Uploads in parts, by whoever has the presigned addresses of the parts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from gas.adapters.aws.errors import code_of, translated
from gas.adapters.aws.heads import head
from gas.ports import ObjectInfo, Part

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client


class S3MultipartUploads:
    """MultipartUploads of a bucket; ``signer`` is the client whose address browsers know."""

    def __init__(self, client: "S3Client", signer: "S3Client", bucket: str) -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket

    async def find(self, key: str) -> str | None:
        unfinished = await self._unfinished(key)
        return unfinished[0] if unfinished else None

    async def begin(self, key: str) -> str:
        with translated():
            begun = await self._client.create_multipart_upload(Bucket=self._bucket, Key=key)
        return begun["UploadId"]

    async def part_url(
        self, key: str, upload_id: str, number: int, *, size: int, expires: timedelta
    ) -> str:
        """The length is among the signed headers, so the store takes no other."""
        return await self._signer.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "UploadId": upload_id,
                "PartNumber": number,
                "ContentLength": size,
            },
            ExpiresIn=int(expires.total_seconds()),
        )

    async def parts(self, key: str, upload_id: str) -> Sequence[Part]:
        found: list[Part] = []
        with _known():
            pages = self._client.get_paginator("list_parts").paginate(
                Bucket=self._bucket, Key=key, UploadId=upload_id
            )
            async for page in pages:
                found += [
                    Part(part["PartNumber"], part["Size"], part["ETag"])
                    for part in page.get("Parts", [])
                ]
        return found

    async def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> ObjectInfo:
        with _known():
            done = await self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=upload_id,
                MultipartUpload={
                    "Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]
                },
            )
        version_id = done.get("VersionId")
        version = {} if version_id is None else {"VersionId": version_id}
        there = await head(self._client, self._bucket, key, **version)
        return ObjectInfo(key, there["ContentLength"], there["ETag"].strip('"'), version_id)

    async def abort_all(self, key: str) -> None:
        for upload_id in await self._unfinished(key):
            try:
                with _known():
                    await self._client.abort_multipart_upload(
                        Bucket=self._bucket, Key=key, UploadId=upload_id
                    )
            except FileNotFoundError:
                continue  # somebody else was faster

    async def _unfinished(self, key: str) -> list[str]:
        """Their ids, the oldest first."""
        found = []
        with translated():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self._bucket, Prefix=key
            )
            async for page in pages:
                found += [
                    (upload["Initiated"], upload["UploadId"])
                    for upload in page.get("Uploads", [])
                    if upload["Key"] == key
                ]
        return [upload_id for _, upload_id in sorted(found)]


@contextmanager
def _known() -> Iterator[None]:
    """Within, an upload that S3 does not know, or no longer, is a FileNotFoundError."""
    with translated():
        try:
            yield
        except ClientError as error:
            if code_of(error) == "NoSuchUpload":
                raise FileNotFoundError(str(error)) from error
            raise
