"""A docker that says what a test wants it to, in place of the real one."""

import stat
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

FakeDocker = Callable[[str], None]
"""Makes ``docker`` do what these lines of Python do; ``arguments`` are what it was called with."""


@pytest.fixture
def fake_docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))  # so that no other docker is found

    def install(script: str) -> None:
        docker = folder / "docker"
        head = f"#!{sys.executable} -S\nimport json, os, sys, time\narguments = sys.argv[1:]\n"
        docker.write_text(head + textwrap.dedent(script), encoding="utf-8")
        docker.chmod(docker.stat().st_mode | stat.S_IXUSR)

    return install
