"""Containers, seen from outside by `docker inspect` and from inside by what runs in them."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from gas.compose import ComposeProject
from gas.compose.docker import docker
from tests.support.patience import until

WORKERS = ("annotator", "archiver", "restorer", "thawer", "notifier", "reconciler")
OURS = ("api", *WORKERS, "issuer")
"""Services whose images we build."""

_WELL_WITHIN = timedelta(seconds=90)
"""Health is looked at every 10 s, and only a third failure counts."""


async def ids(project: ComposeProject, *services: str) -> list[str]:
    """Of the running containers of these services, or of all."""
    return [
        container.id
        for container in await project.containers()
        if container.status == "running" and (not services or container.service in services)
    ]


async def inspected(project: ComposeProject, *services: str) -> Sequence[dict[str, Any]]:
    """What the engine says of the running containers of these services, or of all."""
    found: list[dict[str, Any]] = json.loads(
        await docker("inspect", *await ids(project, *services))
    )
    return found


async def python(container: str, program: str, *, as_root: bool = False) -> Any:
    """Run a program in a container; gives what it prints, which is JSON.

    Even root has no capabilities there.
    """
    user = ["--user", "0"] if as_root else []
    return json.loads(await docker("exec", *user, container, "python", "-c", program))


async def restarts(project: ComposeProject) -> dict[str, int]:
    """How often each running container was started again because it had ended by itself."""
    return {one["Name"]: one["RestartCount"] for one in await inspected(project)}


async def address(container: str, network: str) -> str:
    """A container's IP address in a network, by the end of that network's name."""
    (found,) = json.loads(await docker("inspect", container))
    networks: dict[str, dict[str, str]] = found["NetworkSettings"]["Networks"]
    return next(one["IPAddress"] for name, one in networks.items() if name.endswith(network))


async def until_well(project: ComposeProject, *services: str) -> None:
    """All containers of these services, or of all, run and are healthy."""

    async def look() -> dict[str, str]:
        found = await project.containers()
        return {
            f"{one.service} {one.id[:12]}": one.health or f"{one.status} ({one.exit_code})"
            for one in found
            if not one.is_well and (not services or one.service in services)
        }

    await until(look, lambda unwell: not unwell, what="all containers well", within=_WELL_WITHIN)
