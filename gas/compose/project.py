"""One Compose project: what ``docker compose`` does with it, as calls."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from gas.compose.docker import docker, indented
from gas.compose.errors import ComposeError

_LOG_LINES = 15
_UP_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Container:
    """A container of a service, as it was when it was looked at.

    ``pid`` is that of its first process, as the engine's machine counts; 0 when there is none.
    ``check`` is its health check, as `docker exec` takes it; empty where it has none.
    """

    id: str
    service: str
    status: str
    health: str
    exit_code: int
    pid: int
    check: Sequence[str]

    @property
    def is_well(self) -> bool:
        """Running and not unhealthy, or a one-shot that did what it was for."""
        ended_well = self.status == "exited" and self.exit_code == 0
        return ended_well or (self.status == "running" and self.health in {"", "healthy"})


@dataclass(frozen=True)
class ComposeProject:
    """``environment`` is all that the files can interpolate: no ``.env`` is read."""

    name: str
    files: Sequence[Path]
    environment: Mapping[str, str]
    directory: Path

    async def up(
        self, *services: str, build: bool = False, scale: Mapping[str, int] | None = None
    ) -> None:
        """Start these services, or all, and wait until they are healthy.

        ``scale`` is the number of containers by service. Raises ComposeError with the end of the
        logs of those that are not well.
        """
        options = ["--detach", "--wait", "--wait-timeout", f"{_UP_WITHIN.total_seconds():.0f}"]
        options += ["--build"] if build else ["--no-build"]
        for service, count in (scale or {}).items():
            options += ["--scale", f"{service}={count}"]
        try:
            await self.compose("up", *options, *services)
        except ComposeError as error:
            raise ComposeError(f"{error}\n{await self._what_is_wrong()}") from error

    async def down(self, *, volumes: bool = False) -> None:
        """Stop and remove all containers and networks, and the named ``volumes`` too."""
        options = ["--volumes"] if volumes else []
        await self.compose("down", "--remove-orphans", *options)

    async def logs(self, service: str, *, lines: int | None = None) -> str:
        """What its containers wrote, the last ``lines`` of each or all."""
        tail = "all" if lines is None else str(lines)
        logs = [
            await docker("logs", "--tail", tail, container.id, with_errors=True)
            for container in await self.containers(service)
        ]
        return "".join(logs)

    async def containers(self, service: str | None = None) -> Sequence[Container]:
        """Those of a service or of all, running or not."""
        labels = [f"label=com.docker.compose.project={self.name}"]
        labels += [f"label=com.docker.compose.service={service}"] if service else []
        filters = [argument for label in labels for argument in ("--filter", label)]
        ids = (await docker("ps", "--all", "--quiet", "--no-trunc", *filters)).split()
        if not ids:
            return []
        return [_container(found) for found in json.loads(await docker("inspect", *ids))]

    async def copy_out(self, service: str, source: str, target: Path) -> None:
        """Copy a file out of a service's container."""
        await self.compose("cp", f"{service}:{source}", str(target))

    async def compose(self, *arguments: str) -> str:
        """Any other command of ``docker compose``; gives what it wrote."""
        files = [argument for file in self.files for argument in ("--file", str(file))]
        return await docker(
            *("compose", "--project-name", self.name, "--env-file", "/dev/null"),
            *("--progress", "plain", *files, *arguments),
            directory=self.directory,
            environment=self.environment,
        )

    async def _what_is_wrong(self) -> str:
        told = []
        for container in await self.containers():
            if not container.is_well:
                state = container.health or f"{container.status} ({container.exit_code})"
                log = await self.logs(container.service, lines=_LOG_LINES)
                told.append(f"{container.service} is {state}, the end of its log:")
                told.append(indented(log))
        return "\n".join(told)


def _container(found: Any) -> Container:
    """From one object of `docker inspect`."""
    state, config = found["State"], found["Config"]
    kind, *check = (config.get("Healthcheck") or {}).get("Test") or ["NONE"]
    return Container(
        id=found["Id"],
        service=config["Labels"]["com.docker.compose.service"],
        status=state["Status"],
        health=state.get("Health", {}).get("Status", ""),
        exit_code=state["ExitCode"],
        pid=state["Pid"],
        check={"CMD": check, "CMD-SHELL": ["/bin/sh", "-c", *check]}.get(kind, []),
    )
