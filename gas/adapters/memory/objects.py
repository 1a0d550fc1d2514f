"""An object store in memory."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from gas.adapters.keys import from_cursor, to_cursor
from gas.adapters.memory.bucket import MemoryBucket
from gas.domain.errors import ErrorCode, PermanentError
from gas.messages import new_id
from gas.ports import ObjectInfo, Page, UploadForm
from gas.runtime.records import Clock

_KEYS_IN_A_PAGE = 1000


@dataclass(frozen=True)
class _Policy:
    key: str
    max_bytes: int
    until: datetime


class MemoryObjectStore:
    """An ObjectStore. ``post`` and ``fetch`` stand for the browser's side of presigned URLs."""

    def __init__(self, bucket: MemoryBucket, clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock
        self._policies: dict[str, _Policy] = {}

    async def head(self, key: str, version_id: str | None = None) -> ObjectInfo | None:
        version = self._bucket.find(key, version_id)
        return version.info if version else None

    async def download(self, key: str, target: Path, version_id: str | None = None) -> None:
        content = self._read(key, version_id)
        await asyncio.to_thread(target.write_bytes, content)

    async def read(self, key: str, version_id: str | None = None, *, start: int, end: int) -> bytes:
        return self._read(key, version_id)[start:end]

    async def upload(self, source: Path, key: str, *, content_type: str) -> ObjectInfo:
        content = await asyncio.to_thread(source.read_bytes)
        return self._bucket.put(key, content, content_type=content_type).info

    async def sha256(self, key: str) -> tuple[int, str]:
        content = self._read(key)
        return len(content), hashlib.sha256(content).hexdigest()

    async def copy(self, source_key: str, version_id: str | None, target_key: str) -> ObjectInfo:
        source = self._bucket.get(source_key, version_id)
        return self._bucket.put(target_key, source.content, content_type=source.content_type).info

    async def delete(self, key: str) -> None:
        self._bucket.delete(key)

    async def list_page(self, prefix: str, *, cursor: str | None = None) -> Page[str]:
        after = from_cursor(cursor) if cursor is not None else ""
        keys = [key for key in self._bucket.keys(prefix) if key > after]
        page = keys[:_KEYS_IN_A_PAGE]
        return Page(page, to_cursor(page[-1]) if len(keys) > len(page) else None)

    async def upload_form(
        self, key: str, *, max_bytes: int, expires: timedelta, redirect: str | None = None
    ) -> UploadForm:
        policy = new_id()
        self._policies[policy] = _Policy(key, max_bytes, self._clock() + expires)
        url = f"memory://{self._bucket.name}"
        fields = {"key": key, "policy": policy}
        if redirect is not None:
            fields["success_action_redirect"] = redirect
        return UploadForm(url, fields, max_bytes)

    async def download_url(
        self, key: str, version_id: str | None = None, *, file_name: str, expires: timedelta
    ) -> str:
        until = (self._clock() + expires).timestamp()
        query = {"until": until, "file_name": file_name, "version": version_id or ""}
        return f"memory://{self._bucket.name}/{quote(key)}?{urlencode(query)}"

    def post(self, fields: Mapping[str, str], content: bytes) -> int:
        """What S3 answers to a form with a file.

        204, or 303 with a redirection; 400 for a wrong size, 403 otherwise.
        """
        policy = self._policies.get(fields.get("policy", ""))
        if policy is None or fields["key"] != policy.key or self._clock() > policy.until:
            return 403
        if not 1 <= len(content) <= policy.max_bytes:
            return 400
        self._bucket.put(policy.key, content, content_type="binary/octet-stream")
        return 303 if "success_action_redirect" in fields else 204

    def fetch(self, url: str) -> bytes:
        """What a browser gets from a URL; PermissionError when it has expired."""
        parts = urlsplit(url)
        query = parse_qs(parts.query, keep_blank_values=True)
        if self._clock().timestamp() > float(query["until"][0]):
            raise PermissionError(url)
        return self._read(unquote(parts.path.removeprefix("/")), query["version"][0] or None)

    def _read(self, key: str, version_id: str | None = None) -> bytes:
        version = self._bucket.get(key, version_id)
        if version.cold:
            raise PermanentError(ErrorCode.FILE_ARCHIVED, f"{key} is archived.")
        return version.content
