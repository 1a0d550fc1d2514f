"""``gas up`` as a user runs it: it says where to look, and Ctrl-C leaves nothing behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

GAS = str(Path(sys.executable).with_name("gas"))
STARTED_WITHIN_S = 120


@dataclass(frozen=True)
class Up:
    """A ``gas up`` that runs, and what it said until it was ready."""

    process: subprocess.Popen[str]
    state: Path
    url: str
    said: list[str]


def start(state: Path) -> Up:
    process = subprocess.Popen(
        [GAS, "up", "--ports-from", "0", "--state", str(state)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    said: list[str] = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if line.startswith("ready: "):
            return Up(process, state, line.split()[1], said)
    raise AssertionError(f"gas up ended with {process.wait()}: {''.join(said)}")


def processes_in(folder: Path) -> list[int]:
    """Every process whose working directory is in ``folder``: all those of a stack."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.resolve().is_relative_to(folder):
                found.append(int(link.parent.name))
        except (FileNotFoundError, PermissionError):
            continue  # it ended meanwhile, or is somebody else's
    return found


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    up = start(tmp_path_factory.mktemp("up"))
    yield up
    if up.process.poll() is None:
        up.process.send_signal(signal.SIGINT)
        up.process.communicate(timeout=60)


@pytest.mark.timeout(STARTED_WITHIN_S)
def test_up_says_where_to_look_and_how_to_sign_in(up: Up) -> None:
    said = "".join(up.said)
    assert str(up.state / "logs") in said
    assert "ada" in said
    assert (up.state / "logs" / "annotator.log").exists()
    assert httpx.get(f"{up.url}/health/ready", trust_env=False).status_code == 200


def test_interrupt_stops_everything(up: Up) -> None:
    """The last test here: nothing is left after it."""
    assert len(processes_in(up.state)) >= 10  # seven services, and what they stand on
    up.process.send_signal(signal.SIGINT)
    said, _ = up.process.communicate(timeout=30)
    assert up.process.returncode == 0, said
    assert processes_in(up.state) == []
    nobody_there = os.environ | {"GAS_URL": up.url, "GAS_TOKEN": "any"}
    jobs = subprocess.run([GAS, "jobs"], env=nobody_there, capture_output=True, check=False)
    assert jobs.returncode == 3, jobs.stderr
