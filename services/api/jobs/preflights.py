"""Looks at an upload before it is queued, in a child process with limits (rule R8)."""

import asyncio
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from gas.annotation.preflight import PreflightReport, preflight_file, windows_of
from gas.domain.errors import ErrorCode, PermanentError
from gas.domain.job import InputFile
from gas.ports import ObjectStore
from services.api.problems import refusal, unavailable
from services.api.settings import ApiSettings

_PATIENCE = timedelta(seconds=10)


class Preflights:
    """A few at a time: one that finds no place within some seconds is told to come again."""

    def __init__(self, inputs: ObjectStore, settings: ApiSettings) -> None:
        self._inputs = inputs
        self._scratch_dir = settings.scratch_dir
        self._budget = settings.preflight_budget
        self._limits = settings.preflight_limits
        self._places = asyncio.Semaphore(settings.preflight_concurrency)

    async def report(self, upload: InputFile, genome: str) -> PreflightReport:
        """``upload`` names a version and its size. Of a large one only parts are fetched."""
        await self._take_place()
        try:
            return await self._report(upload, genome)
        except FileNotFoundError as error:
            sentence = "The uploaded file is no longer there."
            raise refusal(ErrorCode.UPLOAD_MISSING, sentence) from error
        except PermanentError as error:
            raise refusal(error.code, error.message) from error
        finally:
            self._places.release()

    async def _take_place(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                await self._places.acquire()
        except TimeoutError as error:
            raise unavailable("Too many files are being checked. Please try again.") from error

    async def _report(self, upload: InputFile, genome: str) -> PreflightReport:
        if self._scratch_dir:
            await asyncio.to_thread(self._scratch_dir.mkdir, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="preflight-", dir=self._scratch_dir) as folder:
            source = Path(folder) / "input"
            await self._fetch(upload, source)
            return await preflight_file(
                source,
                genome=genome,
                limits=self._limits,
                time_budget=self._budget,
                scratch_dir=Path(folder),
            )

    async def _fetch(self, upload: InputFile, target: Path) -> None:
        """The parts that will be looked at, each in its place, and holes between them."""
        size = upload.size or 0
        for window in windows_of(size):
            content = await self._inputs.read(
                upload.key, upload.version_id, start=window.start, end=window.end
            )
            await asyncio.to_thread(_write, target, window.start, content)
        await asyncio.to_thread(os.truncate, target, size)


def _write(target: Path, start: int, content: bytes) -> None:
    with target.open("r+b" if target.exists() else "wb") as file:
        file.seek(start)
        file.write(content)
