"""A project's calls, and what is told of it when it does not come up."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from gas.compose import ComposeError, ComposeProject, Container
from tests.unit.compose.conftest import FakeDocker


def found(service: str, **state: Any) -> dict[str, Any]:
    """As `docker inspect` describes a container."""
    labels = {"com.docker.compose.service": service}
    usual = {"Status": "running", "ExitCode": 0, "Pid": 7}
    return {"Id": f"id-{service}", "State": usual | state, "Config": {"Labels": labels}}


def project(tmp_path: Path) -> ComposeProject:
    environment = {"PATH": os.environ["PATH"], "GAS_X": "1"}
    return ComposeProject("demo", [Path("a.yml"), Path("b.yml")], environment, tmp_path)


async def test_a_project_that_does_not_come_up_shows_who_is_not_well(
    fake_docker: FakeDocker, tmp_path: Path
) -> None:
    containers = [
        found("api", Health={"Status": "healthy"}),
        found("migrate", Status="exited"),
        found("thawer", Health={"Status": "unhealthy"}),
        found("notifier", Status="exited", ExitCode=3),
    ]
    fake_docker(f"""
        containers = json.loads({json.dumps(containers)!r})
        match arguments:
            case ["compose", *_]:
                sys.exit("dependency failed to start")
            case ["ps", *_]:
                service = arguments[-1].partition(".service=")[2]
                print(f"id-{{service}}" if service else "all")
            case ["inspect", *ids]:
                print(json.dumps([one for one in containers if ids == ["all"] or one["Id"] in ids]))
            case ["logs", *_, container]:
                sys.stderr.write(f"the last words of {{container}}")
        """)
    with pytest.raises(ComposeError) as caught:
        await project(tmp_path).up()
    told = str(caught.value)
    assert "dependency failed to start" in told
    assert "thawer is unhealthy, the end of its log:\n    the last words of id-thawer" in told
    assert "notifier is exited (3), the end of its log:\n    the last words of id-notifier" in told
    assert "api is" not in told
    assert "migrate is" not in told


async def test_compose_gets_the_project_its_files_and_no_foreign_settings(
    fake_docker: FakeDocker, tmp_path: Path
) -> None:
    fake_docker("print(*arguments); print(os.environ['GAS_X'])")
    told = await project(tmp_path).compose("config")
    call, setting = told.splitlines()
    assert call.startswith("compose --project-name demo --env-file /dev/null ")
    assert call.endswith(" --file a.yml --file b.yml config")
    assert setting == "1"


@pytest.mark.parametrize(
    ("test", "check"),
    [
        (None, []),
        (["NONE"], []),
        (["CMD", "pg_isready", "-d", "gas"], ["pg_isready", "-d", "gas"]),
        (["CMD-SHELL", "curl a | grep b"], ["/bin/sh", "-c", "curl a | grep b"]),
    ],
)
async def test_a_health_check_can_be_made_at_will(
    fake_docker: FakeDocker, tmp_path: Path, test: list[str] | None, check: list[str]
) -> None:
    container = found("postgres")
    container["Config"]["Healthcheck"] = {"Test": test} if test else None
    fake_docker(f"print('id' if arguments[0] == 'ps' else {json.dumps([container])!r})")
    [seen] = await project(tmp_path).containers("postgres")
    assert seen == Container("id-postgres", "postgres", "running", "", 0, 7, check)


async def test_no_containers_are_none(fake_docker: FakeDocker, tmp_path: Path) -> None:
    fake_docker("")
    assert await project(tmp_path).containers() == []
