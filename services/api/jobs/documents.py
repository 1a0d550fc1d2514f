"""The small files of a result that pages show: summary, manifest and log.

Their keys are immutable (rule R3), so what was read once need not be read again.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

import structlog
from pydantic import ValidationError

from gas.annotation import LOG, MANIFEST, SUMMARY, Summary
from gas.domain.errors import PermanentError
from gas.domain.job import Job, ResultFile
from gas.ports import ObjectStore
from services.api.jobs.manifest import ManifestView

log = structlog.get_logger()

T = TypeVar("T")

_LARGEST_DOCUMENT = 16 * 1024**2  # a summary of some hundred thousand samples
_LOG_SHOWN = 64 * 1024
_KEPT_BYTES = 64 * 1024**2


class ResultDocuments:
    """Reads them from the results bucket, and keeps those read last: some 64 MB of them."""

    def __init__(self, results: ObjectStore, *, kept_bytes: int = _KEPT_BYTES) -> None:
        self._results = results
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[str, tuple[int, Any]] = OrderedDict()

    async def summary(self, job: Job) -> Summary | None:
        """None where there is none, or none that can be shown."""
        return await self._document(job, SUMMARY, Summary.model_validate_json)

    async def manifest(self, job: Job) -> ManifestView | None:
        """None where there is none, or none that can be shown."""
        return await self._document(job, MANIFEST, ManifestView.model_validate_json)

    async def log(self, job: Job) -> tuple[str, bool] | None:
        """Its text and whether that is all of it: of a very long one, the end is given."""
        file = job.file(LOG)
        if file is None:
            return None
        start = max(0, file.size - _LOG_SHOWN)
        text = await self._read(file, _decoded, start=start)
        return None if text is None else (text, start == 0)

    async def _document(self, job: Job, name: str, parse: Callable[[bytes], T]) -> T | None:
        file = job.file(name)
        if file is None or file.size > _LARGEST_DOCUMENT:
            return None
        return await self._read(file, parse)

    async def _read(
        self, file: ResultFile, parse: Callable[[bytes], T], *, start: int = 0
    ) -> T | None:
        """A page without a plot is better than no page: what cannot be read is logged."""
        if file.key is None or file.lost:
            return None
        if file.key in self._kept:
            self._kept.move_to_end(file.key)
            return cast("T", self._kept[file.key][1])
        try:
            content = await self._results.read(file.key, start=start, end=file.size)
            parsed = await asyncio.to_thread(parse, content)
        except FileNotFoundError:
            log.exception("a result file is missing", key=file.key)
            return None
        except (ValidationError, PermanentError):
            log.exception("a result file cannot be shown", key=file.key)
            return None
        self._keep(file.key, file.size - start, parsed)
        return parsed

    def _keep(self, key: str, size: int, parsed: object) -> None:
        self._kept[key] = (size, parsed)
        while sum(size for size, _ in self._kept.values()) > self._kept_bytes:
            self._kept.popitem(last=False)


def _decoded(content: bytes) -> str:
    return content.decode(errors="replace")
