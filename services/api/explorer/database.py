"""DuckDB, locked up: it reads the files of one folder and nothing else, in so much memory and time."""

import asyncio
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import structlog

from services.api.problems import unavailable

log = structlog.get_logger()

T = TypeVar("T")

_LOOK_EVERY = timedelta(milliseconds=250)
_INTERRUPT_AGAIN = timedelta(milliseconds=50)


class StoppedError(Exception):
    """The work took too long, or nobody waits for it any more."""


class Session:
    """One connection, for the work of one thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._stopped = False

    def rows(self, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows of the answer. Raises StoppedError."""
        self.execute(sql, values)
        rows: list[tuple[Any, ...]] = self.connection.fetchall()
        return rows

    def execute(self, sql: str, values: Mapping[str, Any]) -> None:
        if self._stopped:
            raise StoppedError
        self.connection.execute(sql, dict(values))

    def stop(self) -> None:
        """From another thread: no statement goes on after the one that is interrupted."""
        self._stopped = True
        self.connection.interrupt()


class Database:
    """Work in threads, ``concurrency`` at a time; it opens when it is first needed.

    ``threads`` and ``memory_bytes`` are shared by all that goes on at a time. What needs more
    memory goes to disk, up to as many bytes again, then fails.
    """

    def __init__(self, folder: Path, *, threads: int, memory_bytes: int, concurrency: int) -> None:
        self._folder = folder
        self._threads = threads
        self._memory_bytes = memory_bytes
        self._executor = ThreadPoolExecutor(concurrency, thread_name_prefix="explorer")
        self._opening = threading.Lock()
        self._root: duckdb.DuckDBPyConnection | None = None

    async def run(
        self,
        work: Callable[[Session], T],
        within: timedelta,
        watch: Callable[[], None] = lambda: None,
    ) -> T:
        """``work`` in a thread. Raises a Problem (503) when that takes longer, waiting included.

        ``watch`` is called again and again meanwhile; what it raises ends the work. Returns or
        raises only when the thread is done: what it reads may go then.
        """
        session: Session | None = None
        given_up = threading.Event()

        def in_thread() -> T:
            nonlocal session
            if given_up.is_set():
                raise StoppedError
            with self._connected().cursor() as connection:
                session = Session(connection)
                return work(session)

        future = asyncio.get_running_loop().run_in_executor(self._executor, in_thread)
        try:
            async with asyncio.timeout(within.total_seconds()):
                while not future.done():
                    await asyncio.wait({future}, timeout=_LOOK_EVERY.total_seconds())
                    watch()
        except TimeoutError:
            log.warning("a query took too long", seconds=within.total_seconds())
        finally:
            given_up.set()
            while not future.done():
                if session is not None:
                    session.stop()
                await asyncio.wait({future}, timeout=_INTERRUPT_AGAIN.total_seconds())
        return _outcome(future)

    def close(self) -> None:
        self._executor.shutdown()
        if self._root is not None:
            self._root.close()

    def _connected(self) -> duckdb.DuckDBPyConnection:
        with self._opening:
            if self._root is None:
                self._root = self._open()
            return self._root

    def _open(self) -> duckdb.DuckDBPyConnection:
        root = duckdb.connect(
            ":memory:",
            config={
                "threads": self._threads,
                "memory_limit": f"{self._memory_bytes}B",
                "temp_directory": str(self._folder / "spilled"),
                "max_temp_directory_size": f"{self._memory_bytes}B",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
            },
        )
        root.execute("SET GLOBAL parquet_metadata_cache = true")  # files are never written again
        root.execute("SET allowed_directories = [$folder]", {"folder": f"{self._folder}/"})
        root.execute("SET enable_external_access = false")
        root.execute("SET lock_configuration = true")  # no statement can undo any of it
        return root


def _outcome(future: "asyncio.Future[T]") -> T:
    try:
        return future.result()
    except (StoppedError, duckdb.InterruptException) as error:
        raise unavailable(
            "This takes too long just now. Please try again, or look for less at a time."
        ) from error
    except duckdb.OutOfMemoryException as error:
        log.warning("a query needs more memory than there is", reason=str(error))
        raise unavailable("This needs more memory than there is. Please look for less.") from error
