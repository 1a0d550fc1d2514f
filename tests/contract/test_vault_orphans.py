"""Archives that no record names: an upload whose answer nobody heard leaves one in the vault."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from gas.adapters.aws import AwsPorts
from gas.adapters.aws.vault.archive import VaultArchive
from gas.adapters.aws.vault.inventory import VaultInventory
from gas.adapters.aws.vault.names import VaultId
from gas.domain import transitions
from gas.domain.job import Job
from gas.ports import Page
from services.reconciler.erasing import Erasing
from services.reconciler.orphans import OrphanSweep, is_orphan
from tests.support import jobs
from tests.support.vault.server import VAULT
from tests.support.vault.strict import StrictVault


class Died(Exception):  # noqa: N818 - nothing is wrong, the power is cut
    """Here the archiver died."""


@pytest.fixture
async def job(on_vault: AwsPorts, user_id: str, tmp_path: Path) -> Job:
    """Archiving: the attempt is counted, the original is in the bucket."""
    job = await jobs.completed(on_vault.jobs, user_id)
    file = tmp_path / "a.vcf.gz"
    file.write_bytes(b"\0")
    [result] = job.files
    assert result.key
    await on_vault.results.upload(file, result.key, content_type="application/gzip")
    return await begin(on_vault, job)


async def begin(ports: AwsPorts, job: Job) -> Job:
    change = transitions.begin_archive(job, jobs.LEASE, jobs.now() + 2 * jobs.LEASE * job.attempt)
    await ports.jobs.commit(change)
    return change.after


async def store(archive: VaultArchive, job: Job) -> str:
    [file] = job.files
    assert file.key
    sha256 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"  # of one zero byte
    return await archive.store(file.key, job.object_key(file.name), size=1, sha256=sha256)


async def dies_before_the_marker(archive: VaultArchive, job: Job) -> None:
    async def die(_: object) -> None:
        raise Died

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive._markers, "put", die)
        with pytest.raises(Died):
            await store(archive, job)


@pytest.fixture
def archive(on_vault: AwsPorts) -> VaultArchive:
    archive: Any = on_vault.archive
    vault: VaultArchive = archive._vault
    return vault


@pytest.fixture
async def inventory(
    on_vault: AwsPorts, glacier: StrictVault, archive: VaultArchive
) -> AsyncIterator[VaultInventory]:
    """Of a new day: no inventory was asked for yet."""
    glacier.forget_jobs()
    assert on_vault.vault_inventory
    yield VaultInventory(on_vault.vault_inventory._client, VAULT, archive)
    glacier.forget_jobs()


async def read_through(inventory: VaultInventory) -> list[str]:
    """All ids of one round."""
    found: list[str] = []
    cursor: str | None = None
    async with asyncio.timeout(20):
        while True:
            page = await inventory.list_page("", cursor=cursor)
            found += page.items
            if page.items and page.cursor is None:
                return found
            cursor = page.cursor
            await asyncio.sleep(0.1)


async def test_what_nobody_heard_of_is_found_and_goes(
    on_vault: AwsPorts,
    glacier: StrictVault,
    archive: VaultArchive,
    inventory: VaultInventory,
    job: Job,
) -> None:
    """The archiver died after its upload; the next one did it all again."""
    await dies_before_the_marker(archive, job)
    job = await begin(on_vault, job)
    [file] = job.files
    change = transitions.archive(job, {file.name: await store(archive, job)}, jobs.now())
    await on_vault.jobs.commit(change)
    [named] = [f.archive_id for f in change.after.files]
    assert len(glacier.archives_of(job.prefix)) == 2

    sweep = OrphanSweep(inventory, on_vault.jobs)
    async with asyncio.timeout(20):
        while len(glacier.archives_of(job.prefix)) == 2:
            await sweep.look_at_a_page()
            await asyncio.sleep(0.1)
    [left] = glacier.archives_of(job.prefix)
    assert named == str(VaultId(job.object_key(file.name), VAULT, left.archive_id))


async def test_what_is_just_being_made_stays(
    on_vault: AwsPorts,
    glacier: StrictVault,
    archive: VaultArchive,
    inventory: VaultInventory,
    job: Job,
) -> None:
    await store(archive, job)
    ids = await read_through(inventory)
    assert any(i.startswith(job.prefix) for i in ids)

    class Read:
        async def list_page(self, prefix: str, *, cursor: str | None = None) -> Any:
            return Page(ids, None)

        async def delete(self, key: str) -> None:
            raise AssertionError(key)

    assert await OrphanSweep(Read(), on_vault.jobs).look_at_a_page() == 0


async def test_a_deleted_job_takes_along_what_its_archiver_was_making(
    on_vault: AwsPorts, glacier: StrictVault, archive: VaultArchive, job: Job
) -> None:
    await store(archive, job)
    change = transitions.delete(job)
    await on_vault.jobs.commit(change)
    erasing = Erasing(
        jobs=on_vault.jobs,
        inputs=on_vault.inputs,
        uploads=on_vault.uploads,
        results=on_vault.results,
        archive=on_vault.archive,
    )
    await erasing.erase(change.after)
    assert glacier.archives_of(job.prefix) == []
    assert (await on_vault.results.list_page(job.prefix)).items == []


async def test_the_marker_goes_once_the_record_names_the_archive(
    on_vault: AwsPorts, glacier: StrictVault, archive: VaultArchive, job: Job
) -> None:
    """And the archive stays. As long as it is only left over, the marker stays with it."""
    archive_id = await store(archive, job)
    [file] = job.files
    marker = job.object_key(file.name)
    assert not is_orphan(marker, job)
    assert not is_orphan(marker, transitions.abandon_archive(job, jobs.now()).after)
    archived = transitions.archive(job, {file.name: archive_id}, jobs.now()).after
    assert is_orphan(marker, archived)
    await on_vault.results.delete(marker)  # as the sweep does
    assert len(glacier.archives_of(job.prefix)) == 1
    await archive.delete(archive_id)
    assert glacier.archives_of(job.prefix) == []


async def test_an_inventory_is_read_page_by_page(
    glacier: StrictVault,
    archive: VaultArchive,
    inventory: VaultInventory,
    job: Job,
    on_vault: AwsPorts,
) -> None:
    await dies_before_the_marker(archive, job)
    await store(archive, job)
    paged = VaultInventory(
        inventory._client, VAULT, archive, page_archives=len(glacier.archives) - 1
    )
    found = await read_through(paged)
    assert len(found) == len(set(found)) == len(glacier.archives)


async def test_an_inventory_is_asked_for_once_a_day(
    glacier: StrictVault, archive: VaultArchive, inventory: VaultInventory, job: Job
) -> None:
    await store(archive, job)
    glacier.requests.clear()
    assert await read_through(inventory)
    for _ in range(3):
        assert (await inventory.list_page("")).items == []
    assert glacier.requests.count("initiate_job") == 1
    glacier.forget_jobs()
    assert (await inventory.list_page("")).items == []
    assert glacier.requests.count("initiate_job") == 2
