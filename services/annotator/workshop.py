"""Where one job is annotated: download, run the engine, upload, leave nothing behind."""

import asyncio
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from gas.annotation import (
    LOG,
    MANIFEST,
    SUMMARY,
    AnnotationEngine,
    AnnotationResult,
    Limits,
    load_bundle,
)
from gas.annotation import Progress as EngineProgress
from gas.domain.errors import ErrorCode, PermanentError
from gas.domain.job import Job, Progress, ResultFile
from gas.ports import ObjectStore
from gas.runtime.records import Clock, utc_now
from services.annotator.progress_log import ProgressLog

_STAYS_READABLE = frozenset({SUMMARY, MANIFEST, LOG})

_CONTENT_TYPES = {
    ".json": "application/json",
    ".log": "text/plain; charset=utf-8",
}


class Workshop:
    """What all benches share."""

    def __init__(
        self,
        *,
        inputs: ObjectStore,
        results: ObjectStore,
        engine: AnnotationEngine,
        limits: Limits,
        scratch_dir: Path,
        free_retention: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        self.inputs = inputs
        self.results = results
        self.engine = engine
        self.limits = limits
        self.scratch_dir = scratch_dir
        self.free_retention = free_retention
        self.clock = clock

    def bench(self, job: Job) -> "Bench":
        return Bench(self, job)


class Bench:
    """The work on one attempt at one job."""

    def __init__(self, shop: Workshop, job: Job) -> None:
        self._shop = shop
        self._job = job
        self._log = ProgressLog(shop.clock)
        self._progress = self._log.note("starting", 0.0)
        self.uploaded: list[str] = []

    def progress(self) -> Progress:
        return self._progress

    async def work(self) -> tuple[ResultFile, ...]:
        """Annotate; gives the uploaded files. Raises as the engine and the store do."""
        bundle = load_bundle(self._job.genome)
        scratch = Path(tempfile.mkdtemp(prefix="job-", dir=self._shop.scratch_dir))
        try:
            source = scratch / "input"
            await self._fetch(source)
            made = await self._shop.engine.annotate(
                source,
                scratch / "result",
                bundle,
                limits=self._shop.limits,
                on_progress=self._note,
            )
            return await self._publish(made)
        finally:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)

    async def _fetch(self, target: Path) -> None:
        """The very version that was submitted, whatever was uploaded since."""
        upload = self._job.input
        try:
            await self._shop.inputs.download(upload.key, target, upload.version_id)
        except FileNotFoundError as error:
            raise PermanentError(
                ErrorCode.UPLOAD_MISSING, "The uploaded file is no longer there."
            ) from error

    async def _publish(self, made: AnnotationResult) -> tuple[ResultFile, ...]:
        self._progress = self._log.note("uploading", 1.0, self._progress.records)
        files = []
        for name, output in made.files.items():
            key = self._job.object_key(name)
            self.uploaded.append(key)
            await self._shop.results.upload(
                output.path, key, content_type=_content_type(output.path)
            )
            files.append(
                ResultFile(
                    name=name,
                    size=output.size,
                    sha256=output.sha256,
                    key=key,
                    goes_to_archive=name not in _STAYS_READABLE,
                )
            )
        return tuple(files)

    async def _note(self, progress: EngineProgress) -> None:
        self._progress = self._log.note(progress.stage, progress.fraction, progress.records)

    async def discard(self) -> None:
        """Delete what this attempt uploaded; only for an attempt that lost its job."""
        for key in self.uploaded:
            await self._shop.results.delete(key)


def _content_type(path: Path) -> str:
    return _CONTENT_TYPES.get(path.suffix, "application/octet-stream")
