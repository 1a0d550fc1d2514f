"""What is in our images, and what is not: nothing secret, nothing to build with, nothing large."""

import json
import re
from typing import Any

import pytest

from gas.compose import ComposeProject
from gas.compose.docker import docker
from tests.support.containers import ids, python

MEGABYTE = 1_000_000
LIMITS = {"archiver": 110, "issuer": 130, "annotator": 260, "api": 420}  # DuckDB alone: 65
"""Megabytes on top of the base image, by one service of each image."""

FIRST_OF_OURS = "groupadd --gid 10001"
"""Where the base image ends, in the history of each of ours."""

UNITS = {"B": 1, "kB": 1_000, "MB": MEGABYTE, "GB": 1000 * MEGABYTE}

KNOWN_VARIABLES = {"GAS_FRONTEND_DIRECTORY", "GAS_HOST", "GAS_PORT", "GAS_REFERENCE_DIRECTORY"}

CONTENT = """
import json, os, shutil
tools = ["cc", "gcc", "g++", "clang", "ld", "as", "make", "uv", "node", "npm", "git"]
def files(*folders):
    walks = (walk for folder in folders for walk in os.walk(folder))
    return [os.path.join(at, name) for at, _, names in walks for name in names]
packages = "/opt/gas/lib/python3.13/site-packages"
left = files("/src", "/frontend", "/wheel", "/home", "/var/lib/gas", "/tmp/kernel")
ours = files(f"{packages}/gas", f"{packages}/services", "/srv")
print(json.dumps({
    "tools": [tool for tool in tools if shutil.which(tool)],
    "opt": os.listdir("/opt"),
    "left over": left + [name for name in ours if name.endswith((".c", ".env", ".pem", ".key"))],
    "in place": len(ours) > 100,
}))
"""


@pytest.fixture(params=LIMITS)
async def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
async def container(project: ComposeProject, service: str) -> str:
    return (await ids(project, service))[0]


@pytest.fixture
async def image(container: str) -> dict[str, Any]:
    (found,) = json.loads(await docker("inspect", container))
    (image,) = json.loads(await docker("image", "inspect", found["Image"]))
    assert isinstance(image, dict)
    return image


@pytest.fixture
async def layers(image: dict[str, Any]) -> list[tuple[str, str]]:
    """Command and size of each layer that is ours, oldest first."""
    form = "{{json .}}"
    lines = await docker("history", "--no-trunc", "--format", form, image["Id"])
    history = [json.loads(line) for line in lines.splitlines()]
    history.reverse()
    commands: list[str] = [layer["CreatedBy"] for layer in history]
    begin = next(at for at, command in enumerate(commands) if FIRST_OF_OURS in command)
    return [(layer["CreatedBy"], layer["Size"]) for layer in history[begin:]]


def test_image_is_small(service: str, layers: list[tuple[str, str]]) -> None:
    size = sum(_bytes(size) for _, size in layers) / MEGABYTE
    print(f"{service}: {size:.0f} MB on top of the base image")  # noqa: T201 - worth telling
    assert 20 < size < LIMITS[service]


def test_image_has_no_secret(image: dict[str, Any], layers: list[tuple[str, str]]) -> None:
    """Settings come by the environment, when a container is started."""
    names = {variable.split("=", 1)[0] for variable in image["Config"]["Env"]}
    assert {name for name in names if name.startswith(("GAS_", "AWS_"))} <= KNOWN_VARIABLES
    commands = "\n".join(command for command, _ in layers)
    assert not re.search(r"(?i)secret|password|passwd|token|only-for-this-machine", commands)


def test_image_runs_as_nobody_in_particular(image: dict[str, Any]) -> None:
    """By number, so that whoever runs it can see that it is not root."""
    assert image["Config"]["User"] == "10001:10001"


async def test_image_has_nothing_to_build_with(container: str) -> None:
    found = await python(container, CONTENT, as_root=True)
    assert found == {"tools": [], "opt": ["gas"], "left over": [], "in place": True}


def _bytes(size: str) -> float:
    """From docker's way of writing it: 12.3MB, in powers of ten."""
    number, unit = re.fullmatch(r"([\d.]+)([kMG]?B)", size).groups()  # type: ignore[union-attr] # else the test fails
    return float(number) * UNITS[unit]
