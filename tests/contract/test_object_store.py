"""The contract of ObjectStore."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import anyio
import pytest

from gas.messages import new_id
from gas.ports import ObjectStore
from tests.contract.conftest import Browser
from tests.support.ports import Ports

MINUTE = timedelta(minutes=1)
CONTENT = bytes(range(256)) * 40
CONTENT_TYPE = "application/gzip"


def a_file(folder: Path, content: bytes) -> Path:
    file = folder / new_id()
    file.write_bytes(content)
    return file


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return a_file(tmp_path, CONTENT)


async def keys_of(store: ObjectStore, prefix: str) -> list[str]:
    keys: list[str] = []
    cursor = None
    while True:
        page = await store.list_page(prefix, cursor=cursor)
        keys += page.items
        if (cursor := page.cursor) is None:
            return keys


async def test_gives_back_what_was_put(
    ports: Ports, user_id: str, source: Path, tmp_path: Path
) -> None:
    key = f"{user_id}/job/1/a.vcf.gz"
    info = await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    assert (info.key, info.size) == (key, len(CONTENT))
    assert await ports.results.head(key) == info
    assert await ports.results.sha256(key) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    await ports.results.download(key, tmp_path / "target")
    assert (tmp_path / "target").read_bytes() == CONTENT


async def test_keeps_empty_files_too(ports: Ports, user_id: str, tmp_path: Path) -> None:
    empty = a_file(tmp_path, b"")
    key = f"{user_id}/job/1/annotate.log"
    assert (await ports.results.upload(empty, key, content_type="text/plain")).size == 0
    assert await ports.results.sha256(key) == (0, hashlib.sha256().hexdigest())


async def test_what_is_missing_is_missing(ports: Ports, user_id: str, tmp_path: Path) -> None:
    key = f"{user_id}/job/input"
    assert await ports.inputs.head(key) is None
    with pytest.raises(FileNotFoundError):
        await ports.inputs.sha256(key)
    with pytest.raises(FileNotFoundError):
        await ports.inputs.download(key, tmp_path / "target")
    assert names_in(tmp_path) == []


async def test_reads_the_version_that_is_asked_for(
    ports: Ports, user_id: str, tmp_path: Path, source: Path
) -> None:
    key = f"{user_id}/job/input"
    first = await ports.inputs.upload(source, key, content_type=CONTENT_TYPE)
    other = a_file(tmp_path, b"replaced")
    second = await ports.inputs.upload(other, key, content_type=CONTENT_TYPE)
    assert first.version_id
    assert second.version_id not in {None, first.version_id}
    assert second.etag != first.etag

    assert await ports.inputs.head(key, first.version_id) == first
    await ports.inputs.download(key, tmp_path / "target", first.version_id)
    assert (tmp_path / "target").read_bytes() == CONTENT
    assert await ports.inputs.head(key) == second


async def test_copies_the_version_that_is_asked_for(
    ports: Ports, user_id: str, source: Path, tmp_path: Path
) -> None:
    key, target = f"{user_id}/job/input", f"{user_id}/other/input"
    first = await ports.inputs.upload(source, key, content_type=CONTENT_TYPE)
    later = a_file(tmp_path, b"uploaded later")
    await ports.inputs.upload(later, key, content_type=CONTENT_TYPE)

    info = await ports.inputs.copy(key, first.version_id, target)

    assert (info.key, info.size) == (target, len(CONTENT))
    assert await ports.inputs.head(target) == info
    await ports.inputs.delete(key)
    await ports.inputs.download(target, tmp_path / "target", info.version_id)
    assert (tmp_path / "target").read_bytes() == CONTENT
    with pytest.raises(FileNotFoundError):
        await ports.inputs.copy(key, first.version_id, target)


async def test_reads_a_part(ports: Ports, user_id: str, source: Path) -> None:
    key = f"{user_id}/job/input"
    first = await ports.inputs.upload(source, key, content_type=CONTENT_TYPE)
    later = a_file(source.parent, CONTENT[::-1])
    await ports.inputs.upload(later, key, content_type=CONTENT_TYPE)
    for start, end in ((0, 1), (100, 200), (len(CONTENT) - 7, len(CONTENT))):
        part = await ports.inputs.read(key, first.version_id, start=start, end=end)
        assert part == CONTENT[start:end]
        assert await ports.inputs.read(key, start=start, end=end) == CONTENT[::-1][start:end]
    with pytest.raises(FileNotFoundError):
        await ports.inputs.read(f"{user_id}/none/input", start=0, end=1)


async def test_deletes_all_of_one_key_and_nothing_of_another(
    ports: Ports, user_id: str, source: Path
) -> None:
    key = f"{user_id}/job/1/a"
    neighbours = [key + "b", key + "/c", f"{user_id}/job/1/A"]
    first = await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    for one in [key, *neighbours]:
        await ports.results.upload(source, one, content_type=CONTENT_TYPE)
    await ports.results.delete(key)
    assert await ports.results.head(key) is None
    assert await ports.results.head(key, first.version_id) is None
    assert await keys_of(ports.results, f"{user_id}/") == sorted(neighbours)
    await ports.results.delete(key)


async def test_lists_a_key_once_whatever_its_versions(
    ports: Ports, user_id: str, source: Path
) -> None:
    keys = [f"{user_id}/job/{attempt}/a" for attempt in (1, 2)]
    for key in keys * 2:
        await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    assert await keys_of(ports.results, f"{user_id}/job/") == keys
    assert await keys_of(ports.results, f"{new_id()}/") == []


async def test_takes_an_upload_by_its_form(ports: Ports, user_id: str, browser: Browser) -> None:
    key = f"{user_id}/job/input"
    form = await ports.inputs.upload_form(key, max_bytes=len(CONTENT), expires=MINUTE)
    assert form.max_bytes == len(CONTENT)
    assert await browser.post(form, CONTENT) == 204
    info = await ports.inputs.head(key)
    assert info is not None
    assert info.size == len(CONTENT)


async def test_sends_the_browser_on_after_an_upload(
    ports: Ports, user_id: str, browser: Browser
) -> None:
    key = f"{user_id}/job/input"
    form = await ports.inputs.upload_form(
        key, max_bytes=len(CONTENT), expires=MINUTE, redirect="https://gas.example/checked"
    )
    assert await browser.post(form, CONTENT) == 303
    assert await ports.inputs.head(key) is not None


async def test_refuses_an_upload_of_another_size(
    ports: Ports, user_id: str, browser: Browser
) -> None:
    key = f"{user_id}/job/input"
    form = await ports.inputs.upload_form(key, max_bytes=len(CONTENT) - 1, expires=MINUTE)
    assert await browser.post(form, CONTENT) == 400
    assert await browser.post(form, b"") == 400
    assert await ports.inputs.head(key) is None


async def test_refuses_an_upload_to_another_key(
    ports: Ports, user_id: str, browser: Browser
) -> None:
    key, other = f"{user_id}/job/input", f"{user_id}/job/other"
    form = await ports.inputs.upload_form(key, max_bytes=len(CONTENT), expires=MINUTE)
    assert await browser.post(form, CONTENT, key=other) == 403
    assert await ports.inputs.head(other) is None


async def test_serves_a_download_by_its_url(
    ports: Ports, user_id: str, browser: Browser, source: Path
) -> None:
    key = f"{user_id}/job/1/a b+é.vcf.gz"
    await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    name = 'é "quoted"\r\n.vcf.gz'
    url = await ports.results.download_url(key, file_name=name, expires=MINUTE)
    assert await browser.get(url) == CONTENT


async def test_a_download_url_can_name_a_version(
    ports: Ports, user_id: str, browser: Browser, source: Path
) -> None:
    key = f"{user_id}/job/input"
    first = await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    later = source.with_name("later")
    await anyio.Path(later).write_bytes(b"uploaded later")
    await ports.results.upload(later, key, content_type=CONTENT_TYPE)
    url = await ports.results.download_url(key, first.version_id, file_name="a.vcf", expires=MINUTE)
    assert await browser.get(url) == CONTENT


async def test_a_download_url_expires(
    ports: Ports, user_id: str, browser: Browser, source: Path
) -> None:
    key = f"{user_id}/job/1/a.vcf.gz"
    await ports.results.upload(source, key, content_type=CONTENT_TYPE)
    second = timedelta(seconds=1)
    url = await ports.results.download_url(key, file_name="a.vcf.gz", expires=second)
    await asyncio.sleep(2.1)
    with pytest.raises(PermissionError):
        await browser.get(url)
