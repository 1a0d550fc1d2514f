"""What is wrong with Docker is told in a sentence, before anything is tried with it."""

import asyncio
import os
from pathlib import Path

import pytest

from gas.compose import ComposeError
from gas.compose.docker import check_engine, docker
from tests.unit.compose.conftest import FakeDocker


async def test_missing_docker_is_told(fake_docker: FakeDocker) -> None:
    with pytest.raises(ComposeError, match="docker is not installed, or not on the PATH"):
        await check_engine()


async def test_an_engine_that_does_not_answer_is_told(fake_docker: FakeDocker) -> None:
    fake_docker("sys.exit('Is the docker daemon running?')")
    with pytest.raises(ComposeError, match=r"(?s)no Docker engine answers.*daemon running"):
        await check_engine()


async def test_a_missing_plugin_is_told(fake_docker: FakeDocker) -> None:
    fake_docker("sys.exit(arguments[0] != 'version' and f'no such command: {arguments[0]}')")
    with pytest.raises(ComposeError, match=r"(?s)no Compose plugin.*no such command: compose"):
        await check_engine()


async def test_a_failure_tells_the_command_and_the_end_of_its_errors(
    fake_docker: FakeDocker,
) -> None:
    fake_docker("sys.exit('\\n'.join(f'line {number}' for number in range(1, 100)))")
    with pytest.raises(ComposeError) as caught:
        await docker("compose", "up")
    told = str(caught.value).splitlines()
    assert told[0] == "`docker compose up` failed:"
    assert told[-1] == "    line 99"
    assert "    line 1" not in told


async def test_nothing_goes_on_when_nobody_waits_any_more(
    fake_docker: FakeDocker, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    fake_docker(f"open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    running = asyncio.create_task(docker("compose", "up"))
    async with asyncio.timeout(10):
        while not (pid_file.exists() and pid_file.read_text()):
            await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)
