"""docker-compose.yml and what belongs to it: no warnings, no setting untold, no stray file."""

import re
from pathlib import Path

import pytest

from gas.compose import ComposeProject
from gas.compose.docker import docker
from gas.compose.stack import PROJECT

VARIABLE = re.compile(r"\$\{((?:GAS|AWS)_\w+)")


@pytest.mark.parametrize(
    "files", [["docker-compose.yml"], ["docker-compose.yml", "compose.dev.yml"]]
)
@pytest.mark.parametrize("settings", ["/dev/null", ".env.example"])
async def test_compose_has_nothing_to_say(
    files: list[str], settings: str, project: ComposeProject
) -> None:
    named = [argument for file in files for argument in ("--file", file)]
    said = await docker(
        *("compose", "--env-file", settings, *named, "config", "--quiet"),
        directory=PROJECT,
        environment={"PATH": project.environment["PATH"]},
        with_errors=True,
    )
    assert said == ""


def test_every_setting_is_a_line_of_the_example() -> None:
    files = [PROJECT / name for name in ("docker-compose.yml", "compose.dev.yml")]
    used = [name for file in files for name in VARIABLE.findall(file.read_text(encoding="utf-8"))]
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^#((?:GAS|AWS)_\w+)=", example, re.MULTILINE)) == sorted(set(used))


async def test_only_what_images_need_gets_to_the_engine(tmp_path: Path) -> None:
    """A build of a folder like ours, with strays in it, that gives back all it was given."""
    wanted = ["gas/a.py", "gas/annotation/kernel/k.pyx", "services/b.py", "frontend/assets/a.js"]
    wanted += ["pyproject.toml", "uv.lock", "README.md", "LICENSE", "hatch_build.py"]
    strays = [".env", ".git/config", ".gas/state", ".venv/bin/python", "tests/t.py", "a.pem"]
    strays += ["gas/__pycache__/a.pyc", "gas/annotation/kernel/k.so", "frontend/node_modules/x.js"]
    context, given = tmp_path / "context", tmp_path / "given"
    for name in [*wanted, *strays]:
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(name)
    (context / ".dockerignore").write_bytes((PROJECT / ".dockerignore").read_bytes())
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY . /\n")
    await docker(
        *("buildx", "build", "--file", str(tmp_path / "Dockerfile")),
        *("--output", f"type=local,dest={given}", str(context)),
    )
    found = [str(path.relative_to(given)) for path in given.rglob("*") if path.is_file()]
    assert sorted(found) == sorted(wanted)
