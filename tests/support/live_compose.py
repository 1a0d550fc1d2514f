"""The Compose stack as a LiveStack: services are containers, and docker does what happens to them.

Whatever happens to a service happens to all its containers.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from gas.compose import ComposeError, ComposeOptions, ComposeStack, Container
from gas.compose.docker import docker
from tests.support.engines import Engine, catch_engine
from tests.support.patience import until

_PROJECT = "gas-test"

_RENAMED = {"GAS_CONCURRENCY": "GAS_ANNOTATOR_CONCURRENCY"}
"""There a setting of the annotator alone: of all workers it is the one that takes processors."""


@asynccontextmanager
async def live_compose(
    _: Path, free_retention: timedelta, settings: Mapping[str, str]
) -> AsyncIterator["LiveComposeStack"]:
    renamed = {_RENAMED.get(name, name): value for name, value in settings.items()}
    retention = {"GAS_FREE_RETENTION_SECONDS": f"{free_retention.total_seconds():.0f}"}
    options = ComposeOptions(_PROJECT, renamed | retention)
    async with ComposeStack(options) as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(stack.ca_file))  # as its users do
            yield LiveComposeStack(stack)


class LiveComposeStack:
    """A LiveStack; ``project`` is for tests of what only Compose has."""

    def __init__(self, stack: ComposeStack) -> None:
        self._stack = stack
        self.project = stack.project
        self.api_url = stack.api_url
        self.issuer_url = stack.issuer_url
        self.aws_endpoint = stack.aws_endpoint
        self.trust = stack.trust

    def environment(self) -> Mapping[str, str]:
        return self._stack.environment()

    @asynccontextmanager
    async def frozen(self, *services: str) -> AsyncIterator[None]:
        ids = await self._ids(*services)
        await docker("pause", *ids)
        try:
            yield
        finally:
            await docker("unpause", *ids)

    @asynccontextmanager
    async def stopped(self, *services: str) -> AsyncIterator[None]:
        ids = await self._ids(*services)
        await docker("stop", *ids)
        try:
            yield
        finally:
            await self._start(ids)

    async def kill(self, service: str) -> None:
        ids = await self._ids(service)
        await docker("kill", "--signal", "KILL", *ids)
        await self._start(ids)

    async def engine(self, *, other_than: Engine | None = None) -> Engine:
        containers = await self._running("annotator")
        pids = [container.pid for container in containers]
        assert all(Path(f"/proc/{pid}").exists() for pid in pids), "Docker runs on another machine"

        async def send(pid: int, number: signal.Signals) -> None:
            await _send(pid, number, containers)

        return await catch_engine(pids, other_than=other_than, send=send)

    async def _running(self, *services: str) -> list[Container]:
        found = [one for service in services for one in await self.project.containers(service)]
        assert {one.service for one in found if one.status == "running"} == set(services)
        return found

    async def _ids(self, *services: str) -> list[str]:
        return [container.id for container in await self._running(*services)]

    async def _start(self, ids: Sequence[str]) -> None:
        """Docker itself would look at their health only once an interval."""
        await docker("start", *ids)
        started = [one for one in await self.project.containers() if one.id in ids]
        await asyncio.gather(*(_until_healthy(container) for container in started))


async def _until_healthy(container: Container) -> None:
    async def complaint() -> str:
        try:
            await docker("exec", container.id, *container.check)
        except ComposeError as error:
            return str(error)
        return ""

    await until(complaint, lambda found: not found, what=f"{container.service} is healthy")


async def _send(pid: int, number: signal.Signals, containers: Sequence[Container]) -> None:
    """From outside where we may; else from inside its container."""
    try:
        os.kill(pid, number)
    except PermissionError:
        await send_from_inside(pid, number, containers)


async def send_from_inside(
    pid: int, number: signal.Signals, containers: Sequence[Container]
) -> None:
    """Signal a process in one of these containers, where it has another id than out here.

    The last number of NSpid in proc(5)'s status is its id in the innermost namespace.
    """
    process = Path(f"/proc/{pid}")
    try:
        status = (process / "status").read_text(encoding="utf-8")
        groups = (process / "cgroup").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ProcessLookupError(pid) from error
    inside = next(line.split()[-1] for line in status.splitlines() if line.startswith("NSpid:"))
    container = next(one for one in containers if one.id in groups)
    await docker("exec", container.id, "/bin/sh", "-c", f"kill -{number.value} {inside}")
