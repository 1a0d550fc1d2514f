"""A bucket of S3 as an object store."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import ClientError

from gas.adapters.aws.copying import copy
from gas.adapters.aws.errors import code_of, translated
from gas.adapters.aws.heads import head
from gas.adapters.aws.parts import PART_BYTES
from gas.adapters.aws.uploading import upload
from gas.adapters.aws.versions import delete_all_versions
from gas.adapters.keys import from_cursor, to_cursor
from gas.domain.errors import ErrorCode, PermanentError
from gas.messages import new_id
from gas.ports import ObjectInfo, Page, UploadForm

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client
    from types_aiobotocore_s3.type_defs import GetObjectOutputTypeDef

_CHUNK_BYTES = 1024**2


class S3ObjectStore:
    """An ObjectStore; ``signer`` is the client whose address browsers know."""

    def __init__(
        self, client: "S3Client", signer: "S3Client", bucket: str, *, part_bytes: int = PART_BYTES
    ) -> None:
        self._client = client
        self._signer = signer
        self._bucket = bucket
        self._part_bytes = part_bytes

    async def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        try:
            answer = await head(self._client, self._bucket, key, **_version(version_id))
        except FileNotFoundError:
            return None
        return ObjectInfo(
            key, answer["ContentLength"], answer["ETag"].strip('"'), answer.get("VersionId")
        )

    async def download(self, key: str, target: Path, version_id: str | None = None) -> None:
        partial = target.with_name(f".{target.name}.{new_id()}")
        try:
            file = await asyncio.to_thread(partial.open, "wb")
            with file:
                async with self._content(key, version_id) as chunks:
                    async for chunk in chunks:
                        await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(partial.replace, target)
        finally:
            await asyncio.to_thread(partial.unlink, missing_ok=True)

    async def read(self, key: str, version_id: str | None = None, *, start: int, end: int) -> bytes:
        part = {"Range": f"bytes={start}-{end - 1}"}  # the last byte is included
        async with self._answer(key, version_id, **part) as answer:
            # A server may ignore the range (RFC 9110, 14.2): MiniStack does for old versions.
            at = start if "ContentRange" in answer else 0
            kept = bytearray()
            async for chunk in answer["Body"].iter_chunks(_CHUNK_BYTES):
                kept += chunk[max(0, start - at) : end - at]
                at += len(chunk)
                if at >= end:
                    break
            return bytes(kept)

    async def upload(self, source: Path, key: str, *, content_type: str) -> ObjectInfo:
        size = (await asyncio.to_thread(source.stat)).st_size
        with translated():
            version_id = await upload(
                self._client,
                self._bucket,
                key,
                -(-size // self._part_bytes),
                lambda number: asyncio.to_thread(self._part, source, number),
                content_type=content_type,
            )
        return await self._made(key, version_id)

    async def copy(self, source_key: str, version_id: str | None, target_key: str) -> ObjectInfo:
        """In parts above the size of one: S3 answers when it is done, and somebody waits."""
        source = await head(self._client, self._bucket, source_key, **_version(version_id))
        with translated():
            copied = await copy(
                self._client,
                self._bucket,
                source,
                source_key,
                target_key,
                "STANDARD",
                version_id=version_id,
                part_bytes=self._part_bytes,
                one_piece_bytes=self._part_bytes,
            )
        return await self._made(target_key, copied)

    async def sha256(self, key: str) -> tuple[int, str]:
        digest = hashlib.sha256()
        size = 0
        async with self._content(key) as chunks:
            async for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
        return size, digest.hexdigest()

    async def delete(self, key: str) -> None:
        with translated():
            await delete_all_versions(self._client, self._bucket, key)

    async def list_page(self, prefix: str, *, cursor: str | None = None) -> Page[str]:
        after: dict[str, Any] = {}
        if cursor is not None:
            key, _, version_id = from_cursor(cursor).partition("\n")
            after = {"KeyMarker": key, "VersionIdMarker": version_id}
        with translated():
            answer = await self._client.list_object_versions(
                Bucket=self._bucket, Prefix=prefix, **after
            )
        entries = [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]
        more = answer["IsTruncated"]
        return Page(
            sorted({entry["Key"] for entry in entries}),
            to_cursor(f"{answer['NextKeyMarker']}\n{answer['NextVersionIdMarker']}")
            if more
            else None,
        )

    async def upload_form(
        self, key: str, *, max_bytes: int, expires: timedelta, redirect: str | None = None
    ) -> UploadForm:
        """S3 itself adds the exact key and bucket to the conditions of the policy."""
        fields = {} if redirect is None else {"success_action_redirect": redirect}
        form = await self._signer.generate_presigned_post(
            Bucket=self._bucket,
            Key=key,
            Fields=dict(fields),
            Conditions=[["content-length-range", 1, max_bytes], *([fields] if fields else [])],
            ExpiresIn=int(expires.total_seconds()),
        )
        return UploadForm(form["url"], form["fields"], max_bytes)

    async def download_url(
        self, key: str, version_id: str | None = None, *, file_name: str, expires: timedelta
    ) -> str:
        return await self._signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                # RFC 6266: percent-encoded, so that no name can break out of the header
                "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name, '')}",
                **_version(version_id),
            },
            ExpiresIn=int(expires.total_seconds()),
        )

    async def _made(self, key: str, version_id: str | None) -> ObjectInfo:
        info = await self.head(key, version_id)
        if info is None:
            raise FileNotFoundError(f"s3://{self._bucket}/{key} was deleted while it was made")
        return info

    @asynccontextmanager
    async def _content(
        self, key: str, version_id: str | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        async with self._answer(key, version_id) as answer:
            yield answer["Body"].iter_chunks(_CHUNK_BYTES)

    @asynccontextmanager
    async def _answer(
        self, key: str, version_id: str | None, **part: Any
    ) -> AsyncIterator["GetObjectOutputTypeDef"]:
        """The object, or the ``part`` asked for; its body is closed at the end."""
        with translated():
            try:
                answer = await self._client.get_object(
                    Bucket=self._bucket, Key=key, **_version(version_id), **part
                )
            except ClientError as error:
                if code_of(error) == "InvalidObjectState":
                    raise PermanentError(ErrorCode.FILE_ARCHIVED, f"{key} is archived.") from error
                raise
            async with answer["Body"]:
                yield answer

    def _part(self, source: Path, number: int) -> bytes:
        with source.open("rb") as file:
            file.seek((number - 1) * self._part_bytes)
            return file.read(self._part_bytes)


def _version(version_id: str | None) -> Any:
    return {} if version_id is None else {"VersionId": version_id}
