"""The embedded stack starts, recovers, refuses, stops, and leaves nothing behind."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aioboto3
import httpx
import psycopg
import pytest

from gas.embedded.errors import StackError
from gas.embedded.options import StackOptions
from gas.embedded.stack import EmbeddedStack
from gas.runtime import topology

INFRASTRUCTURE = ("emulator", "postgres", "issuer")


def _options(state: Path, ports_from: int = 0) -> StackOptions:
    return StackOptions(
        ports_from=ports_from, state=state, services=[], free_retention=timedelta(seconds=7)
    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie is dead, only nobody has asked after it yet.
    state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    return state != "Z"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
async def stack(state: Path) -> AsyncIterator[EmbeddedStack]:
    async with EmbeddedStack(_options(state)) as running:
        with pytest.MonkeyPatch.context() as patch:
            for variable, value in running.environment().items():
                patch.setenv(variable, value)
            yield running


class TestDoors:
    async def test_the_emulator_asks_for_a_signature(self, stack: EmbeddedStack) -> None:
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"{stack.aws_endpoint}/{_BUCKET}/anything")
        assert answer.status_code == 403

    async def test_the_database_asks_for_the_password(self, stack: EmbeddedStack) -> None:
        url = stack.database_url.replace("+psycopg", "")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            cursor = await connection.execute("SELECT 1")
            assert await cursor.fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            await psycopg.AsyncConnection.connect(url, password="wrong")


class TestBesideOthers:
    async def test_a_second_stack_is_refused_the_same_state_and_ports(
        self, stack: EmbeddedStack, state: Path, tmp_path: Path
    ) -> None:
        with pytest.raises(StackError, match=rf"process {os.getpid()}.* --state"):
            await EmbeddedStack(_options(state)).__aenter__()
        port = urlsplit(stack.aws_endpoint).port
        assert port
        with pytest.raises(StackError, match=rf"port {port}, .*AWS emulator.*--ports-from"):
            await EmbeddedStack(_options(tmp_path, ports_from=port - 1)).__aenter__()

    async def test_a_second_stack_runs_beside_the_first(
        self, stack: EmbeddedStack, tmp_path: Path
    ) -> None:
        async with EmbeddedStack(_options(tmp_path)) as second:
            assert second.aws_endpoint != stack.aws_endpoint
            pids = [p.pid for name in INFRASTRUCTURE if (p := second.process(name))]
            assert len(pids) == len(INFRASTRUCTURE)
            assert all(_is_alive(pid) for pid in pids)
        assert not any(_is_alive(pid) for pid in pids)


class TestRestart:
    async def test_data_outlives_an_orderly_end_and_not_a_torn_one(self, tmp_path: Path) -> None:
        async with EmbeddedStack(_options(tmp_path)) as stack:
            await _write(stack)
        async with EmbeddedStack(_options(tmp_path)) as stack:
            assert not stack.began_anew
            assert await _read(stack) == b"kept"
            emulator = stack.process("emulator")
            assert emulator
            os.kill(emulator.pid, signal.SIGKILL)
            assert "emulator ended" in await stack.until_broken()
        async with EmbeddedStack(_options(tmp_path)) as stack:
            assert stack.began_anew
            assert await _read(stack) is None


_BUCKET = topology.results_bucket_name("gas", "000000000000")
_KEY = "u/j/1/file"


def _session(stack: EmbeddedStack) -> tuple[aioboto3.Session, str]:
    environment = stack.environment()
    session = aioboto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return session, stack.aws_endpoint


async def _write(stack: EmbeddedStack) -> None:
    session, endpoint = _session(stack)
    async with session.client("s3", endpoint_url=endpoint) as s3:
        await s3.put_object(Bucket=_BUCKET, Key=_KEY, Body=b"kept")
    url = stack.database_url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("CREATE TABLE kept ()")


async def _read(stack: EmbeddedStack) -> bytes | None:
    """What ``_write`` wrote, None when it is in neither place; in one alone is an error."""
    url = stack.database_url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        cursor = await connection.execute("SELECT to_regclass('kept') IS NOT NULL")
        row = await cursor.fetchone()
    assert row is not None
    session, endpoint = _session(stack)
    async with session.client("s3", endpoint_url=endpoint) as s3:
        try:
            body: bytes = await (await s3.get_object(Bucket=_BUCKET, Key=_KEY))["Body"].read()
        except s3.exceptions.NoSuchKey:
            assert row == (False,)
            return None
    assert row == (True,)
    return body


class TestInTheForeground:
    async def test_ctrl_c_ends_it_within_seconds(self, tmp_path: Path) -> None:
        script = (
            "import asyncio, sys\n"
            "from pathlib import Path\n"
            "from gas.embedded.options import StackOptions\n"
            "from gas.embedded.stack import run_until_interrupted\n"
            "say = lambda line: print(line, flush=True)\n"
            "options = StackOptions(0, Path(sys.argv[1]), services=[], announce=say)\n"
            "asyncio.run(run_until_interrupted(options))\n"
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script, str(tmp_path)), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout
        async with asyncio.timeout(60):
            while not (line := await process.stdout.readline()).startswith(b"ready: "):
                assert line, "it ended before it was ready"
        port = urlsplit(line.split()[1].decode()).port
        assert port
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(10):
            assert await process.wait() == 0
        for used in range(port + 1, port + 4):
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", used)) != 0
