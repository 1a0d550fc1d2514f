"""Our containers can do no more than they need: looked at from outside, and tried from inside."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from gas.compose import ComposeProject
from tests.support.containers import OURS, WORKERS, ids, inspected, python, until_well

UID = 10001

PROCESSES = """
import json, pathlib
fields = {"Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs"}
seen = []
for status in pathlib.Path("/proc").glob("[0-9]*/status"):
    lines = (line.split(":\\t", 1) for line in status.read_text().splitlines())
    seen.append({name: value.split() for name, value in lines if name in fields})
print(json.dumps(seen))
"""

WRITES = """
import errno, json, pathlib
def write(folder):
    path = pathlib.Path(folder, "written-by-a-test")
    try:
        path.write_text("x")
        path.unlink()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "ok"
folders = ["/", "/opt/gas", "/etc", "/usr/local/bin", "/var/lib", "/home", "/tmp"]
print(json.dumps({folder: write(folder) for folder in folders}))
"""


@pytest.fixture(scope="module")
async def ours(project: ComposeProject) -> list[dict[str, Any]]:
    found = list(await inspected(project, *OURS))
    services = Counter(one["Config"]["Labels"]["com.docker.compose.service"] for one in found)
    assert services == Counter([*OURS, "api"]), "one of each, and two of the api"
    return found


def test_containers_were_given_no_rights(ours: list[dict[str, Any]]) -> None:
    for container in ours:
        host, name = container["HostConfig"], container["Name"]
        assert container["Config"]["User"] == f"{UID}:{UID}", name
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert not host["Privileged"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert list(host["Tmpfs"]) == ["/tmp"], name  # noqa: S108 - a container's own
        assert not [mount for mount in container["Mounts"] if mount["RW"]], name
        assert (host["PidMode"], host["IpcMode"]) == ("", "private"), name


async def test_containers_are_started_again_and_looked_after(project: ComposeProject) -> None:
    await until_well(project)  # a container that a journey froze is looked at once an interval
    for container in await inspected(project, *OURS):
        config, name = container["Config"], container["Name"]
        assert container["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped", name
        assert container["HostConfig"]["Init"], f"{name}: nobody buries orphans"
        assert config["Healthcheck"]["Test"], name
        assert container["State"]["Health"]["Status"] == "healthy", name


def test_workers_may_end_what_they_have_in_hand(ours: list[dict[str, Any]]) -> None:
    """The engine kills what has not stopped by then."""
    for container in ours:
        config = container["Config"]
        environment = dict(variable.split("=", 1) for variable in config["Env"])
        if config["Labels"]["com.docker.compose.service"] in WORKERS:
            assert config["StopTimeout"] > float(environment["GAS_DRAIN_SECONDS"]) + 5
        elif config["Labels"]["com.docker.compose.service"] == "api":
            assert config["StopTimeout"] > 20, "what services.api.http.server gives requests"


async def test_no_process_has_a_right_or_can_get_one(project: ComposeProject) -> None:
    """Whatever was asked of the engine, this is what the kernel does; proc(5), "status"."""
    containers = await ids(project, *OURS)
    for processes in await asyncio.gather(*(python(one, PROCESSES) for one in containers)):
        assert len(processes) >= 2, "an init and a service"
        for process in processes:
            assert set(process.pop("Uid")) == set(process.pop("Gid")) == {str(UID)}
            assert set(process.pop("Groups")) <= {str(UID)}
            assert process.pop("NoNewPrivs") == ["1"]
            assert process == {
                name: ["0000000000000000"]
                for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
            }


async def test_nothing_can_be_written_but_in_tmp(project: ComposeProject) -> None:
    """Not even by root, whom the files belong to."""
    containers = await ids(project, *OURS)
    for written in await asyncio.gather(*(python(one, WRITES, as_root=True) for one in containers)):
        assert written.pop("/tmp") == "ok"  # noqa: S108 - a container's own
        assert set(written.values()) == {"EROFS"}, written


async def test_load_balancer_has_one_right(project: ComposeProject) -> None:
    """The one that the binary of the official image asks for."""
    (container,) = await inspected(project, "load-balancer")
    host = container["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert (host["CapDrop"], host["CapAdd"]) == (["ALL"], ["NET_BIND_SERVICE"])
    assert "no-new-privileges:true" in host["SecurityOpt"]


async def test_only_loopback_sees_the_stack(project: ComposeProject) -> None:
    published: dict[str, list[str]] = {}
    for container in await inspected(project):
        service = container["Config"]["Labels"]["com.docker.compose.service"]
        for port, bindings in container["NetworkSettings"]["Ports"].items():
            for binding in bindings or []:
                assert binding["HostIp"] == "127.0.0.1", f"{service} {port}"
                published.setdefault(service, []).append(port)
    assert {service: sorted(ports) for service, ports in published.items()} == {
        "load-balancer": ["8080/tcp", "8443/tcp", "8444/tcp", "8445/tcp"],
        "localstack": ["4566/tcp"],
    }
