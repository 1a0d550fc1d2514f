"""Where the explorer works: a folder of this process alone, its files, DuckDB over them."""

import contextlib
import os
import tempfile
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from gas.ports import ObjectStore
from gas.runtime.records import Clock
from gas.runtime.scratch import scratch_folder
from services.api.explorer.cache import FileCache
from services.api.explorer.database import Database
from services.api.explorer.exports import ExportLimits, Exports
from services.api.settings import ApiSettings


class Workspace:
    """Its parts are made when they are first needed: an api that nobody asks needs no folder."""

    def __init__(self, results: ObjectStore, settings: ApiSettings, clock: Clock) -> None:
        self._results = results
        self._settings = settings
        self._clock = clock
        self._stack = contextlib.ExitStack()

    @cached_property
    def folder(self) -> Path:
        """Removed at the end; what a killed api left behind is removed by the next one."""
        parent = (
            self._settings.explorer_cache_dir
            or self._settings.scratch_dir
            or Path(tempfile.gettempdir()) / f"gas-{os.getuid()}"
        )
        return self._stack.enter_context(scratch_folder(parent, "explorer"))

    @cached_property
    def cache(self) -> FileCache:
        return FileCache(
            self.folder, self._results, self._settings.explorer_cache_bytes, self._clock
        )

    @cached_property
    def database(self) -> Database:
        return Database(
            self.folder,
            threads=self._settings.explorer_threads,
            memory_bytes=self._settings.explorer_memory_bytes,
            concurrency=self._settings.explorer_concurrency,
        )

    @cached_property
    def exports(self) -> Exports:
        return Exports(
            self.folder,
            self.database,
            ExportLimits(
                at_a_time=self._settings.explorer_exports,
                max_bytes=self._settings.explorer_export_bytes,
                time=timedelta(seconds=self._settings.explorer_export_seconds),
            ),
        )

    def forget_unused(self, since: timedelta) -> None:
        if "cache" in self.__dict__:
            self.cache.forget_unused(since)

    async def close(self) -> None:
        if "cache" in self.__dict__:
            await self.cache.close()
        if "database" in self.__dict__:
            self.database.close()
        self._stack.close()
