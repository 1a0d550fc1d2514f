"""Files on local disk: fetched once, checked, and let go."""

import asyncio
import hashlib
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from gas.adapters.memory import MemoryPorts
from gas.domain.errors import ErrorCode, TransientError
from gas.domain.job import ResultFile
from services.api.explorer.cache import FileCache
from services.api.problems import Problem
from tests.unit.api.world import Clock


class Store:
    """The store of results, which counts downloads and can be slow or away."""

    def __init__(self, ports: MemoryPorts) -> None:
        self._results = ports.results
        self.downloads: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_away = False

    def put(self, name: str, content: bytes) -> ResultFile:
        self._results._bucket.put(name, content, content_type="text/plain")
        return _file(name, content)

    async def download(self, key: str, target: Path, version_id: str | None = None) -> None:
        self.downloads.append(key)
        await self.gate.wait()
        if self.is_away:
            raise TransientError(ErrorCode.SERVICE_UNAVAILABLE, "The store is away.")
        await self._results.download(key, target, version_id)


def _file(name: str, content: bytes) -> ResultFile:
    digest = hashlib.sha256(content).hexdigest()
    return ResultFile(name=name, size=len(content), sha256=digest, key=name)


@pytest.fixture
def store(ports: MemoryPorts) -> Store:
    return Store(ports)


@pytest.fixture
def cache(store: Store, tmp_path: Path, clock: Clock) -> FileCache:
    return FileCache(tmp_path, store, 100, clock)  # type: ignore[arg-type]  # all it needs


async def read(cache: FileCache, file: ResultFile) -> bytes:
    async with cache.open(file, file.key or "") as path:
        return path.read_bytes()


async def test_a_file_is_fetched_once(cache: FileCache, store: Store) -> None:
    file = store.put("a", b"content")
    assert await read(cache, file) == await read(cache, file) == b"content"
    assert store.downloads == ["a"]


async def test_two_who_ask_at_once_cause_one_fetch(cache: FileCache, store: Store) -> None:
    file = store.put("a", b"content")
    store.gate.clear()
    readers = [asyncio.create_task(read(cache, file)) for _ in range(5)]
    await asyncio.sleep(0.01)
    readers[0].cancel()  # that one leaves; the others still get it
    store.gate.set()
    assert await asyncio.gather(*readers[1:]) == [b"content"] * 4
    assert store.downloads == ["a"]


async def test_what_was_looked_at_least_recently_goes(
    cache: FileCache, store: Store, clock: Clock
) -> None:
    a, b, c = (store.put(name, name.encode() * 40) for name in "abc")
    for file in (a, b, a, c):
        clock.advance(timedelta(seconds=1))
        await read(cache, file)
    await read(cache, a)
    assert store.downloads == ["a", "b", "c"]
    await read(cache, b)
    assert store.downloads == ["a", "b", "c", "b"]


async def test_what_is_in_use_stays(cache: FileCache, store: Store) -> None:
    files = [store.put(name, name.encode() * 40) for name in "abc"]
    async with AsyncExitStack() as stack:
        paths = [await stack.enter_async_context(cache.open(f, f.name)) for f in files[:2]]
        with pytest.raises(Problem) as refused:
            await read(cache, files[2])
        assert refused.value.status_code == 503
        assert all(path.exists() for path in paths)
    assert await read(cache, files[2]) == b"c" * 40


async def test_what_is_larger_than_everything_is_refused(cache: FileCache, store: Store) -> None:
    with pytest.raises(Problem) as refused:
        await read(cache, store.put("a", b"x" * 101))
    assert refused.value.code == "limit_exceeded"
    assert store.downloads == []


async def test_a_file_that_is_not_what_the_record_says_is_not_served(
    cache: FileCache, store: Store, tmp_path: Path
) -> None:
    store.put("a", b"something")
    with pytest.raises(Problem) as refused:
        await read(cache, _file("a", b"different"))
    assert refused.value.code == "result_corrupt"
    assert list(tmp_path.iterdir()) == []


async def test_a_failure_is_not_remembered(cache: FileCache, store: Store) -> None:
    file = store.put("a", b"content")
    store.is_away = True
    with pytest.raises(TransientError):
        await read(cache, file)
    store.is_away = False
    assert await read(cache, file) == b"content"


async def test_whoever_waits_too_long_is_told_to_come_again(
    cache: FileCache, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.api.explorer.cache._PATIENCE", timedelta(milliseconds=10))
    file = store.put("a", b"content")
    store.gate.clear()
    with pytest.raises(Problem) as refused:
        await read(cache, file)
    assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "5"})
    store.gate.set()
    await asyncio.sleep(0.05)
    assert await read(cache, file) == b"content"
    assert store.downloads == ["a"]


async def test_what_nobody_looks_at_any_more_goes(
    cache: FileCache, store: Store, clock: Clock, tmp_path: Path
) -> None:
    old, held = store.put("a", b"old"), store.put("b", b"held")
    await read(cache, old)
    async with cache.open(held, "b") as path:
        clock.advance(timedelta(hours=2))
        cache.forget_unused(timedelta(hours=1))
        assert list(tmp_path.iterdir()) == [path]
