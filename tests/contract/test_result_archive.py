"""The contract of ResultArchive: the whole way of a result into the archive and back.

Besides the two sets of ports that every contract is tried on, a third: with the Glacier vault.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from gas.adapters.aws import AwsPorts
from gas.adapters.memory import MemoryPorts
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.messages import RetrievalCompleted, new_id, parse
from gas.ports import RetrievalStatus, RetrievalTier
from gas.runtime.topology import Queue
from tests.support.faults import expedited_refused
from tests.support.ports import Ports
from tests.support.vault.strict import StrictVault

CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SIZE = len(CONTENT)


@pytest.fixture(params=["in_memory", "on_aws", "on_vault"])
def ports(request: pytest.FixtureRequest) -> Ports:
    ports: Ports = request.getfixturevalue(request.param)
    return ports


@pytest.fixture
def job_id() -> str:
    return new_id()


@pytest.fixture
async def original(ports: Ports, user_id: str, job_id: str, tmp_path: Path) -> str:
    """The key of a result in the results bucket."""
    file = tmp_path / "source"
    file.write_bytes(CONTENT)
    key = f"{user_id}/{job_id}/1/annotated.vcf.gz"
    await ports.results.upload(file, key, content_type="application/gzip")
    return key


@pytest.fixture
def cold_name(user_id: str, job_id: str) -> str:
    return f"{user_id}/{job_id}/2/annotated.vcf.gz"


@pytest.fixture
def warm_name(user_id: str, job_id: str) -> str:
    return f"{user_id}/{job_id}/3/annotated.vcf.gz"


@pytest.fixture
async def archive_id(ports: Ports, original: str, cold_name: str) -> str:
    """The id of the result in the archive, the original deleted."""
    archive_id = await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    await ports.results.delete(original)
    return archive_id


async def until_ready(ports: Ports, archive_id: str) -> None:
    async with asyncio.timeout(10):
        while await ports.archive.retrieval_status(archive_id) is not RetrievalStatus.READY:
            await asyncio.sleep(0.1)


async def test_a_result_goes_into_the_archive_and_comes_back(
    ports: Ports, archive_id: str, warm_name: str, just_begun: RetrievalStatus
) -> None:
    status = ports.archive.retrieval_status
    assert await status(archive_id) is RetrievalStatus.NOT_REQUESTED
    assert await ports.archive.begin_retrieval(archive_id) is RetrievalTier.EXPEDITED
    assert await status(archive_id) is just_begun
    await until_ready(ports, archive_id)

    await ports.archive.bring_back(archive_id, warm_name)
    assert await ports.results.sha256(warm_name) == (SIZE, SHA256)

    await ports.archive.delete(archive_id)
    await ports.archive.delete(archive_id)
    assert await ports.results.sha256(warm_name) == (SIZE, SHA256)


async def test_what_is_deleted_cannot_be_asked_for(ports: Ports, archive_id: str) -> None:
    await ports.archive.delete(archive_id)
    with pytest.raises(FileNotFoundError):
        await ports.archive.begin_retrieval(archive_id)


async def test_a_store_that_nobody_heard_the_end_of_is_deleted_by_name(
    ports: Ports, original: str, cold_name: str
) -> None:
    archive_id = await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    await ports.archive.delete(cold_name)
    with pytest.raises(FileNotFoundError):
        await ports.archive.begin_retrieval(archive_id)
    assert await ports.results.head(cold_name) is None
    assert await ports.results.sha256(original) == (SIZE, SHA256)


async def test_what_never_was_is_deleted_without_a_word(ports: Ports, cold_name: str) -> None:
    await ports.archive.delete(cold_name)


async def test_storing_leaves_the_original_as_it_is(
    ports: Ports, original: str, cold_name: str
) -> None:
    before = await ports.results.head(original)
    await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    assert await ports.results.head(original) == before
    assert await ports.results.sha256(original) == (SIZE, SHA256)


async def test_storing_again_is_harmless(ports: Ports, original: str, cold_name: str) -> None:
    """Also when the original is gone already: the copy is there, and is verified."""
    once = await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    assert await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256) == once
    await ports.results.delete(original)
    assert await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256) == once


async def test_two_generations_do_not_touch_each_other(
    ports: Ports, original: str, cold_name: str
) -> None:
    first = await ports.archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    second = await ports.archive.store(original, cold_name + "2", size=SIZE, sha256=SHA256)
    await ports.archive.delete(first)
    assert await ports.archive.retrieval_status(second) is RetrievalStatus.NOT_REQUESTED


async def test_refuses_to_store_what_is_missing(ports: Ports, cold_name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await ports.archive.store(cold_name + ".no", cold_name, size=SIZE, sha256=SHA256)


@pytest.mark.parametrize(
    ("size", "sha256"), [(SIZE + 1, SHA256), (SIZE, hashlib.sha256(b"else").hexdigest())]
)
async def test_refuses_to_store_what_is_not_what_the_record_says(
    ports: Ports, original: str, cold_name: str, size: int, sha256: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        await ports.archive.store(original, cold_name, size=size, sha256=sha256)
    assert caught.value.code is ErrorCode.RESULT_CORRUPT
    assert await ports.results.sha256(original) == (SIZE, SHA256)


async def test_what_is_archived_cannot_be_read(
    ports: Ports, archive_id: str, tmp_path: Path
) -> None:
    with pytest.raises((PermanentError, FileNotFoundError)) as caught:
        await ports.results.download(archive_id, tmp_path / "target")
    if isinstance(caught.value, PermanentError):  # an archive in the bucket itself
        assert caught.value.code is ErrorCode.FILE_ARCHIVED
    assert not (tmp_path / "target").exists()


async def test_nothing_comes_back_before_it_is_ready(
    ports: Ports, archive_id: str, warm_name: str, just_begun: RetrievalStatus
) -> None:
    with pytest.raises(TransientError):
        await ports.archive.bring_back(archive_id, warm_name)
    await ports.archive.begin_retrieval(archive_id)
    if just_begun is not RetrievalStatus.READY:
        with pytest.raises(TransientError):
            await ports.archive.bring_back(archive_id, warm_name)
    assert await ports.results.head(warm_name) is None


async def test_asking_again_counts_as_success(ports: Ports, archive_id: str) -> None:
    await ports.archive.begin_retrieval(archive_id)
    await ports.archive.begin_retrieval(archive_id)
    await until_ready(ports, archive_id)
    await ports.archive.begin_retrieval(archive_id)
    assert await ports.archive.retrieval_status(archive_id) is RetrievalStatus.READY


@contextmanager
def refused_in_memory(ports: MemoryPorts) -> Iterator[None]:
    ports.archive.expedited_refused = True
    try:
        yield
    finally:
        ports.archive.expedited_refused = False


@contextmanager
def refused_by_s3(ports: AwsPorts) -> Iterator[None]:
    with expedited_refused(ports.results._client) as asked:
        yield
    assert asked == ["Expedited", "Standard"]


@contextmanager
def refused_by_glacier(glacier: StrictVault) -> Iterator[None]:
    glacier.requests.clear()
    glacier.has_expedited_capacity = False
    try:
        yield
    finally:
        glacier.has_expedited_capacity = True
    asked = [request for request in glacier.requests if request.startswith("initiate_job")]
    assert asked == ["initiate_job Expedited", "initiate_job Standard"]


@pytest.fixture
def no_expedited_capacity(
    ports: Ports, request: pytest.FixtureRequest
) -> AbstractContextManager[None]:
    """Within, Expedited is refused, and on AWS must have been asked for before Standard."""
    if isinstance(ports, MemoryPorts):
        return refused_in_memory(ports)
    assert isinstance(ports, AwsPorts)
    if ports.vault_inventory is None:
        return refused_by_s3(ports)
    return refused_by_glacier(request.getfixturevalue("glacier"))


async def test_takes_standard_where_expedited_is_refused(
    ports: Ports,
    archive_id: str,
    just_begun: RetrievalStatus,
    no_expedited_capacity: AbstractContextManager[None],
) -> None:
    with no_expedited_capacity:
        assert await ports.archive.begin_retrieval(archive_id) is RetrievalTier.STANDARD
    assert await ports.archive.retrieval_status(archive_id) is just_begun
    await until_ready(ports, archive_id)


async def test_what_was_never_cold_is_ready(ports: Ports, original: str) -> None:
    assert await ports.archive.retrieval_status(original) is RetrievalStatus.READY
    await ports.archive.begin_retrieval(original)


async def test_asks_for_nothing_that_is_not_there(ports: Ports, cold_name: str) -> None:
    with pytest.raises(FileNotFoundError):
        await ports.archive.begin_retrieval(cold_name)
    with pytest.raises(FileNotFoundError):
        await ports.archive.bring_back(cold_name, cold_name + ".back")


async def test_the_thaw_queue_hears_of_a_retrieval(
    ports: Ports, archive_id: str, user_id: str, job_id: str
) -> None:
    await ports.archive.begin_retrieval(archive_id)
    queue = ports.queue(Queue.THAW)
    found: list[RetrievalCompleted] = []
    async with asyncio.timeout(20):
        while not found:
            for delivery in await queue.receive(
                limit=10, wait=timedelta(seconds=1), visibility=timedelta(seconds=60)
            ):
                await queue.delete(delivery)
                found += [
                    message
                    for message in parse(delivery.body)
                    if isinstance(message, RetrievalCompleted) and message.user_id == user_id
                ]
    assert [message.job_id for message in found] == [job_id]
    assert await ports.archive.retrieval_status(archive_id) is RetrievalStatus.READY
