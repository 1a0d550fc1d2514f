"""The archive in memory: cold objects of the results bucket, as in S3's Glacier class."""

import hashlib
import json
from datetime import timedelta
from urllib.parse import quote_plus

from gas.adapters.memory.bucket import MemoryBucket, Version
from gas.adapters.memory.queue import MemoryQueue
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.ports import RetrievalStatus, RetrievalTier
from gas.runtime.records import Clock

_READABLE_FOR = timedelta(days=1)


class MemoryArchive:
    """A ResultArchive. Two knobs: how long a retrieval takes, and whether Expedited is refused.

    A retrieval that is complete shows on ``heard_by``, in the words of S3's own event.
    """

    def __init__(
        self,
        bucket: MemoryBucket,
        clock: Clock,
        heard_by: MemoryQueue,
        *,
        retrieval_delay: timedelta = timedelta(0),
    ) -> None:
        self._bucket = bucket
        self._clock = clock
        self._heard_by = heard_by
        self.retrieval_delay = retrieval_delay
        self.expedited_refused = False

    async def store(self, source_key: str, target_key: str, *, size: int, sha256: str) -> str:
        source = self._bucket.find(target_key) or self._bucket.get(source_key)
        if (len(source.content), hashlib.sha256(source.content).hexdigest()) != (size, sha256):
            raise PermanentError(ErrorCode.RESULT_CORRUPT, f"{source_key} is not what it was.")
        if source.key != target_key:
            self._bucket.put(
                target_key, source.content, content_type=source.content_type, cold=True
            )
        return target_key

    async def begin_retrieval(self, archive_id: str) -> RetrievalTier:
        version = self._bucket.get(archive_id)
        if self._status(version) is RetrievalStatus.NOT_REQUESTED:
            version.readable_from = self._clock() + self.retrieval_delay
            version.readable_until = version.readable_from + _READABLE_FOR
            self._heard_by.put(self._completed(version), version.readable_from)
        return RetrievalTier.STANDARD if self.expedited_refused else RetrievalTier.EXPEDITED

    async def retrieval_status(self, archive_id: str) -> RetrievalStatus:
        return self._status(self._bucket.get(archive_id))

    async def bring_back(self, archive_id: str, target_key: str) -> None:
        version = self._bucket.get(archive_id)
        if (status := self._status(version)) is not RetrievalStatus.READY:
            raise TransientError(ErrorCode.FILE_ARCHIVED, f"{archive_id}: retrieval {status}.")
        self._bucket.put(target_key, version.content, content_type=version.content_type)

    async def delete(self, archive_id: str) -> None:
        self._bucket.delete(archive_id)

    def _status(self, version: Version) -> RetrievalStatus:
        if not version.cold:
            return RetrievalStatus.READY
        now = self._clock()
        if not version.readable_from or not version.readable_until or now > version.readable_until:
            return RetrievalStatus.NOT_REQUESTED
        return (
            RetrievalStatus.READY if now >= version.readable_from else RetrievalStatus.IN_PROGRESS
        )

    def _completed(self, version: Version) -> str:
        record = {
            "eventName": "ObjectRestore:Completed",
            "eventTime": (version.readable_from or self._clock()).isoformat(),
            "s3": {
                "bucket": {"name": self._bucket.name},
                "object": {"key": quote_plus(version.key)},
            },
        }
        return json.dumps({"Records": [record]})
