"""The client of the REST interface."""

from pathlib import Path

import pytest

from gas.cli.client import GasClient
from gas.cli.errors import RefusedError, UnreachableError, UsageError
from gas.cli.views import FileView
from gas.domain.plan import Plan
from tests.unit.cli.fake_server import RESULT, STORE_HOST, FakeServer, client_of, complete

VCF = b"##fileformat=VCFv4.2\r\n--boundary\n" * 3000


@pytest.fixture
def vcf(tmp_path: Path) -> Path:
    path = tmp_path / "ada [1].vcf"
    path.write_bytes(VCF)
    return path


async def completed(client: GasClient, server: FakeServer) -> FileView:
    """A job of which every file serves RESULT."""
    job_id = (await client.create("a.vcf")).job.id
    complete(server.jobs[job_id])
    return (await client.show(job_id)).files[0]


async def test_upload_streams_the_file_unchanged_and_counts_it(
    client: GasClient, server: FakeServer, vcf: Path
) -> None:
    draft = await client.create(vcf.name, genome="rCRS", size=len(VCF))
    counted: list[int] = []
    await client.upload(draft.upload, vcf, counted.append)
    assert server.uploads[draft.job.id] == VCF
    assert counted == sorted(counted)
    assert counted[-1] == len(VCF)


async def test_upload_announces_its_length_since_s3_takes_no_chunks(
    client: GasClient, server: FakeServer, vcf: Path
) -> None:
    await client.upload((await client.create(vcf.name)).upload, vcf)
    headers = server.requests[-1].headers
    assert int(headers["content-length"]) > len(VCF)
    assert "transfer-encoding" not in headers


async def test_store_refusing_an_upload_is_told_with_its_code(
    client: GasClient, server: FakeServer, vcf: Path
) -> None:
    server.max_bytes = 10
    draft = await client.create(vcf.name)
    with pytest.raises(RefusedError) as caught:
        await client.upload(draft.upload, vcf)
    assert caught.value.code == "upload_too_large"


async def test_wait_sees_every_state_until_the_end(client: GasClient, vcf: Path) -> None:
    draft = await client.create(vcf.name)
    await client.upload(draft.upload, vcf)
    await client.submit(draft.job.id)
    seen = []
    job = await client.wait(draft.job.id, seen=lambda job: seen.append(job.state))
    assert seen == ["RUNNING", "COMPLETED/AVAILABLE"]
    assert job.files


async def test_wait_outlasts_a_server_that_is_away(client: GasClient, server: FakeServer) -> None:
    job_id = (await client.create("a.vcf")).job.id
    complete(server.jobs[job_id])
    server.outage = 20
    assert (await client.wait(job_id)).ended


async def test_repeated_post_carries_the_same_idempotency_key(
    client: GasClient, server: FakeServer
) -> None:
    server.outage = 1
    await client.create("a.vcf")
    await client.create("b.vcf")
    first, again, other = [request.headers["idempotency-key"] for request in server.requests]
    assert first == again != other


async def test_server_that_stays_away_is_unreachable(server: FakeServer) -> None:
    server.outage = 10_000
    async with client_of(server) as client:
        with pytest.raises(UnreachableError):
            await client.plan()


async def test_invalid_token_names_the_variable(server: FakeServer) -> None:
    async with client_of(server, "stale") as client:
        with pytest.raises(UsageError, match="GAS_TOKEN"):
            await client.plan()


async def test_list_reads_all_pages(client: GasClient) -> None:
    for number in range(5):
        await client.create(f"{number}.vcf")
    assert [job.file_name async for job in client.jobs()] == [f"{n}.vcf" for n in (4, 3, 2, 1, 0)]


async def test_download_is_verified_and_leaves_only_the_file(
    client: GasClient, server: FakeServer, tmp_path: Path
) -> None:
    file = await completed(client, server)
    counted: list[int] = []
    path = await client.download("job-1", file, tmp_path / "out", counted.append)
    assert path.read_bytes() == RESULT
    assert counted[-1] == len(RESULT)
    assert list(path.parent.iterdir()) == [path]
    assert server.requests[-1].url.host == STORE_HOST


@pytest.mark.parametrize("damage", [RESULT[:-1], b"x" + RESULT[1:]])
async def test_damaged_download_is_an_error_and_leaves_nothing(
    client: GasClient, server: FakeServer, tmp_path: Path, damage: bytes
) -> None:
    file = await completed(client, server)
    server.served = damage
    with pytest.raises(UnreachableError, match="damaged"):
        await client.download("job-1", file, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


async def test_file_name_cannot_leave_the_directory(
    client: GasClient, server: FakeServer, tmp_path: Path
) -> None:
    file = (await completed(client, server)).model_copy(update={"name": "../../evil"})
    with pytest.raises(UnreachableError, match="impossible"):
        await client.download("job-1", file, tmp_path / "out")


async def test_plan_is_read_and_changed(client: GasClient) -> None:
    assert (await client.plan()).plan is Plan.FREE
    assert (await client.change_plan(Plan.PREMIUM)).plan is Plan.PREMIUM
    assert (await client.plan()).plan is Plan.PREMIUM
