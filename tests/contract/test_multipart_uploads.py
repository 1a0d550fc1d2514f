"""The contract of MultipartUploads."""

from datetime import timedelta

import httpx
import pytest

from gas.adapters.memory import MemoryPorts
from tests.support.ports import Ports

MINUTE = timedelta(minutes=1)
PART = 5 * 1024**2  # the least that S3 takes, but for the last one
FIRST, LAST = b"a" * PART, b"the end"


class Parts:
    """A browser that uploads parts of one key."""

    def __init__(self, ports: Ports, key: str) -> None:
        self._ports = ports
        self.key = key

    async def put(self, upload_id: str, number: int, content: bytes, *, said: int = -1) -> int:
        """The status; ``said`` is the size that the address is made for, if not the right one."""
        url = await self._ports.uploads.part_url(
            self.key, upload_id, number, size=len(content) if said < 0 else said, expires=MINUTE
        )
        return await self.send(url, content)

    async def send(self, url: str, content: bytes) -> int:
        if isinstance(self._ports, MemoryPorts):
            return self._ports.uploads.put(url, content)
        async with httpx.AsyncClient() as client:
            return (await client.put(url, content=content)).status_code


@pytest.fixture
def browser_parts(ports: Ports, user_id: str) -> Parts:
    return Parts(ports, f"{user_id}/job/input")


def numbers(parts: object) -> list[tuple[int, int]]:
    assert isinstance(parts, list)
    return [(part.number, part.size) for part in parts]


async def test_makes_an_object_of_parts_in_any_order(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    upload_id = await ports.uploads.begin(key)
    assert await browser_parts.put(upload_id, 2, LAST) == 200
    assert await browser_parts.put(upload_id, 1, FIRST) == 200
    parts = await ports.uploads.parts(key, upload_id)
    assert numbers(parts) == [(1, len(FIRST)), (2, len(LAST))]
    assert await ports.inputs.head(key) is None
    info = await ports.uploads.complete(key, upload_id, parts)
    assert (info.key, info.size) == (key, len(FIRST) + len(LAST))
    assert await ports.inputs.head(key) == info
    end = await ports.inputs.read(key, start=PART - 1, end=info.size)
    assert end == b"a" + LAST


async def test_goes_on_with_what_is_there(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    assert await ports.uploads.find(key) is None
    upload_id = await ports.uploads.begin(key)
    await browser_parts.put(upload_id, 1, FIRST)
    assert await ports.uploads.find(key) == upload_id
    assert await ports.uploads.find(key[:-1]) is None
    assert numbers(await ports.uploads.parts(key, upload_id)) == [(1, PART)]


async def test_a_part_that_is_sent_again_takes_the_place(
    ports: Ports, browser_parts: Parts
) -> None:
    key = browser_parts.key
    upload_id = await ports.uploads.begin(key)
    await browser_parts.put(upload_id, 1, b"not yet")
    await browser_parts.put(upload_id, 1, LAST)
    parts = await ports.uploads.parts(key, upload_id)
    info = await ports.uploads.complete(key, upload_id, parts)
    assert await ports.inputs.read(key, start=0, end=info.size) == LAST


async def test_leaves_out_parts_that_are_not_asked_for(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    upload_id = await ports.uploads.begin(key)
    for number in (1, 2):
        await browser_parts.put(upload_id, number, LAST)
    first, _ = await ports.uploads.parts(key, upload_id)
    assert (await ports.uploads.complete(key, upload_id, [first])).size == len(LAST)


async def test_two_begun_at_once_are_one_for_everybody(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    begun = {await ports.uploads.begin(key) for _ in range(2)}
    found = {await ports.uploads.find(key) for _ in range(2)}
    assert len(begun) == 2
    assert len(found) == 1
    assert found < begun


async def test_after_the_end_there_is_no_upload(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    for end in ("complete", "abort"):
        upload_id = await ports.uploads.begin(key)
        await browser_parts.put(upload_id, 1, LAST)
        parts = await ports.uploads.parts(key, upload_id)
        if end == "complete":
            await ports.uploads.complete(key, upload_id, parts)
        else:
            await ports.uploads.begin(key)
            await ports.uploads.abort_all(key)
        assert await ports.uploads.find(key) is None
        with pytest.raises(FileNotFoundError):
            await ports.uploads.parts(key, upload_id)
        assert await browser_parts.put(upload_id, 1, LAST) == 404
    with pytest.raises(FileNotFoundError):
        await ports.uploads.complete(key, upload_id, parts)
    await ports.uploads.abort_all(key)


async def test_aborting_leaves_other_keys_alone(ports: Ports, browser_parts: Parts) -> None:
    key = browser_parts.key
    upload_id = await ports.uploads.begin(f"{key}-other")
    await ports.uploads.abort_all(key)
    assert await ports.uploads.find(f"{key}-other") == upload_id
    await ports.uploads.abort_all(f"{key}-other")


async def test_counts_more_parts_than_a_page_of_the_store_has(
    ports: Ports, browser_parts: Parts
) -> None:
    key = browser_parts.key
    upload_id = await ports.uploads.begin(key)
    for number in range(1, 1003):
        assert await browser_parts.put(upload_id, number, b"x") == 200
    parts = await ports.uploads.parts(key, upload_id)
    assert numbers(parts) == [(number, 1) for number in range(1, 1003)]
    await ports.uploads.abort_all(key)


async def test_an_address_is_good_for_its_part_and_size_alone(
    ports: Ports, browser_parts: Parts
) -> None:
    upload_id = await ports.uploads.begin(browser_parts.key)
    assert await browser_parts.put(upload_id, 1, LAST, said=len(LAST) - 1) == 403
    url = await ports.uploads.part_url(
        browser_parts.key, upload_id, 1, size=len(LAST), expires=MINUTE
    )
    if not isinstance(ports, MemoryPorts):
        assert await browser_parts.send(url.replace("partNumber=1", "partNumber=2"), LAST) == 403
    assert await ports.uploads.parts(browser_parts.key, upload_id) == []
