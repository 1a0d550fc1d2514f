"""S3's Glacier storage class, with the time that retrievals take and all that S3 refuses."""

import asyncio
from collections import Counter
from datetime import timedelta
from urllib.parse import parse_qs, unquote

from multidict import CIMultiDict

from tests.support.facade.calls import Answer, Call, Place
from tests.support.facade.errors import AwsError
from tests.support.facade.upstream import Upstream

_RESTORE = "x-amz-restore"
_ONGOING = 'ongoing-request="true"'
_COLD = frozenset({"GLACIER", "DEEP_ARCHIVE"})


class ArchiveClass:
    """Retrievals take ``delay`` here, and then as long as they take the emulator.

    A RestoreObject is passed on only when the delay is over: so it is then that the emulator
    announces ObjectRestore:Completed, as S3 does. ``events`` counts what happened, by operation
    and tier or refusal.
    """

    def __init__(
        self, upstream: Upstream, *, delay: timedelta, expedited_available: bool = True
    ) -> None:
        self._upstream = upstream
        self._delay = delay
        self._expedited_available = expedited_available
        self._pending: dict[Place, asyncio.Task[None]] = {}
        self.events: Counter[str] = Counter()

    async def close(self) -> None:
        """Forget what is still being retrieved. Raises what went wrong with a retrieval."""
        for task in self._pending.values():
            task.cancel()
        for end in await asyncio.gather(*self._pending.values(), return_exceptions=True):
            if isinstance(end, Exception):
                raise end

    async def answer(self, call: Call) -> Answer:
        """Pass a call on to the emulator, or raise the AwsError that it lacks."""
        match call.operation:
            case "RestoreObject":
                return await self._restore(call)
            case "HeadObject":
                return self._as_ongoing(call.place, await self._upstream.send(call))
            case "GetObject":
                message = "The operation is not valid for the object's storage class"
                await self._require_readable(call, call.place, message)
            case "CopyObject" | "UploadPartCopy":
                message = "Operation is not valid for the source object's storage class"
                await self._require_readable(call, _source(call), message)
        return await self._upstream.send(call)

    async def _restore(self, call: Call) -> Answer:
        place = call.place
        head = self._as_ongoing(place, await self._upstream.head(place))
        if head.status != 200:
            return await self._upstream.send(call)
        if not _is_cold(head):
            message = "Restore is not allowed for the object's current storage class"
            raise self._refused(call, 403, "InvalidObjectState", message)
        if _ONGOING in head.headers.get(_RESTORE, ""):
            message = "Object restore is already in progress"
            raise self._refused(call, 409, "RestoreAlreadyInProgress", message)
        tier = "Expedited" if b"<Tier>Expedited</Tier>" in call.body else "Standard"
        if tier == "Expedited" and not self._expedited_available:
            message = "Glacier expedited retrievals are currently not available"
            raise self._refused(call, 503, "GlacierExpeditedRetrievalNotAvailable", message)
        self.events[f"RestoreObject {tier}"] += 1
        if _is_readable(head):  # S3 then only sets a new date of expiry
            return await self._upstream.send(call)
        self._pending[place] = asyncio.create_task(self._restore_later(call))
        return Answer(202, CIMultiDict(), b"")

    async def _restore_later(self, call: Call) -> None:
        await asyncio.sleep(self._delay.total_seconds())
        answer = await self._upstream.send(call)
        del self._pending[call.place]
        self.events[f"restored {answer.status}"] += 1

    async def _require_readable(self, call: Call, place: Place, message: str) -> None:
        head = self._as_ongoing(place, await self._upstream.head(place))
        if head.status == 200 and not _is_readable(head):
            raise self._refused(call, 403, "InvalidObjectState", message)

    def _as_ongoing(self, place: Place, head: Answer) -> Answer:
        """The head of an object, which is still being retrieved if we say so."""
        if head.status == 200 and place in self._pending:
            head.headers[_RESTORE] = _ONGOING
        return head

    def _refused(self, call: Call, status: int, code: str, message: str) -> AwsError:
        self.events[f"{call.operation} {code}"] += 1
        return AwsError(status, code, message)


def _is_cold(head: Answer) -> bool:
    return head.headers.get("x-amz-storage-class", "STANDARD") in _COLD


def _is_readable(head: Answer) -> bool:
    return not _is_cold(head) or 'ongoing-request="false"' in head.headers.get(_RESTORE, "")


def _source(call: Call) -> Place:
    """Of a copy: ``/bucket/key?versionId=…``, percent-encoded, with or without the first slash."""
    path, _, query = call.headers["x-amz-copy-source"].partition("?")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    return Place(bucket, key, parse_qs(query).get("versionId", [None])[0])
