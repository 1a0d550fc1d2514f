# ruff: noqa: S608 - names of files of our own
"""DuckDB as the explorer has it: locked up, and ended when it takes too long."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from services.api.explorer.database import Database, Session
from services.api.problems import Problem
from tests.unit.api.explorer.tables import write_table

_SECOND = timedelta(seconds=1)
_ENDLESS = "SELECT count(*) FROM range(1000000000000) a WHERE a.range % 7 = 3"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inside").mkdir()
    return tmp_path / "inside"


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    database = Database(folder, threads=1, memory_bytes=64 * 1024**2, concurrency=2)
    yield database
    database.close()


async def ask(database: Database, sql: str, within: timedelta = 10 * _SECOND) -> object:
    return await database.run(lambda session: session.rows(sql, {}), within)


async def test_it_reads_its_folder_and_nothing_else(
    database: Database, folder: Path, tmp_path: Path
) -> None:
    write_table(folder / "a.parquet")
    write_table(tmp_path / "b.parquet")
    assert await ask(database, f"SELECT count(*) FROM '{folder}/a.parquet'") == [(7,)]
    for outside in (f"{tmp_path}/b.parquet", f"{folder}/../b.parquet"):
        with pytest.raises(duckdb.PermissionException):
            await ask(database, f"SELECT count(*) FROM '{outside}'")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/evil'",
        "ATTACH '/tmp/evil.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '9GB'",
        "SET allowed_directories = ['/']",
        "SET autoload_known_extensions = true",
        "SELECT * FROM 'https://example.org/x.parquet'",
    ],
)
async def test_no_statement_gets_out(database: Database, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        await ask(database, sql)


async def test_what_takes_too_long_is_ended(database: Database) -> None:
    began = time.monotonic()
    with pytest.raises(Problem) as refused:
        await ask(database, _ENDLESS, within=timedelta(milliseconds=100))
    assert refused.value.status_code == 503
    assert time.monotonic() - began < 5
    assert await ask(database, "SELECT 1") == [(1,)]


async def test_what_waited_too_long_for_its_turn_is_never_begun(database: Database) -> None:
    busy = [asyncio.create_task(ask(database, _ENDLESS, _SECOND)) for _ in range(2)]
    await asyncio.sleep(0.1)
    begun = []

    def note(session: Session) -> None:
        begun.append(session)

    with pytest.raises(Problem):
        await database.run(note, timedelta(milliseconds=50))
    for task in busy:
        with pytest.raises(Problem):
            await task
    assert begun == []


async def test_a_question_ends_with_whoever_asked(database: Database) -> None:
    task = asyncio.create_task(ask(database, _ENDLESS, 60 * _SECOND))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert await ask(database, "SELECT 1") == [(1,)]


async def test_what_needs_too_much_memory_is_refused(database: Database) -> None:
    with pytest.raises(Problem) as refused:
        await ask(
            database, "SELECT list(a.range::VARCHAR || repeat('x', 100)) FROM range(9999999) a"
        )
    assert refused.value.status_code == 503
