"""What only the Glacier vault has: parts, jobs, inventories, and a service without names."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gas.adapters.aws import AwsPorts, aws_ports
from gas.adapters.aws.vault.archive import VaultArchive
from gas.adapters.aws.vault.names import VaultId
from gas.domain.errors import ErrorCode, PermanentError, TransientError
from gas.messages import new_id
from gas.ports import RetrievalStatus, RetrievalTier
from gas.runtime.settings import CommonSettings
from tests.support.stack import Stack
from tests.support.vault.contents import MEBIBYTE, GlacierError, tree_hash_of
from tests.support.vault.server import VAULT
from tests.support.vault.strict import StrictVault

PART = 8 * MEBIBYTE
"""Glacier's parts are powers of two from 1 MiB on, S3's are at least 5 MiB."""

CONTENT = bytes(range(256)) * (2 * PART // 256) + b"the rest"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SIZE = len(CONTENT)
CONTENT_TYPE = "application/gzip"


def archive_of(ports: AwsPorts, glacier_client: Any, vault: str = VAULT) -> VaultArchive:
    """As a process that has just started; its parts are the smallest that both services take."""
    return VaultArchive(
        glacier_client,
        ports.results._client,
        ports.results._bucket,
        vault=vault,
        topic_arn="arn:aws:sns:us-east-1:000000000000:gas-retrievals",
        part_bytes=PART,
    )


@pytest.fixture
def client(on_vault: AwsPorts) -> Any:
    assert on_vault.vault_inventory is not None
    return on_vault.vault_inventory._client


@pytest.fixture
def archive(on_vault: AwsPorts, client: Any) -> VaultArchive:
    return archive_of(on_vault, client)


@pytest.fixture
def job_prefix() -> str:
    return f"{new_id()}/{new_id()}/"


@pytest.fixture
async def original(on_vault: AwsPorts, job_prefix: str, tmp_path: Path) -> str:
    file = tmp_path / "source"
    file.write_bytes(CONTENT)
    key = f"{job_prefix}1/annotated.vcf.gz"
    await on_vault.results.upload(file, key, content_type=CONTENT_TYPE)
    return key


@pytest.fixture
def cold_name(job_prefix: str) -> str:
    return f"{job_prefix}2/annotated.vcf.gz"


@pytest.fixture
async def archive_id(archive: VaultArchive, original: str, cold_name: str) -> str:
    return await archive.store(original, cold_name, size=SIZE, sha256=SHA256)


@pytest.fixture
def refusing(glacier: StrictVault) -> Iterator[StrictVault]:
    yield glacier
    glacier.refusal = None


async def until_ready(archive: VaultArchive, archive_id: str) -> None:
    async with asyncio.timeout(10):
        while await archive.retrieval_status(archive_id) is not RetrievalStatus.READY:
            await asyncio.sleep(0.1)


async def test_what_is_larger_than_a_part_goes_and_comes_in_parts(
    archive: VaultArchive,
    glacier: StrictVault,
    on_vault: AwsPorts,
    original: str,
    cold_name: str,
    job_prefix: str,
) -> None:
    glacier.requests.clear()
    archive_id = await archive.store(original, cold_name, size=SIZE, sha256=SHA256)
    assert glacier.requests == ["begin_upload", *["put_part"] * 3, "complete_upload"]
    [stored] = glacier.archives_of(job_prefix)
    assert (stored.size, stored.tree_hash) == (SIZE, tree_hash_of(CONTENT))
    assert stored.description == f"{cold_name} {CONTENT_TYPE}"

    await archive.begin_retrieval(archive_id)
    await until_ready(archive, archive_id)
    glacier.requests.clear()
    warm_name = f"{job_prefix}3/annotated.vcf.gz"
    await archive.bring_back(archive_id, warm_name)
    assert glacier.requests.count("get_job_output") == 3
    assert await on_vault.results.sha256(warm_name) == (SIZE, SHA256)
    head = await on_vault.results._client.head_object(
        Bucket=on_vault.results._bucket, Key=warm_name
    )
    assert head["ContentType"] == CONTENT_TYPE


async def test_of_a_wrong_original_nothing_stays_in_the_vault(
    archive: VaultArchive, glacier: StrictVault, original: str, cold_name: str, job_prefix: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        await archive.store(original, cold_name, size=SIZE, sha256=hashlib.sha256(b"").hexdigest())
    assert caught.value.code is ErrorCode.RESULT_CORRUPT
    assert glacier.archives_of(job_prefix) == []
    assert glacier.uploads == {}


async def test_storing_again_makes_no_second_archive(
    archive: VaultArchive,
    glacier: StrictVault,
    original: str,
    cold_name: str,
    archive_id: str,
    job_prefix: str,
) -> None:
    assert await archive.store(original, cold_name, size=SIZE, sha256=SHA256) == archive_id
    assert len(glacier.archives_of(job_prefix)) == 1


async def test_a_marker_of_something_else_is_not_believed(
    archive: VaultArchive, original: str, cold_name: str, archive_id: str
) -> None:
    with pytest.raises(PermanentError) as caught:
        await archive.store(original, cold_name, size=SIZE + 1, sha256=SHA256)
    assert caught.value.code is ErrorCode.RESULT_CORRUPT


async def test_a_retrieval_is_begun_once_whoever_asks(
    archive: VaultArchive, glacier: StrictVault, on_vault: AwsPorts, client: Any, archive_id: str
) -> None:
    """Also by a process that knows of none: it goes through all pages of the list."""
    assert await archive.begin_retrieval(archive_id) is RetrievalTier.EXPEDITED
    begun = [job for job in glacier.jobs.values() if job.archive]
    others = [archive_of(on_vault, client) for _ in range(2)]
    for other in others:
        assert await other.begin_retrieval(archive_id) is RetrievalTier.EXPEDITED
    assert [job for job in glacier.jobs.values() if job.archive] == begun


async def test_a_retrieval_that_failed_can_be_begun_again(
    archive: VaultArchive, glacier: StrictVault, archive_id: str
) -> None:
    await archive.begin_retrieval(archive_id)
    glacier.fail_jobs()
    assert await archive.retrieval_status(archive_id) is RetrievalStatus.NOT_REQUESTED
    await archive.begin_retrieval(archive_id)
    assert await archive.retrieval_status(archive_id) is RetrievalStatus.IN_PROGRESS


async def test_a_retrieval_that_glacier_forgot_can_be_begun_again(
    archive: VaultArchive, glacier: StrictVault, archive_id: str, cold_name: str
) -> None:
    await archive.begin_retrieval(archive_id)
    await until_ready(archive, archive_id)
    glacier.forget_jobs()
    with pytest.raises(TransientError):
        await archive.bring_back(archive_id, cold_name + ".back")
    assert await archive.retrieval_status(archive_id) is RetrievalStatus.NOT_REQUESTED
    await archive.begin_retrieval(archive_id)
    assert await archive.retrieval_status(archive_id) is RetrievalStatus.IN_PROGRESS


async def test_what_is_not_the_archive_does_not_pass_for_it(
    archive: VaultArchive, glacier: StrictVault, archive_id: str, cold_name: str
) -> None:
    await archive.begin_retrieval(archive_id)
    await until_ready(archive, archive_id)
    for job in glacier.jobs.values():
        if job.archive and job.archive.description.startswith(cold_name):
            job.archive = replace(job.archive, tree_hash=tree_hash_of(b"something else"))
    with pytest.raises(PermanentError) as caught:
        await archive.bring_back(archive_id, cold_name + ".back")
    assert caught.value.code is ErrorCode.RESULT_CORRUPT


async def test_a_vault_that_is_missing_does_not_make_its_archives_gone(
    on_vault: AwsPorts, client: Any, original: str, cold_name: str, archive_id: str
) -> None:
    elsewhere = archive_of(on_vault, client, "misspelt")
    found = VaultId.find_in(archive_id)
    assert found is not None
    lost = str(found._replace(vault="misspelt"))
    with pytest.raises(TransientError):
        await elsewhere.begin_retrieval(lost)
    with pytest.raises(TransientError):
        await elsewhere.retrieval_status(lost)
    with pytest.raises(TransientError):
        await elsewhere.delete(lost)
    with pytest.raises(TransientError):
        await elsewhere.store(original, cold_name + "2", size=SIZE, sha256=SHA256)


@pytest.mark.parametrize(
    ("code", "status"), [("PolicyEnforcedException", 400), ("LimitExceededException", 400)]
)
async def test_what_a_policy_of_the_account_forbids_now_is_tried_later(
    archive: VaultArchive, refusing: StrictVault, archive_id: str, code: str, status: int
) -> None:
    refusing.refusal = GlacierError(code, "too much at a time", status)
    with pytest.raises(TransientError):
        await archive.begin_retrieval(archive_id)


@pytest.fixture
async def on_s3(infrastructure: Stack, glacier: StrictVault) -> AsyncIterator[AwsPorts]:
    """As ``on_vault``, but new results go to S3's Glacier class."""
    settings = CommonSettings(
        inputs_bucket=infrastructure.inputs_bucket, results_bucket=infrastructure.results_bucket
    )
    async with aws_ports(settings, pool_size=10) as ports:
        yield ports


async def test_old_results_stay_reachable_when_the_operator_changes_the_archive(
    on_s3: AwsPorts, on_vault: AwsPorts, original: str, cold_name: str
) -> None:
    """Each set of ports finds what the other one archived."""
    homes = {"s3": on_s3.archive, "vault": on_vault.archive}
    for home, other in (("s3", "vault"), ("vault", "s3")):
        made = await homes[home].store(original, f"{cold_name}.{home}", size=SIZE, sha256=SHA256)
        assert await homes[other].retrieval_status(made) is RetrievalStatus.NOT_REQUESTED
        await homes[other].delete(made)
        with pytest.raises(FileNotFoundError):
            await homes[home].begin_retrieval(made)
