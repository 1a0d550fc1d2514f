"""A versioned bucket in memory, as S3 keeps it."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from gas.messages import new_id
from gas.ports import ObjectInfo


@dataclass
class Version:
    """One version of an object; a ``cold`` one is readable only while a retrieval lasts."""

    key: str
    content: bytes
    content_type: str
    cold: bool = False
    readable_from: datetime | None = None
    readable_until: datetime | None = None
    version_id: str = field(default_factory=new_id)

    @property
    def info(self) -> ObjectInfo:
        etag = hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        return ObjectInfo(self.key, len(self.content), etag, self.version_id)


class MemoryBucket:
    """Versions by key, the newest last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._versions: dict[str, list[Version]] = {}

    def put(self, key: str, content: bytes, *, content_type: str, cold: bool = False) -> Version:
        version = Version(key, content, content_type, cold)
        self._versions.setdefault(key, []).append(version)
        return version

    def find(self, key: str, version_id: str | None = None) -> Version | None:
        """The newest version, or the one that is asked for."""
        versions = self._versions.get(key, [])
        if version_id is None:
            return versions[-1] if versions else None
        return next((v for v in versions if v.version_id == version_id), None)

    def get(self, key: str, version_id: str | None = None) -> Version:
        """Like ``find``, but raises FileNotFoundError."""
        if version := self.find(key, version_id):
            return version
        raise FileNotFoundError(f"s3://{self.name}/{key}")

    def delete(self, key: str) -> None:
        self._versions.pop(key, None)

    def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self._versions if key.startswith(prefix))
