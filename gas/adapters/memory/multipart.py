"""Uploads in parts, in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from gas.adapters.memory.bucket import MemoryBucket
from gas.messages import new_id
from gas.ports import ObjectInfo, Part
from gas.runtime.records import Clock


@dataclass
class _Upload:
    key: str
    parts: dict[int, bytes] = field(default_factory=dict)


class MemoryMultipartUploads:
    """MultipartUploads. ``put`` stands for the browser's side of the addresses of parts."""

    def __init__(self, bucket: MemoryBucket, clock: Clock) -> None:
        self._bucket = bucket
        self._clock = clock
        self._uploads: dict[str, _Upload] = {}  # in the order in which they were begun

    async def find(self, key: str) -> str | None:
        return next((one for one, upload in self._uploads.items() if upload.key == key), None)

    async def begin(self, key: str) -> str:
        upload_id = new_id()
        self._uploads[upload_id] = _Upload(key)
        return upload_id

    async def part_url(
        self, key: str, upload_id: str, number: int, *, size: int, expires: timedelta
    ) -> str:
        until = (self._clock() + expires).timestamp()
        query = {"uploadId": upload_id, "partNumber": number, "size": size, "until": until}
        return f"memory://{self._bucket.name}/{quote(key)}?{urlencode(query)}"

    async def parts(self, key: str, upload_id: str) -> Sequence[Part]:
        upload = self._get(key, upload_id)
        return [_part(number, content) for number, content in sorted(upload.parts.items())]

    async def complete(self, key: str, upload_id: str, parts: Sequence[Part]) -> ObjectInfo:
        upload = self._get(key, upload_id)
        content = b"".join(upload.parts[part.number] for part in parts)
        del self._uploads[upload_id]
        return self._bucket.put(key, content, content_type="binary/octet-stream").info

    async def abort_all(self, key: str) -> None:
        self._uploads = {one: up for one, up in self._uploads.items() if up.key != key}

    def put(self, url: str, content: bytes) -> int:
        """What S3 answers to a part: 200, 404 when the upload is over, 403 otherwise."""
        parts = urlsplit(url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        in_time = self._clock().timestamp() <= float(query["until"])
        if not in_time or len(content) != int(query["size"]):
            return 403
        upload = self._uploads.get(query["uploadId"])
        if upload is None or upload.key != unquote(parts.path.removeprefix("/")):
            return 404
        upload.parts[int(query["partNumber"])] = content
        return 200

    def _get(self, key: str, upload_id: str) -> _Upload:
        upload = self._uploads.get(upload_id)
        if upload is None or upload.key != key:
            raise FileNotFoundError(f"no unfinished upload {upload_id} of {key}")
        return upload


def _part(number: int, content: bytes) -> Part:
    return Part(number, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())
