"""Downloads against a server that breaks off, is busy, changes its mind or refuses."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gas.annotation.reference.installing.fetch import fetch, new_client
from gas.domain.errors import ErrorCode, PermanentError
from tests.support.file_server import FileServer

_CONTENT = bytes(range(256)) * 64


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with new_client() as client:
        yield client


@pytest.fixture
def target(server: FileServer, tmp_path: Path) -> Path:
    (server.folder / "file").write_bytes(_CONTENT)
    return tmp_path / "fetched"


def get(client: httpx.Client, server: FileServer, target: Path) -> tuple[list[int], list[float]]:
    """The bytes that were reported, and the pauses that were made."""
    told: list[int] = []
    pauses: list[float] = []
    fetch(client, f"{server.url}/file", target, lambda done, _: told.append(done), pauses.append)
    return told, pauses


def ranges(server: FileServer) -> list[str | None]:
    return [asked for _, asked in server.requests]


def left_over(target: Path) -> set[str]:
    return {path.name for path in target.parent.glob(f"{target.name}*")}


def test_fetches_and_leaves_nothing_else(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    told, pauses = get(client, server, target)
    assert target.read_bytes() == _CONTENT
    assert (told[-1], pauses, left_over(target)) == (len(_CONTENT), [], {target.name})


def test_continues_where_it_broke_off(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.drop_after = [4000, 5000, None]
    get(client, server, target)
    assert target.read_bytes() == _CONTENT
    assert ranges(server) == [None, "bytes=4000-", "bytes=9000-"]


def test_another_process_continues_too(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.drop_after = [4000, 0, 0, 0, 0, 0]
    with pytest.raises(PermanentError) as caught:
        get(client, server, target)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
    assert not target.exists()
    server.drop_after.clear()
    server.requests.clear()
    get(client, server, target)
    assert target.read_bytes() == _CONTENT
    assert ranges(server) == ["bytes=4000-"]


def test_begins_anew_when_the_content_has_changed(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.drop_after = [4000, 0, 0, 0, 0, 0]
    with pytest.raises(PermanentError):
        get(client, server, target)
    server.drop_after.clear()
    (server.folder / "file").write_bytes(_CONTENT[::-1])
    server.version = 2
    get(client, server, target)
    assert target.read_bytes() == _CONTENT[::-1]


def test_begins_anew_where_the_server_knows_no_ranges(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.with_ranges = False
    server.drop_after = [4000, None]
    get(client, server, target)
    assert target.read_bytes() == _CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.drop_after = [9000, 0, 0, 0, 0, 0]
    with pytest.raises(PermanentError):
        get(client, server, target)
    server.drop_after.clear()
    (server.folder / "file").write_bytes(b"short")
    get(client, server, target)
    assert target.read_bytes() == b"short"


def test_waits_longer_each_time_for_a_busy_server(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.refuse = [503, 429, 500]
    _, pauses = get(client, server, target)
    assert pauses == [0.5, 1.0, 2.0]
    assert target.read_bytes() == _CONTENT


def test_gives_up_on_a_server_that_stays_busy(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    server.refuse = [503] * 9
    with pytest.raises(PermanentError, match="the server says 503"):
        get(client, server, target)
    assert len(server.requests) == 5


def test_a_refusal_is_final(client: httpx.Client, server: FileServer, target: Path) -> None:
    server.refuse = [403]
    with pytest.raises(PermanentError, match="403") as caught:
        get(client, server, target)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
    assert len(server.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/file", "gopher://x/file", "http://[/file"])
def test_what_cannot_be_reached_is_named(client: httpx.Client, tmp_path: Path, url: str) -> None:
    with pytest.raises(PermanentError) as caught:
        fetch(client, url, tmp_path / "file", lambda *_: None, lambda _: None)
    assert url in caught.value.message


def test_what_does_not_fit_is_not_begun(
    client: httpx.Client, server: FileServer, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(target.parent)._replace(free=64 * 1024**2 + 5000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(PermanentError, match=r"16\.4 kB are needed") as caught:
        get(client, server, target)
    assert caught.value.code is ErrorCode.REFERENCE_UNAVAILABLE
    assert not target.exists()


def test_what_is_there_already_is_not_fetched(
    client: httpx.Client, server: FileServer, target: Path
) -> None:
    get(client, server, target)
    server.requests.clear()
    get(client, server, target)
    assert server.requests == []
